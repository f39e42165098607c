"""CloudFront error caching: how long, for which viewers, and custom error pages."""

from collections.abc import Mapping
from typing import Any

import pytest
from werkzeug.wrappers import Response

from tests.preview.edges import CONFIG, World, behaving, request_policy
from tests.preview.signer import HOST, policy, signed

SIGNED = signed(policy())


def seconds_cached(world: World, status: int, path: str = "/a", **headers: str) -> int:
    """How long the error is returned after the origin has recovered; 60 at most."""
    world.answer = lambda _: Response("bad", status=status, headers=headers)
    assert world.get(path).status_code == status
    world.answer = lambda _: Response("good")
    start = world.now
    while world.now < start + 60 and world.get(path).status_code == status:
        world.now += 1
    return int(world.now - start)


@pytest.mark.parametrize(
    ("status", "named", "cache_control", "expected"),
    [
        (404, {}, "", 10),
        (414, {}, "", 10),
        (500, {}, "", 10),
        (503, {}, "no-store", 10),
        (404, {}, "no-store", 0),
        (404, {"ErrorCachingMinTTL": 3}, "", 3),
        (404, {"ErrorCachingMinTTL": 0}, "", 0),
        (404, {"ErrorCachingMinTTL": 3}, "max-age=20", 20),
        (404, {"ErrorCachingMinTTL": 30}, "max-age=20", 30),
        (403, {}, "", 0),
        (403, {}, "max-age=20", 20),
        (403, {"ErrorCachingMinTTL": 5}, "", 5),
        (405, {}, "", 0),
        (401, {}, "max-age=20", 0),
        (416, {}, "max-age=20", 0),
    ],
)
def test_errors_of_origins_are_cached(
    status: int, named: Mapping[str, Any], cache_control: str, expected: int
) -> None:
    responses = [{"ErrorCode": status, **named}] if named else []
    world = World({**CONFIG, "CustomErrorResponses": responses})
    headers = {"Cache-Control": cache_control} if cache_control else {}
    assert seconds_cached(world, status, **headers) == expected


def test_nothing_is_cached_with_the_managed_policy_caching_disabled() -> None:
    assert seconds_cached(World(), 503, "/api/a") == 0
    assert seconds_cached(World(), 503, "/a") == 10


def test_a_cached_error_reaches_every_viewer() -> None:
    """Naming 403 returns one viewer's error to others: the cache key does not have the viewer."""
    world = World({**CONFIG, "CustomErrorResponses": [{"ErrorCode": 403}]})
    world.answer = lambda _: Response(status=403)
    world.get("/a?b=1", headers={"Authorization": "Bearer first", "Cookie": "a=1"})
    world.answer = lambda _: Response("good")
    assert world.get("/a", headers={"Authorization": "Bearer second"}).status_code == 403
    assert world.get("/b").status_code == 200
    assert world.get("/a", method="HEAD").status_code == 200


@pytest.mark.parametrize(
    ("behaviors", "first", "second", "is_shared"),
    [
        ({}, {"Accept": "a"}, {"Accept": "b"}, True),
        ({"Header": "whitelist:Accept"}, {"Accept": "a"}, {"Accept": "b"}, False),
        ({"Header": "whitelist:Accept"}, {"ACCEPT": "a"}, {"Accept": "a"}, True),
        ({}, {"Cookie": "a=1"}, {"Cookie": "a=2"}, True),
        ({"Cookie": "whitelist:a"}, {"Cookie": "a=1"}, {"Cookie": "a=2"}, False),
        ({"Cookie": "whitelist:a"}, {"Cookie": "a=1; b=1"}, {"Cookie": "a=1; b=2"}, True),
    ],
)
def test_errors_are_cached_by_the_values_in_the_cache_policy(
    behaviors: Mapping[str, str],
    first: Mapping[str, str],
    second: Mapping[str, str],
    is_shared: bool,
) -> None:
    cache = {"ParametersInCacheKeyAndForwardedToOrigin": request_policy(**behaviors)}
    world = World(behaving(CachePolicyId="cache"), cache=cache)
    world.answer = lambda _: Response(status=404)
    world.get("/a", headers=first)
    world.answer = lambda _: Response("good")
    assert world.get("/a", headers=second).status_code == (404 if is_shared else 200)


