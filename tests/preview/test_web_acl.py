"""A client that asks for more than its share, and one that goes around the distribution."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from preview.account import Account
from preview.hosts.server import Served
from protected_stream.building import build
from protected_stream.config import Stream
from tests.preview.browser import Browser
from tests.preview.encoder.encoded import EMAIL, PASSWORD
from tests.preview.operator import copy_code, deployed, go_on_air, template_in, upload_page
from tests.preview.scenario_given import given

LIMIT = 30
OTHER_ADDRESS = "127.0.0.2"


@dataclass(frozen=True, kw_only=True)
class Show:
    """A stream on the air, with limits for each client."""

    account: Account
    served: Served
    outputs: dict[str, str]

    def viewer(self, address: str = "") -> Browser:
        """A browser at an address of this machine."""
        return Browser(
            served=self.served,
            clock=self.account.clock,
            watch_address=self.outputs["WatchAddress"],
            address=address,
        )


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Show]:
    folder = tmp_path_factory.mktemp("show")
    stream = {
        "region": "us-east-1",
        "delivery": {
            "web_acl": "managed",
            "api_requests_per_client": LIMIT,
            "page_requests_per_client": LIMIT,
        },
        "api": {"direct_address": "closed"},
    }
    build(Stream.model_validate(stream), folder, lambda _: None)
    with Account() as account, Served(account) as served:
        copy_code(account, folder)
        template = template_in(folder)
        outputs = deployed(account, template, given(template)).outputs
        upload_page(account, outputs)
        go_on_air(account, outputs)
        yield Show(account=account, served=served, outputs=outputs)


@pytest.mark.parametrize("path", ["/", "/api/config", "/%61pi/config", "/x/../api/config"])
def test_a_flood_is_refused_and_others_are_served(show: Show, path: str) -> None:
    show.account.clock.skip(300)
    flood, viewer = show.viewer(), show.viewer(OTHER_ADDRESS)
    statuses = [flood.get(path).status_code for _ in range(LIMIT + 5)]
    assert 429 not in statuses[:LIMIT]
    assert statuses[LIMIT:] == [429] * 5
    assert viewer.get("/").status_code == 200
    assert viewer.get("/api/config").status_code == 200
    show.account.clock.skip(300)
    assert flood.get(path).status_code != 429
    flood.close()
    viewer.close()


@pytest.mark.parametrize("written", ["/out%2Fv1%2F{}%2Fx", "/out/v1/{}/%2e%2e/%2e%2e/%2e%2e/x"])
def test_a_path_that_only_looks_like_media_counts_as_the_page(show: Show, written: str) -> None:
    """CloudFront serves it without a signature."""
    show.account.clock.skip(300)
    flood = show.viewer()
    path = written.format(show.outputs["HlsManifest"].split("/")[5])
    statuses = [flood.get(path).status_code for _ in range(LIMIT + 2)]
    assert statuses[LIMIT:] == [429] * 2
    flood.close()


def test_media_are_left_to_their_signatures(show: Show) -> None:
    show.account.clock.skip(300)
    viewer = show.viewer()
    viewer.sign_in(EMAIL, show.account.mailbox[EMAIL], new_password=PASSWORD)
    assert viewer.ask_for_cookies().status_code == 200
    manifest = show.outputs["HlsManifest"]
    assert {viewer.get(manifest).status_code for _ in range(2 * LIMIT)} == {200}
    viewer.close()


def test_the_apis_own_address_is_closed(show: Show) -> None:
    show.account.clock.skip(300)
    viewer = show.viewer()
    (api,) = show.account.resources.of_type("AWS::ApiGateway::RestApi")
    direct = f"https://{api.ref}.execute-api.us-east-1.amazonaws.com/api/config"
    for headers in ({}, {"x-origin-verify": ""}, {"x-origin-verify": "0" * 64}):
        answer = viewer.get(direct, headers=headers)
        assert (answer.status_code, answer.json()) == (403, {"message": "Forbidden"})
    forged = {"x-origin-verify": "0" * 64}
    assert viewer.get("/api/config", headers=forged).status_code == 200
    viewer.close()
