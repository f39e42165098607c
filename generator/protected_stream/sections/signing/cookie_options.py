"""CloudFront signed cookies: lifetime, viewer and hash, in every signing mode."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from protected_stream.template.options import Options, is_unset

HASHES = {"sha-256": "SHA256", "sha-1": "SHA1"}

Hash = Literal["sha-256", "sha-1"]


class CookieOptions(Options):
    """Options of every signing mode."""

    inline: ClassVar[bool] = False
    """Whether the template itself contains the functions' code."""
    explained: ClassVar[bool] = True
    """Whether the template explains itself: reasons, descriptions, and default policies."""

    cookie_minutes: int = Field(
        default=60, ge=1, le=1440, description="how long a cookie gives access"
    )
    step_minutes: int = Field(
        default=5, ge=1, le=60, description="expiry times are rounded up to whole steps"
    )
    bind_ip: bool = Field(
        default=False,
        exclude_if=is_unset,
        description="cookies are valid only for the IPv4 address that asked for them; turns IPv6 "
        "off, and viewers whose address changes need new cookies",
    )

    @property
    def ignored_checks(self) -> tuple[str, ...]:
        """Rules of cfn-lint that the template ignores: reasons, and explicit deletion policies."""
        return () if self.explained else ("I3011", "I4010")


def validity(options: CookieOptions) -> Mapping[str, str]:
    """How long cookies last, in seconds, and for whom: variables of the signing function."""
    return {
        "COOKIE_SECONDS": str(options.cookie_minutes * 60),
        "STEP_SECONDS": str(options.step_minutes * 60),
        **({"BIND_IP": "true"} if options.bind_ip else {}),
    }


def cookies(options: CookieOptions, hash_: Hash) -> Mapping[str, str]:
    """Environment variables of a signing function that supports every hash."""
    return {"HASH_ALGORITHM": HASHES[hash_], **validity(options)}