def test_an_error_is_cached_for_the_maximum_ttl_at_most() -> None:
    cache = {"MaxTTL": 20, "ParametersInCacheKeyAndForwardedToOrigin": request_policy()}
    world = World(behaving(CachePolicyId="cache"), cache=cache)
    assert seconds_cached(world, 404, **{"Cache-Control": "max-age=40"}) == 20


def test_the_signature_of_a_url_is_not_in_the_cache_key() -> None:
    cache = {"ParametersInCacheKeyAndForwardedToOrigin": request_policy(QueryString="all")}
    world = World(behaving(CachePolicyId="cache", TrustedKeyGroups=["group"]), cache=cache)
    world.answer = lambda _: Response(status=404)
    for algorithm in ("SHA1", "SHA256"):
        content = policy(f"https://{HOST}/a?b=1")
        parameters = signed(content, algorithm=algorithm, prefix="")
        query = "&".join(f"{name}={value}" for name, value in parameters.items())
        assert world.get(f"/a?b=1&{query}").status_code == 404
        world.answer = lambda _: Response("good")


def test_a_rejected_signature_is_not_cached() -> None:
    world = World({**CONFIG, "CustomErrorResponses": [{"ErrorCode": 403}]})
    assert world.get("/out/v1/a").status_code == 403
    assert world.get("/out/v1/a", cookies=SIGNED).status_code == 200


def test_a_custom_error_page_replaces_errors_of_origins_and_of_cloudfront() -> None:
    pages = [
        {"ErrorCode": code, "ResponseCode": 200, "ResponsePagePath": "/sorry.html"}
        for code in (403, 500)
    ]
    world = World({**CONFIG, "CustomErrorResponses": pages})
    world.answer = lambda request: (
        Response("sorry") if request.path == "/sorry.html" else Response("bad", status=500)
    )
    for path, method in (("/out/v1/a", "GET"), ("/a", "GET"), ("/api/a", "POST")):
        response = world.get(path, method=method, data=b"x" if method == "POST" else None)
        assert (response.status_code, response.get_data()) == (200, b"sorry")
        assert response.headers["X-Cache"] == "Error from cloudfront"
        assert (world.asked[-1].host, world.asked[-1].method) == ("page.example.com", "GET")
    world.answer = lambda request: Response("gone", status=404 if "sorry" in request.path else 500)
    assert world.get("/other").status_code == 404


def test_an_error_page_does_not_make_an_error_last_longer() -> None:
    """Only the max-age "that is returned by the origin when the first request generated the error".

    A stream that goes on air must not stay missing for as long as the page is cached.
    """
    pages = [
        {
            "ErrorCode": 404,
            "ErrorCachingMinTTL": 1,
            "ResponseCode": 404,
            "ResponsePagePath": "/404.html",
        }
    ]
    world = World({**CONFIG, "CustomErrorResponses": pages})
    page = Response("not here", headers={"Cache-Control": "max-age=60"})
    world.answer = lambda request: (
        page if request.path == "/404.html" else Response("missing", status=404)
    )
    response = world.get("/out/v1/a", cookies=SIGNED)
    assert (response.status_code, response.get_data()) == (404, b"not here")
    world.answer = lambda _: Response("on air")
    assert world.get("/out/v1/a", cookies=SIGNED).status_code == 404
    world.now += 1
    assert world.get("/out/v1/a", cookies=SIGNED).get_data() == b"on air"


def test_without_the_error_page_the_status_is_the_bucket_s() -> None:
    pages = [{"ErrorCode": 404, "ResponseCode": 404, "ResponsePagePath": "/404.html"}]
    world = World({**CONFIG, "CustomErrorResponses": pages})
    world.answer = lambda _: Response("missing", status=404)
    assert world.get("/out/v1/a", cookies=SIGNED).status_code == 404
