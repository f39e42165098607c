"""A stream that is on the air already: watched through CloudFront only."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from preview.account import Account
from preview.cli.existing_origin import register_existing
from preview.errors import Rejected
from preview.services.existing_origin import HOST, SECRET, ExistingOrigin
from protected_stream.building import build
from protected_stream.config import load
from tests.conftest import EXISTING, STREAMS, Document
from tests.preview.operator import copy_code, deployed, template_in
from tests.preview.scenario_given import given
from tests.preview.signed_streams import EMAIL, PASSWORD, Live, on_air


@pytest.fixture(params=EXISTING)
def live(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Live]:
    with on_air(request.param, tmp_path) as running:
        yield running


def origin_of(account: Account) -> ExistingOrigin:
    (origin,) = account.existing_origins.values()
    return origin


def test_it_is_watched_with_cookies_and_refused_at_the_origin(live: Live) -> None:
    origin, browser = origin_of(live.account), live.browser
    browser.sign_in(EMAIL, live.account.mailbox[EMAIL], new_password=PASSWORD)
    assert browser.ask_for_cookies().status_code == 200
    for address in live.media:
        assert browser.get(address).status_code == 200, address
        assert browser.ask("HEAD", address).status_code == 200, address
        assert browser.ask("POST", address).status_code == 403, address
        assert browser.get(f"https://{origin.host}{urlsplit(address).path}").status_code == 403
    missing = f"{live.media[0].rpartition('/')[0]}/missing.m3u8"
    assert browser.get(missing).status_code == 404  # the page takes it as off the air
    settings = browser.settings()
    played = {settings[name] for name in ("hls", "dash") if name in settings}
    assert played == {urlsplit(address).path for address in live.media[:-1]}


def test_the_origin_knows_only_this_distribution(live: Live) -> None:
    """Without the owner's statement, or with another secret, CloudFront is refused, too."""
    origin, browser = origin_of(live.account), live.browser
    browser.sign_in(EMAIL, live.account.mailbox[EMAIL], new_password=PASSWORD)
    assert browser.ask_for_cookies().status_code == 200
    address = live.media[0]
    assert browser.get(address).status_code == 200
    statements, identifier = origin.statements, origin.identifier
    if origin.kind.signed_as:
        for others in ([], [_for_another(one) for one in statements]):
            origin.statements = others
            live.account.clock.skip(10)
            assert browser.get(address).status_code == 403
    else:
        origin.identifier = f"{identifier}-2"
        live.account.clock.skip(10)
        assert browser.get(address).status_code == 403
        # CloudFormation does not look at the secret unless the distribution changes
        live.account.secrets_of_others = dict.fromkeys(
            live.account.secrets_of_others, origin.secret
        )
        live.stack.deploy(live.template, given(live.template))
        live.account.clock.skip(10)
        assert browser.get(address).status_code == 403
        live.stack.deploy(_changed(live.template), given(live.template))
        assert browser.get(address).status_code == 200


def _for_another(statement: Mapping[str, Any]) -> Mapping[str, Any]:
    source = {"AWS:SourceArn": "arn:aws:cloudfront::123456789012:distribution/EOTHER"}
    return {**statement, "Condition": {"StringEquals": source}}


def _changed(template: Document) -> Document:
    """With another comment of the distribution."""
    resources = template["Resources"]
    distribution = resources["Distribution"]
    config = {**distribution["Properties"]["DistributionConfig"], "Comment": "changed"}
    changed = {**distribution, "Properties": {"DistributionConfig": config}}
    return {**template, "Resources": {**resources, "Distribution": changed}}


@pytest.fixture
def account() -> Iterator[Account]:
    with Account() as there:
        yield there


def test_a_secret_that_is_not_there_stops_the_deployment(account: Account, tmp_path: Path) -> None:
    build(load(STREAMS["existing-packager"]), tmp_path, lambda _: None)
    template = template_in(tmp_path)
    copy_code(account, tmp_path)
    parameters = given(template)
    register_existing(account, template["Parameters"], parameters)
    other = parameters[SECRET].replace("preview", "another")
    with pytest.raises(Rejected, match="can't find the specified secret"):
        deployed(account, template, {**parameters, SECRET: other})
    assert parameters[HOST] in account.existing_origins
