"""Cookies that a player sets itself, and that are valid for one address only."""

from pathlib import Path

import pytest

from preview.account import Account
from preview.hosts.server import Served
from protected_stream.building import build
from protected_stream.config import load
from tests.conftest import STREAMS
from tests.preview.browser import Browser
from tests.preview.encoder.encoded import EMAIL, PASSWORD
from tests.preview.operator import copy_code, deployed, go_on_air, template_in, upload_page
from tests.preview.scenario_given import given

OTHER_ADDRESS = "127.0.0.2"


@pytest.mark.parametrize("name", ["native-players", "bound-by-kms"])
def test_a_copied_cookie_is_worth_nothing_at_another_address(tmp_path: Path, name: str) -> None:
    stream = load(STREAMS[name])
    build(stream, tmp_path, lambda _: None)
    with Account() as account, Served(account) as served:
        copy_code(account, tmp_path)
        template = template_in(tmp_path)
        outputs = deployed(account, template, given(template)).outputs
        upload_page(account, outputs)
        go_on_air(account, outputs)
        viewer = Browser(served=served, clock=account.clock, watch_address=outputs["WatchAddress"])
        viewer.sign_in(EMAIL, account.mailbox[EMAIL], new_password=PASSWORD)
        answer = viewer.ask_for_cookies()
        cookies = answer.cookies.get_dict()
        if stream.api.cookies_in_body:
            assert answer.json()["cookies"] == cookies
        else:
            assert "cookies" not in answer.json()
        players = [
            Browser(
                served=served,
                clock=account.clock,
                watch_address=outputs["WatchAddress"],
                address=address,
            )
            for address in ("", OTHER_ADDRESS)
        ]
        header = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        seen = [one.get(outputs["HlsManifest"], headers=header).status_code for one in players]
        assert seen == [200, 403]
        for one in (viewer, *players):
            one.close()


def test_the_apis_own_address_gives_no_bound_cookies(tmp_path: Path) -> None:
    """Unless its header is forged, which `direct_address` prevents."""
    build(load(STREAMS["native-players"]), tmp_path, lambda _: None)
    with Account() as account, Served(account) as served:
        copy_code(account, tmp_path)
        template = template_in(tmp_path)
        outputs = deployed(account, template, given(template)).outputs
        upload_page(account, outputs)
        viewer = Browser(served=served, clock=account.clock, watch_address=outputs["WatchAddress"])
        viewer.sign_in(EMAIL, account.mailbox[EMAIL], new_password=PASSWORD)
        (api,) = account.resources.of_type("AWS::ApiGateway::RestApi")
        direct = f"https://{api.ref}.execute-api.us-east-1.amazonaws.com/api/cookies"
        answer = viewer.get(direct, headers={"Authorization": viewer.tokens["access_token"]})
        assert (answer.status_code, answer.json()["field"]) == (403, "X-Forwarded-For")
        viewer.close()
