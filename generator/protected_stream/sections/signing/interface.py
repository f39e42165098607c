"""What every way of keeping the signing key offers to the sections around it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from awacs.aws import Statement

from protected_stream.template.section import Section


@dataclass(frozen=True, kw_only=True)
class Signing(Section):
    """The key, in the words of the distribution that trusts it and of the function that signs."""

    trust: Mapping[str, Any]
    """The properties that make a cache behaviour demand a signature of this key."""
    environment: Mapping[str, Any]
    """What the signing function must know, as environment variables."""
    media_variable: str = "MEDIA_URL"
    """The environment variable that tells the signing function where the media are."""
    signing_statements: tuple[Statement, ...]
    """What the signing function must be allowed."""
    signer: str = "CookiesFunction"
    """Logical ID of the signing function; other code has another.

    An update of code and settings is two calls, and between them nobody would get cookies. A new
    function takes the old one's place when it is ready.
    """
    takes_over: bool = False
    """Whether the signing function takes the place of a former key's other one."""

    def combined_with(self, former: "Signing") -> Self:
        """This key, and a former one whose cookies are trusted until they end.

        Both must be trusted by key groups. A function that stays may sign with both: its role is
        changed long before it is.
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
        )
