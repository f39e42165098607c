"""Lambda environment variables of the cookie function, parsed into settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from cookies.variables import ids_by_fingerprint, in_our_names, wanted
from shared.environment import check


@dataclass(frozen=True, kw_only=True)
class Environment:
    """The function's settings."""

    secret_id: str
    """ARN or name of the secret that holds the key ring or, with IDs below, one pasted key."""
    client_id: str
    """Cognito ID of the app client that viewers sign in with."""
    media_url: str
    """The policy's Resource, e.g. `https://d111111abcdef8.cloudfront.net/out/v1/live/*`."""
    cookie_seconds: int
    """Minimum lifetime of the cookies."""
    step_seconds: int
    """Expiry times are multiples of this; cookies last at most this much longer."""
    hash_algorithm: str
    """`SHA256` or `SHA1`, as in CloudFront-Hash-Algorithm."""
    key_pair_ids: Mapping[str, str] | None = None
    """CloudFront IDs of supplied keys by `SigningKey.fingerprint`; None: no key is supplied."""
    key_pair_id: str | None = None
    """CloudFront ID of a trusted signer's key pair; None: there is no trusted signer."""
    secret_region: str | None = None
    """The Region of the secret; None: the function's own."""

    @property
    def media_path(self) -> str:
        """The cookies' Path: the media URL's path without the wildcard, e.g. `/out/v1/live/`."""
        host_and_path = self.media_url.removeprefix("https://").removesuffix("*")
        return host_and_path[host_and_path.index("/") :]

    @classmethod
    def from_variables(cls, variables: Mapping[str, str]) -> Self:
        """The settings in environment variables (`os.environ`); see `cookies.variables`.

        Raises:
            InvalidEnvironment: Some are missing or invalid.
        """
        names = wanted(variables)
        check(variables, names, who="The cookie function")
        settings = in_our_names({name: variables[name] for name in names})
        return cls(
            secret_id=settings["SECRET_ARN"],
            client_id=settings["CLIENT_ID"],
            media_url=settings["MEDIA_URL"],
            cookie_seconds=int(settings["COOKIE_SECONDS"]),
            step_seconds=int(settings["STEP_SECONDS"]),
            hash_algorithm=settings["HASH_ALGORITHM"],
            key_pair_ids=ids_by_fingerprint(settings.get("KEY_PAIR_IDS")),
            key_pair_id=settings.get("KEY_PAIR_ID"),
            secret_region=settings.get("SECRET_REGION"),
        )
