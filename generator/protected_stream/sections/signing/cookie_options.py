"""How long the viewers' cookies last, whoever signs them."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from protected_stream.template.options import Options

HASHES = {"sha-256": "SHA256", "sha-1": "SHA1"}

Hash = Literal["sha-256", "sha-1"]


class CookieOptions(Options):
    """What all ways of keeping the signing key have in common."""

    inline: ClassVar[bool] = False
    """Whether the template itself holds the functions' code."""
    reasons: ClassVar[bool] = True
    """Whether each resource of the template tells why it is there."""

    cookie_minutes: int = Field(
        default=60, ge=1, le=1440, description="how long a cookie opens the stream"
    )
    step_minutes: int = Field(
        default=5, ge=1, le=60, description="expiries are rounded up to whole steps"
    )

    @property
    def ignored_checks(self) -> tuple[str, ...]:
        """Rules of cfn-lint to which the template is not held: I4010 asks for reasons."""
        return () if self.reasons else ("I4010",)


def lifetimes(options: CookieOptions) -> Mapping[str, str]:
    """How long cookies last, as environment variables of the signing function, in seconds."""
    return {
        "COOKIE_SECONDS": str(options.cookie_minutes * 60),
        "STEP_SECONDS": str(options.step_minutes * 60),
    }


def cookies(options: CookieOptions, hash_: Hash) -> Mapping[str, str]:
    """What a function that signs with any hash must know, as environment variables."""
    return {"HASH_ALGORITHM": HASHES[hash_], **lifetimes(options)}
