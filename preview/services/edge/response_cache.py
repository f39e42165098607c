"""CloudFront response cache: the copies that an edge keeps, and gives to any viewer.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html
"""

from collections.abc import Hashable
from dataclasses import dataclass, field

from werkzeug.wrappers import Response

MISS, HIT = "Miss from cloudfront", "Hit from cloudfront"
NOT_KEPT = frozenset({206, 304})
"""Parts of a response, and confirmations: the preview's origins send neither."""


@dataclass(frozen=True, kw_only=True)
class Copy:
    """An origin's response, or the custom error page for it."""

    until: float
    """Epoch seconds."""
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def response(self) -> Response:
        """The copy, as a new response."""
        response = Response(self.body, status=self.status, headers=self.headers)
        if response.headers.get("X-Cache") == MISS:
            response.headers["X-Cache"] = HIT
        return response


@dataclass(frozen=True)
class ResponseCache:
    """Copies by cache key, until they expire."""

    _copies: dict[Hashable, Copy] = field(default_factory=dict)

    def get(self, key: Hashable, *, now: float) -> Response | None:
        """The copy for a cache key, unless there is none or it has expired."""
        copy = self._copies.get(key)
        return copy.response() if copy and now < copy.until else None

    def put(self, key: Hashable, response: Response, *, now: float, seconds: float) -> None:
        """Keeps a copy for that long, and forgets those that have expired."""
        for other, copy in [*self._copies.items()]:
            if copy.until <= now:
                self._copies.pop(other, None)
        self._copies[key] = Copy(
            until=now + seconds,
            status=response.status_code,
            headers=tuple(response.headers.items()),
            body=response.get_data(),
        )

    def clear(self) -> None:
        """Forgets all copies."""
        self._copies.clear()


def seconds_kept(response: Response, *, shortest: float) -> float:
    """How long a good response is kept: for the cache policy's MinTTL, whatever the origin says.

    "If your minimum TTL is greater than 0, CloudFront uses the cache policy's minimum TTL, even if
    the Cache-Control: no-cache, no-store, and/or private directives are present in the origin
    headers." One viewer's Set-Cookie then reaches another. What origins ask for beyond MinTTL is
    not kept here, so that the preview shows changes at once.
    """
    is_good = response.status_code < 400 and response.status_code not in NOT_KEPT
    return shortest if is_good else 0
