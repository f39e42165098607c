"""Cache behaviors of the CloudFront distribution, in the words of the sections that answer them."""

from dataclasses import dataclass
from typing import Literal

from troposphere import AWSHelperFn, cloudfront

EVERYTHING_ELSE = "*"
"""The path pattern of what no other behavior answers."""
Content = Literal["manifests", "segments", "api", "page"]
"""What is answered; it decides how long CloudFront keeps it, and for which requests it asks."""


@dataclass(frozen=True, kw_only=True)
class Behavior:
    """Paths of the distribution's host, and who answers them."""

    content: Content
    origin: cloudfront.Origin
    path: str | AWSHelperFn = EVERYTHING_ELSE
    """The path pattern."""
    signed: bool = False
    """Whether only viewers with signed cookies may have it."""
