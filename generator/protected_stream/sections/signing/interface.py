"""Interface of every signing mode to the other sections."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from awacs.aws import Statement
from troposphere import secretsmanager

from protected_stream.template.section import Section


@dataclass(frozen=True, kw_only=True)
class Rotation:
    """A key that Secrets Manager rotates."""

    secret: secretsmanager.Secret
    days: int
    """From one rotation to the next."""


@dataclass(frozen=True, kw_only=True)
class Signing(Section):
    """The signing key, for the distribution that trusts it and the function that signs."""

    trust: Mapping[str, Any]
    """The properties that make a cache behavior require a signature by this key."""
    environment: Mapping[str, Any]
    """Environment variables of the signing function."""
    media_variable: str = "MEDIA_URL"
    """The environment variable of the signing function that holds the media's URL."""
    signing_statements: tuple[Statement, ...]
    """Policy statements that the signing function needs."""
    signer: str = "CookiesFunction"
    """Logical ID of the signing function; different code has a different ID.

    Updating code and settings takes two calls, and between them nobody would get cookies. A new
    function replaces the old one once it is ready.
    """
    binds_addresses: bool = False
    """Whether cookies are valid for one viewer's IPv4 address only."""
    takes_over: bool = False
    """Whether the signing function replaces a former key's different one."""
    rotation: Rotation | None = None
    """How the key is rotated; None if nothing does so automatically."""

    def combined_with(self, former: "Signing") -> Self:
        """This key, and a former one whose cookies are trusted until they expire.

        Both must be in key groups. A function that is kept may sign with both: its role is
        updated long before the function is.
        """
        groups = [group for key in (self, former) for group in key.trust["TrustedKeyGroups"]]
        stays = former.signing_statements if former.signer == self.signer else ()
        return replace(
            self,
            heading=self.heading or former.heading,
            parameters=(*self.parameters, *former.parameters),
            conditions={**self.conditions, **former.conditions},
            resources=(*self.resources, *former.resources),
            code=(*self.code, *former.code),
            trust={"TrustedKeyGroups": groups},
            signing_statements=(*self.signing_statements, *stays),
            takes_over=former.signer != self.signer,
            rotation=self.rotation or former.rotation,
        )
