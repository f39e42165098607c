"""CloudFront cache behaviors, as declared by the sections that serve them."""

from dataclasses import dataclass
from typing import Literal

from troposphere import AWSHelperFn, cloudfront

EVERYTHING_ELSE = "*"
"""The path pattern of what no other behavior matches."""
Content = Literal["manifests", "segments", "api", "page settings", "page"]
"""The kind of content; it determines caching and the allowed methods."""


@dataclass(frozen=True, kw_only=True)
class Behavior:
    """A path pattern of the distribution, and the origin that serves it."""

    content: Content
    origin: cloudfront.Origin
    path: str | AWSHelperFn = EVERYTHING_ELSE
    """The path pattern."""
    signed: bool = False
    """Whether it requires signed cookies."""
