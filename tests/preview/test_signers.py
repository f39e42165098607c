"""Every way of keeping the signing key: a viewer is refused, signs in, and watches."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from generator.build import build
from generator.config import load
from preview.account import Account
from preview.fronts import key_group, signer_keys
from preview.made_up import with_made_up
from preview.root_key_pair import register
from preview.serve import Served
from preview.stack import Stack
from tests.conftest import CHECKOUT, STREAMS, Document
from tests.preview.browser import Browser
from tests.preview.operator import PARAMETERS, copy_code, go_on_air, template_in, upload_page
from tests.preview.trial import certificate

EMAIL, PASSWORD = "viewer@example.com", "Correct-horse-7"
VECTORS = CHECKOUT / "tests" / "vectors"
PRIVATE_KEYS = {
    "supplied": VECTORS / "test-only-rsa-2048.pem",
    "supplied-ecdsa": VECTORS / "test-only-ecdsa-p256.pem",
}
SIGNERS = ("supplied", "supplied-ecdsa", "trusted-signer")


@dataclass(frozen=True, kw_only=True)
class Live:
    """A stack on air, and one viewer's browser."""

    name: str
    account: Account
    stack: Stack
    browser: Browser
    template: Document

    @property
    def media(self) -> tuple[str, ...]:
        """A manifest of each kind, and a segment."""
        hls = self.stack.outputs["HlsManifest"]
        return hls, self.stack.outputs["DashManifest"], f"{hls.rpartition('/')[0]}/segment_1.mp4"


@pytest.fixture(scope="module", params=SIGNERS)
def live(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Live]:
    """The example of that name, on air."""
    folder = tmp_path_factory.mktemp(request.param)
    build(load(STREAMS[request.param]), folder, lambda _: None)
    template = template_in(folder)
    given = {**PARAMETERS, **_pasted(request.param)}
    parameters = with_made_up(template["Parameters"], given)
    with Account() as account:
        copy_code(account, folder)
        register(account, template["Parameters"], parameters)
        stack = Stack(account=account)
        stack.deploy(template, parameters)
        upload_page(account, stack.outputs)
        go_on_air(account, stack.outputs)
        with Served(account, certificate=certificate()) as served:
            browser = Browser(served=served, watch_address=stack.outputs["WatchAddress"])
            browser.token_header = browser.settings().get("tokenHeader", browser.token_header)
            yield Live(
                name=request.param,
                account=account,
                stack=stack,
                browser=browser,
                template=template,
            )
            browser.close()


def _pasted(name: str) -> dict[str, str]:
    """A PEM as it comes out of a field of one line."""
    path = PRIVATE_KEYS.get(name)
    return {"PrivateKeyString": " ".join(path.read_text().split("\n"))} if path else {}


def test_a_viewer_is_refused_signs_in_and_watches(live: Live) -> None:
    assert [live.browser.get(address).status_code for address in live.media] == [403] * 3
    live.browser.sign_in(EMAIL, live.account.mailbox[EMAIL], new_password=PASSWORD)
    answer = live.browser.ask_for_cookies()
    assert answer.status_code == 200, answer.text
    assert [live.browser.get(address).status_code for address in live.media] == [200] * 3


def test_the_cookies_name_a_key_that_cloudfront_trusts(live: Live) -> None:
    (distribution,) = live.account.of_type("AWS::CloudFront::Distribution")
    behaviors = distribution.properties["DistributionConfig"]["CacheBehaviors"]
    (trust,) = {
        (*one.get("TrustedKeyGroups", ()), *one.get("TrustedSigners", ()))
        for one in behaviors
        if one["TargetOriginId"] == "packager"
    }
    trusted = signer_keys if "trusted" in live.name else key_group
    keys = trusted(live.account, trust[0])
    (named,) = (
        one.value for one in live.browser.session.cookies if one.name == "CloudFront-Key-Pair-Id"
    )
    assert named in keys


def test_no_private_key_is_in_a_log_an_output_or_an_answer(live: Live) -> None:
    path = PRIVATE_KEYS.get(live.name)
    if path is None:
        pytest.skip("the preview has made the key pair, and keeps its private half nowhere")
    lines = [line for line in path.read_text().splitlines() if not line.startswith("-----")]
    groups = live.account.of_type("AWS::Logs::LogGroup")
    said = [str(live.stack.outputs), str(live.template), *map(str, live.account.aws.calls)]
    logged = 0
    for group in groups:
        events = live.account.client("logs").filter_log_events(logGroupName=group.ref)["events"]
        said += [event["message"] for event in events]
        logged += len(events)
    assert logged
    assert [line for line in lines if any(line in text for text in said)] == []


def test_another_key_than_was_named_signs_nothing(live: Live) -> None:
    """A key whose public half is not in the list is a 503, and never another key's id."""
    if "supplied" not in live.name:
        pytest.skip("CloudFront knows a trusted signer's keys, the stack does not")
    (secret,) = live.account.of_type("AWS::SecretsManager::Secret")
    client = live.account.client("secretsmanager")
    before = client.get_secret_value(SecretId=secret.ref)["SecretString"]
    (other,) = (path for name, path in PRIVATE_KEYS.items() if name != live.name)
    client.put_secret_value(SecretId=secret.ref, SecretString=other.read_text())
    live.account.clock.skip(2 * 3600)  # what was read before bridges an hour
    live.browser.sign_in(EMAIL, PASSWORD)
    refused = live.browser.ask_for_cookies()
    assert refused.status_code == 503
    assert re.fullmatch(r"\d+", refused.headers["Retry-After"])
    client.put_secret_value(SecretId=secret.ref, SecretString=before)
    live.account.clock.skip(60)
    assert live.browser.ask_for_cookies().status_code == 200
