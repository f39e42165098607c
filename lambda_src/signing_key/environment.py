"""Lambda environment variables of the signing key function, which the template sets."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from shared.environment import Variables, check

# name: (pattern, description in error messages). A public key's name is NAME, a dash and 16 digits
# of its fingerprint; CloudFront allows 128 characters.
_VARIABLES: Variables = {
    "SECRET_ARN": (r"arn:[a-z-]+:secretsmanager:\S+", "the ARN of the secret for the key ring"),
    "NAME": (
        r"[A-Za-z0-9-]{1,111}",
        "the key group's name, unique in the account, at most 111 letters, digits and dashes",
    ),
    "GRACE_SECONDS": (r"[1-9][0-9]{0,4}", "whole seconds, at least 1"),
}


@dataclass(frozen=True, kw_only=True)
class Environment:
    """The function's settings."""

    secret_arn: str
    """The secret that holds the key ring; it may have no value yet."""
    name: str
    """The key group's name in CloudFront, and the prefix of its public keys' names."""
    grace_seconds: int
    """How long the edge locations may need to get a new key; it does not sign before that."""

    @classmethod
    def from_variables(cls, variables: Mapping[str, str]) -> Self:
        """The settings in environment variables (`os.environ`).

        Raises:
            InvalidEnvironment: Some are missing or invalid.
        """
        check(variables, _VARIABLES, who="The signing key's function")
        return cls(
            secret_arn=variables["SECRET_ARN"],
            name=variables["NAME"],
            grace_seconds=int(variables["GRACE_SECONDS"]),
        )
