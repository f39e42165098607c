"""CloudFront error caching: how long an origin's error is served to all viewers.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html,
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/custom-error-pages-expiration.html.
"""

from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Response

CACHED_ALWAYS = frozenset({404, 414, 500, 501, 502, 503, 504})
CACHED_WITH_CACHE_CONTROL = frozenset({400, 403, 405, 412, 415})
HEEDS_NO_STORE = frozenset({404, 410, 414, 501})
"""The status codes for which CloudFront honors no-store, no-cache, and private."""
DEFAULT_SECONDS = 10


def seconds_cached(response: Response, *, named: Mapping[str, Any] | None, longest: float) -> float:
    """How long an origin's error is cached; `named` is its CustomErrorResponses entry.

    400, 403, 405, 412, and 415 are cached if the origin sends max-age or s-maxage. Here, they are
    also cached if CustomErrorResponses names them (an ErrorCachingMinTTL "for each 4xx and 5xx
    status code"): the stricter reading, in which one viewer's error can reach another.
    """
    status, control = response.status_code, response.cache_control
    ages = [age for age in (control.max_age, control.s_maxage) if age is not None]
    if status in HEEDS_NO_STORE and (control.no_store or control.no_cache or control.private):
        return 0
    has_reason = bool(ages) or named is not None
    if status not in CACHED_ALWAYS and not (status in CACHED_WITH_CACHE_CONTROL and has_reason):
        return 0
    least = float((named or {}).get("ErrorCachingMinTTL", DEFAULT_SECONDS))
    return max(least, min(longest, max(ages, default=0)))
