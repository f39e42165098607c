"""API Gateway throttling: a token bucket for each method of a stage, shared by all clients.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from preview.errors import NotSupported
from preview.resource import Resource

HONORED = frozenset({"HttpMethod", "ResourcePath", "ThrottlingBurstLimit", "ThrottlingRateLimit"})
HARMLESS = frozenset({"DataTraceEnabled", "LoggingLevel", "MetricsEnabled"})


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The limits of each method of a stage."""

    rate: float
    """Requests per second."""
    burst: float
    """Requests at once: the size of the bucket."""


ACCOUNT_LIMITS = Limits(rate=10_000, burst=5_000)
"""The default quota of an account in a Region, which is also the limit of a stage without one.

https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
"""


@dataclass(kw_only=True)
class _Bucket:
    tokens: float
    at: float
    """When the tokens were counted, in epoch seconds."""


class Throttle:
    """The token buckets of an account's API methods."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Starts with full buckets; `clock` returns epoch seconds."""
        self._clock, self._one_at_a_time = clock, threading.Lock()
        self._buckets: dict[str, _Bucket] = {}

    def lets_in(self, method: str, limits: Limits) -> bool:
        """Whether a request for the method with that ARN may pass; if so, takes a token."""
        with self._one_at_a_time:
            now = self._clock()
            bucket = self._buckets.setdefault(method, _Bucket(tokens=limits.burst, at=now))
            refill = max(0.0, now - bucket.at) * limits.rate
            bucket.tokens, bucket.at = min(limits.burst, bucket.tokens + refill), now
            if bucket.tokens < 1:
                return False
            bucket.tokens -= 1
            return True


def limits_of(stage: Resource) -> Limits:
    """The limits in a stage's MethodSettings.

    Raises:
        NotSupported: a setting is not supported, or is not for all methods.
    """
    settings: Sequence[Mapping[str, Any]] = stage.properties.get("MethodSettings", ())
    for setting in settings:
        unknown = setting.keys() - HONORED - HARMLESS
        if unknown or (setting.get("HttpMethod"), setting.get("ResourcePath")) != ("*", "/*"):
            raise NotSupported(
                f"{stage.logical_id}: the preview supports MethodSettings for all methods (* and"
                f" /*) with {', '.join(sorted(HONORED))}."
            )
    stated = {name: value for setting in settings for name, value in setting.items()}
    return Limits(
        rate=float(stated.get("ThrottlingRateLimit", ACCOUNT_LIMITS.rate)),
        burst=float(stated.get("ThrottlingBurstLimit", ACCOUNT_LIMITS.burst)),
    )
