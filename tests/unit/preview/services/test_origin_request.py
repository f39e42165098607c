"""CloudFront origin request: the parts of a viewer's request that reach an origin."""

from collections.abc import Mapping

import pytest
from werkzeug.wrappers import Request

from preview.services.edge.request_policies import ALL_VIEWER_EXCEPT_HOST_HEADER
from tests.preview.edges import API, CONFIG, MEDIA, World, behaving, origin, request_policy
from tests.preview.signer import HOST, policy, signed


def test_the_origin_gets_the_path_as_it_was_sent() -> None:
    world = World({**behaving(), "Origins": [origin("page", OriginPath="/site")]})
    world.get("/a//%7Eb/./c%20d")
    assert world.asked[0].environ["REQUEST_URI"] == "/site/a//%7Eb/./c%20d"
    assert world.asked[0].path == "/site/a//~b/./c d"


VIEWER = {
    "Accept": "*/*",
    "Accept-Encoding": "gzip, br;q=0.9, zstd",
    "Authorization": "Bearer token",
    "Cookie": "b=2; a=1; CloudFront-Policy=x",
    "Range": "bytes=0-1",
    "User-Agent": "Player",
    "X-Edge-Secret": "1",
    "X-Forwarded-For": "192.0.2.1",
    "X-Forwarded-Proto": "ftp",
}


def forwarded(request: Request, *names: str) -> dict[str, str | None]:
    return {name: request.headers.get(name) for name in names or VIEWER}


def test_without_policies_only_cloudfronts_own_headers_reach_the_origin() -> None:
    world = World()
    world.get("/a?x=1", headers=VIEWER)
    assert forwarded(world.asked[0]) == {
        "Accept": None,
        "Accept-Encoding": "br,gzip",
        "Authorization": None,
        "Cookie": None,
        "Range": "bytes=0-1",
        "User-Agent": "Amazon CloudFront",
        "X-Edge-Secret": None,
        "X-Forwarded-For": "192.0.2.1,203.0.113.7",
        "X-Forwarded-Proto": None,
    }
    assert world.asked[0].query_string == b""
    assert world.asked[0].remote_addr != "203.0.113.7"


def test_all_viewer_except_host_header_forwards_the_rest() -> None:
    world = World()
    world.get("/api/a?x=1&y=%20", headers=VIEWER)
    assert forwarded(world.asked[0]) == {
        **VIEWER,
        "Cookie": "CloudFront-Policy=x; a=1; b=2",
        "X-Edge-Secret": None,
        "X-Forwarded-For": "192.0.2.1,203.0.113.7",
        "X-Forwarded-Proto": None,
    }
    assert world.asked[0].host == "api.example.com"
    assert world.asked[0].query_string == b"x=1&y=%20"


@pytest.mark.parametrize(
    ("behaviors", "cookie", "query", "accept"),
    [
        ({}, None, b"", None),
        ({"Cookie": "all", "QueryString": "all"}, "a=1; b=2; c=3", b"a=1&b=2", None),
        ({"Cookie": "whitelist:a", "QueryString": "whitelist:a"}, "a=1", b"a=1", None),
        ({"Cookie": "allExcept:a", "QueryString": "allExcept:a"}, "b=2; c=3", b"b=2", None),
        ({"Header": "whitelist:ACCEPT"}, None, b"", "*/*"),
        ({"Header": "allViewer"}, None, b"", "*/*"),
        ({"Header": "allExcept:Accept"}, None, b"", None),
    ],
)
def test_the_policies_select_what_reaches_the_origin(
    behaviors: Mapping[str, str], cookie: str | None, query: bytes, accept: str | None
) -> None:
    own = request_policy(**behaviors)
    cache = {"cache": {"ParametersInCacheKeyAndForwardedToOrigin": own}}
    for config, policies in (
        (behaving(CachePolicyId="cache"), cache),
        (behaving(OriginRequestPolicyId="forward"), {"forward": own}),
    ):
        world = World(config, **policies)
        headers = {"Cookie": "c=3; a=1; b=2", "Accept": "*/*"}
        world.get("/a?a=1&b=2", headers=headers)
        assert world.asked[0].headers.get("Cookie") == cookie
        assert world.asked[0].query_string == query
        assert world.asked[0].headers.get("Accept") == accept


def test_the_viewers_host_is_forwarded_when_a_policy_says_so() -> None:
    own = request_policy(Header="allViewer")
    world = World(behaving(OriginRequestPolicyId="forward"), forward=own)
    world.get("/a")
    assert world.asked[0].host == HOST


def test_signed_cookies_and_parameters_are_removed_in_restricted_behaviors() -> None:
    restricted = {**MEDIA, "OriginRequestPolicyId": ALL_VIEWER_EXCEPT_HOST_HEADER}
    world = World({**CONFIG, "CacheBehaviors": [restricted, API]})
    world.get("/out/v1/a?b=1", cookies={"own": "1", **signed(policy())})
    parameters = "&".join(f"{k}={v}" for k, v in signed(policy(), prefix="").items())
    world.now += 1  # the copy of the first response has expired
    world.get(f"/out/v1/a?{parameters}&b=1")
    world.get("/api/a?Expires=1")
    assert world.asked[0].headers["Cookie"] == "own=1"
    assert [request.query_string for request in world.asked] == [b"b=1", b"b=1", b"Expires=1"]


def test_the_origins_custom_headers_replace_the_viewers() -> None:
    custom = [{"HeaderName": "X-Secret", "HeaderValue": "of the origin"}]
    origins = [origin("page", OriginCustomHeaders=custom)]
    config = {**behaving(OriginRequestPolicyId=ALL_VIEWER_EXCEPT_HOST_HEADER), "Origins": origins}
    world = World(config)
    world.get("/a", headers={"X-Secret": "of the viewer"})
    assert world.asked[0].headers["X-Secret"] == "of the origin"
