"""What the template tells the cookie function about the stream, read once from its environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from shared.environment import Variables, check

# name: (pattern, what the operator is told). MEDIA_URL has its only wildcard at its end, because
# the cookies' Path is the same address without it and browsers know no wildcards (RFC 6265, 5.1.4).
_VARIABLES: Variables = {
    "SECRET_ARN": (r"arn:[a-z-]+:secretsmanager:\S+", "the ARN of the secret with the key ring"),
    "CLIENT_ID": (r"\S+", "the id of the user pool's app client"),
    "MEDIA_URL": (
        r"https://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~%!$&'()+,=:@-]+)*/\*",
        "https://, the stream's host, the path of the media, and /* at its end only",
    ),
    "COOKIE_SECONDS": (r"[1-9][0-9]{0,8}", "whole seconds, at least 1"),
    "STEP_SECONDS": (r"[1-9][0-9]{0,8}", "whole seconds, at least 1"),
    "HASH_ALGORITHM": (r"SHA256|SHA1", "SHA256 or SHA1"),
}


@dataclass(frozen=True, kw_only=True)
class Environment:
    """The function's settings."""

    secret_arn: str
    """The secret whose value is the key ring."""
    client_id: str
    """Cognito's id of the app client that viewers sign in with."""
    media_url: str
    """The policy's Resource, e.g. `https://d111111abcdef8.cloudfront.net/out/v1/live/*`."""
    cookie_seconds: int
    """How long cookies last at least."""
    step_seconds: int
    """Expiries are multiples of this; cookies last at most this much longer."""
    hash_algorithm: str
    """`SHA256` or `SHA1`, as CloudFront-Hash-Algorithm names them."""

    @property
    def media_path(self) -> str:
        """The cookies' Path: the media URL's path without the wildcard, e.g. `/out/v1/live/`."""
        host_and_path = self.media_url.removeprefix("https://").removesuffix("*")
        return host_and_path[host_and_path.index("/") :]

    @classmethod
    def from_variables(cls, variables: Mapping[str, str]) -> Self:
        """The settings in environment variables (`os.environ`).

        Raises:
            InvalidEnvironment: Some are missing or not what they must be.
        """
        check(variables, _VARIABLES, who="The cookie function")
        return cls(
            secret_arn=variables["SECRET_ARN"],
            client_id=variables["CLIENT_ID"],
            media_url=variables["MEDIA_URL"],
            cookie_seconds=int(variables["COOKIE_SECONDS"]),
            step_seconds=int(variables["STEP_SECONDS"]),
            hash_algorithm=variables["HASH_ALGORITHM"],
        )
