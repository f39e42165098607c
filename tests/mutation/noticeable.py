"""Mutations that strangers and viewers could notice, and what `protected-stream verify` finds.

They are those of resources that the requests of strangers and viewers touch: the distribution,
whatever it refers to, directly or indirectly, the API's parts and the app client, and the policies
of what the distribution reads. Of these, the mutations whose operator changes a response: neither
names nor the order in which CloudFormation creates resources.
"""

import functools
from collections.abc import Iterator
from pathlib import Path

from botocore.exceptions import ClientError

from preview.account import Account
from preview.errors import PreviewError
from preview.hosts.server import Served
from protected_stream import Stream, assemble
from protected_stream.reading.references import names_in
from protected_stream.template.emit import document
from protected_stream.verify.promises import PROMISES, Verdict, verdicts
from protected_stream.verify.visit import Viewer
from tests.mutation.all_mutations import of_default
from tests.mutation.operators import LOCKS, Mutation
from tests.mutation.survivors import survivors
from tests.mutation.templates import Template
from tests.preview.browser import Browser
from tests.preview.operator import copy_code, deployed, go_on_air, upload_page
from tests.preview.scenario import certificate
from tests.preview.scenario_given import given
from tests.preview.signed_streams import EMAIL, PASSWORD
from tests.preview.visits import playable, viewer_of, visit

OPERATORS = (
    "behavior order",
    "cache policy",
    "origin request policy",
    "allowed methods",
    "origin protocol",
    "app client",
    "resource policy",
)
"""Those that change a response; a reference may also be in a name, which nobody sees."""
ROOTS = ("AWS::CloudFront::Distribution", "AWS::Cognito::UserPoolClient", *LOCKS)
BEHAVIORS = "Distribution/DistributionConfig/CacheBehaviors"
FORWARDED = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
ONLY_THE_PREVIEW = frozenset(
    (
        # the page reads the address in the ID token, and `verify` asks for none
        "PageClient/ReadAttributes: ['name']",
        # the packager gets more of a request than it needs, and answers in the same way
        f"{BEHAVIORS}/2/CachePolicyId: ManifestCache",
        *(f"{BEHAVIORS}/{index}/OriginRequestPolicyId: {FORWARDED}" for index in range(3)),
    )
)
"""Mutations that the preview's scenario finds, and `verify` does not, with the reasons."""
TRIED = [one for one in PROMISES if one.id not in ("current-tls", "rotation")]


@functools.cache
def touched() -> frozenset[str]:
    """The logical IDs of the default template's resources that requests touch."""
    template = document(assemble(Stream()))
    found: set[str] = set()
    _follow(
        template, [n for n, one in template["Resources"].items() if one["Type"] in ROOTS], found
    )
    return frozenset(found)


def _follow(template: Template, names: list[str], found: set[str]) -> None:
    for name in names:
        if name in template["Resources"] and name not in found:
            found.add(name)
            _follow(template, sorted(names_in(template["Resources"][name])), found)


def noticeable() -> Iterator[Mutation]:
    """The mutations, except the recorded survivors."""
    for one in of_default():
        is_touched = one.operator in OPERATORS and one.owner in touched()
        if is_touched and one.place not in survivors():
            yield one


def found_by_verify(template: Template, built: Path) -> list[Verdict] | None:
    """The promises that it finds broken; None if the template cannot be deployed."""
    with Account() as account:
        copy_code(account, built)
        try:
            outputs = deployed(account, template, given(template)).outputs
        except (PreviewError, ClientError):
            return None
        upload_page(account, outputs)
        go_on_air(account, outputs)
        account.media.source = playable
        viewer = _viewer(account, outputs["WatchAddress"])
        if viewer is None:
            return [Verdict(promise=PROMISES[0], state="broken", why="nobody can sign in")]
        found = verdicts(visit(account, outputs, viewer), TRIED)
        return [one for one in found if one.state == "broken"]


def _viewer(account: Account, address: str) -> Viewer | None:
    """The viewer; None if the operator would not get through the sign-in."""
    with Served(account, certificate=certificate()) as served:
        browser = Browser(served=served, clock=account.clock, watch_address=address)
        try:
            browser.sign_in(EMAIL, account.mailbox[EMAIL], new_password=PASSWORD)
            return viewer_of(browser)
        except (AssertionError, LookupError, ValueError):
            return None
        finally:
            browser.close()
