"""MediaPackage responses to CloudFront: content types, Cache-Control, outages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

from preview.account import Account
from preview.cloudformation.stack import Stack
from preview.hosts.origins import fetched
from tests.preview.operator import copy_code, deployed, go_on_air, template_in

FORTNIGHT = 14 * 24 * 3600


@pytest.fixture(scope="module")
def stack(built: Path) -> Iterator[Stack]:
    with Account() as account:
        copy_code(account, built)
        stack = deployed(account, template_in(built))
        go_on_air(account, stack.outputs)
        yield stack


def asked(account: Account, name: str, *, signed: bool = True) -> Response:
    """The packager's response to CloudFront."""
    (distribution,) = account.resources.of_type("AWS::CloudFront::Distribution")
    (endpoint,) = account.resources.of_type("AWS::MediaPackageV2::OriginEndpoint")
    (group,) = account.resources.of_type("AWS::MediaPackageV2::ChannelGroup")
    origin = next(
        one
        for one in distribution.properties["DistributionConfig"]["Origins"]
        if one["DomainName"] == group.attributes["EgressDomain"]
    )
    names = ("ChannelGroupName", "ChannelName", "OriginEndpointName")
    folder = "/".join(endpoint.properties[one] for one in names)
    request = Request(EnvironBuilder(f"/out/v1/{folder}/{name}", "https://origin").get_environ())
    if not signed:
        origin = {**origin, "OriginAccessControlId": ""}
    return fetched(account, distribution, origin, request)


@pytest.mark.parametrize(
    ("name", "media_type", "seconds"),
    [
        ("index.m3u8", "application/vnd.apple.mpegurl", 2),
        ("index.mpd", "application/dash+xml", 2),
        ("a_init.mp4", "video/mp4", FORTNIGHT),
        ("a_1.m4s", "video/mp4", FORTNIGHT),
    ],
)
def test_manifests_are_cacheable_for_half_a_segment_and_media_for_two_weeks(
    stack: Stack, name: str, media_type: str, seconds: int
) -> None:
    answer = asked(stack.account, name)
    assert answer.status_code == 200
    assert answer.content_type == media_type
    assert answer.headers["Cache-Control"] == f"max-age={seconds}"


def test_an_outage_lasts_for_its_duration_in_the_accounts_time(stack: Stack) -> None:
    account = stack.account
    account.media.fail(503, 30)
    seen = [asked(account, "index.m3u8").status_code, asked(account, "none").status_code]
    account.clock.skip(29)
    seen.append(asked(account, "index.m3u8").status_code)
    account.clock.skip(1.1)
    seen.append(asked(account, "index.m3u8").status_code)
    assert seen == [503, 503, 503, 200]


def test_only_authorized_requests_see_an_outage(stack: Stack) -> None:
    account = stack.account
    account.media.fail(404, 30)
    assert asked(account, "index.m3u8", signed=False).status_code == 403
    assert asked(account, "index.m3u8").status_code == 404
    account.clock.skip(31)
