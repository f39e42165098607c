"""CloudFront response caching: how long a good response is given to all viewers."""

from collections.abc import Mapping
from typing import Any

import pytest
from werkzeug.wrappers import Response

from preview.services.edge.request_policies import CACHING_DISABLED, CACHING_OPTIMIZED
from preview.services.edge.response_cache import ResponseCache
from tests.preview.edges import API, CONFIG, World, behaving, request_policy


def cache_policy(**seconds: int) -> dict[str, Any]:
    return {**seconds, "ParametersInCacheKeyAndForwardedToOrigin": request_policy()}


@pytest.mark.parametrize(
    ("policy", "cache_control", "expected"),
    [
        (cache_policy(MinTTL=5), "", 5),
        (cache_policy(MinTTL=5), "no-store", 5),
        (cache_policy(MinTTL=5), "private, no-cache, max-age=0", 5),
        (cache_policy(MinTTL=0), "no-store", 0),
        (cache_policy(), "", 0),
        # longer than the minimum only on AWS: see response_cache.py
        (cache_policy(MinTTL=5, MaxTTL=60), "max-age=60", 5),
    ],
)
def test_a_good_response_is_kept_for_the_minimum_ttl(
    policy: Mapping[str, Any], cache_control: str, expected: int
) -> None:
    world = World(behaving(CachePolicyId="cache"), cache=policy)
    world.answer = lambda _: Response("first", headers={"Cache-Control": cache_control})
    assert world.get("/a").headers["X-Cache"] == "Miss from cloudfront"
    world.answer = lambda _: Response("second")
    start = world.now
    while world.now < start + 60 and (kept := world.get("/a")).get_data() == b"first":
        assert kept.headers["X-Cache"] == "Hit from cloudfront"
        world.now += 1
    assert world.now - start == expected


@pytest.mark.parametrize(
    ("policy", "is_shared"), [(CACHING_OPTIMIZED, True), (CACHING_DISABLED, False)]
)
def test_the_cookies_of_a_viewer_reach_another_if_the_minimum_ttl_is_not_zero(
    policy: str, is_shared: bool
) -> None:
    """The origin request policy forwards the token, which is not in the cache key."""
    config = {**CONFIG, "CacheBehaviors": [{**API, "CachePolicyId": policy}]}
    world = World(config)
    world.answer = lambda request: Response(
        status=200 if "Authorization" in request.headers else 401,
        headers={"Set-Cookie": "of=the-first", "Cache-Control": "no-store"},
    )
    world.get("/api/cookies", headers={"Authorization": "Bearer first"})
    stranger = world.get("/api/cookies")
    assert stranger.status_code == (200 if is_shared else 401)


def test_only_cached_methods_are_kept() -> None:
    methods = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"]
    world = World(behaving(AllowedMethods=methods))
    for method in ("GET", "HEAD", "OPTIONS", "POST"):
        for _ in range(2):
            world.get("/a", method=method)
    assert [request.method for request in world.asked] == [
        "GET",
        "HEAD",
        *2 * ["OPTIONS"],
        *2 * ["POST"],
    ]


def test_a_part_of_a_response_is_not_kept() -> None:
    world = World()
    for status in (206, 304):
        world.answer = lambda _, status=status: Response(status=status)  # type: ignore[misc]
        for _ in range(2):
            world.get(f"/{status}")
    assert len(world.asked) == 4


def test_copies_that_have_expired_are_forgotten() -> None:
    cache = ResponseCache()
    for now in range(100):
        cache.put(now, Response("good"), now=now, seconds=1)
    assert [now for now in range(100) if cache.get(now, now=99)] == [99]
    assert len(cache._copies) == 1
