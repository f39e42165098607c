"""Viewers in countries that the stream does not serve."""

from pathlib import Path

import pytest

from preview.account import Account
from preview.hosts.server import Served
from protected_stream.building import build
from protected_stream.config import Stream
from tests.preview.browser import Browser
from tests.preview.encoder.encoded import EMAIL, PASSWORD
from tests.preview.operator import copy_code, deployed, go_on_air, template_in, upload_page
from tests.preview.scenario_given import given

VIEWER = "127.0.0.1"


@pytest.mark.parametrize(
    ("option", "refused"), [("allowed_countries", "FR"), ("denied_countries", "DE")]
)
def test_a_viewer_who_travels_is_refused_everything_and_served_again(
    tmp_path: Path, option: str, refused: str
) -> None:
    build(Stream.model_validate({"delivery": {option: ["DE"]}}), tmp_path, lambda _: None)
    with Account() as account, Served(account) as served:
        copy_code(account, tmp_path)
        template = template_in(tmp_path)
        outputs = deployed(account, template, given(template)).outputs
        upload_page(account, outputs)
        go_on_air(account, outputs)
        browser = Browser(served=served, clock=account.clock, watch_address=outputs["WatchAddress"])
        browser.sign_in(EMAIL, account.mailbox[EMAIL], new_password=PASSWORD)
        assert browser.ask_for_cookies().status_code == 200
        for country, status in (("", 200), (refused, 403), ("", 200)):
            account.countries = {VIEWER: country}
            for place in (outputs["WatchAddress"], outputs["HlsManifest"], "/api/config"):
                assert browser.get(place).status_code == status, (country, place)
        browser.close()
