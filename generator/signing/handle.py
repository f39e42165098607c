"""What every way of keeping the signing key offers to the sections around it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from awacs.aws import Statement

from generator.section import Section


@dataclass(frozen=True, kw_only=True)
class Signing(Section):
    """The key, in the words of the distribution that trusts it and of the function that signs."""

    trust: Mapping[str, Any]
    """The properties that make a cache behaviour demand a signature of this key."""
    environment: Mapping[str, Any]
    """What the signing function must know, as environment variables."""
    media_variable: str = "MEDIA_URL"
    """The environment variable that tells the signing function where the media are."""
    may_sign: tuple[Statement, ...]
    """What the signing function must be allowed."""
