"""API Gateway Cognito authorizer: verifies tokens and passes their claims to the function.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-integrate-with-cognito.html
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

Claims = Mapping[str, Any]
JsonWebKeys = Mapping[str, Any]
TIMES = ("exp", "iat", "auth_time")


class Unauthorized(Exception):
    """The token is rejected; the message is API Gateway's."""


@dataclass(frozen=True, kw_only=True)
class Authorizer:
    """Accepts the tokens of user pools."""

    pools: Sequence[str]
    """ARNs."""
    jwks: Callable[[str], JsonWebKeys]
    """The key set of a pool, by ARN."""
    clock: Callable[[], float]
    """Epoch seconds."""

    def claims(self, header: str | None, scopes: Sequence[str]) -> dict[str, str]:
        """The claims of a token, all as strings, as the function gets them.

        Args:
            header: the value of the header that the identity source names.
            scopes: the access token needs one of them; if empty, the token must be an ID token.

        Raises:
            Unauthorized: the token is missing, from another pool, or expired.
        """
        token = (header or "").removeprefix("Bearer ").strip()
        for pool in self.pools:
            claims = _verified(token, self.jwks(pool))
            if claims is not None and claims.get("iss") == _issuer(pool):
                self._check(claims, scopes)
                return {name: _text(name, value) for name, value in claims.items()}
        raise Unauthorized("Unauthorized")

    def _check(self, claims: Claims, scopes: Sequence[str]) -> None:
        if not isinstance(claims.get("exp"), int) or claims["exp"] <= self.clock():
            raise Unauthorized("The incoming token has expired")
        if scopes and not set(scopes) & set(str(claims.get("scope", "")).split()):
            raise Unauthorized("Unauthorized")
        if claims.get("token_use") != ("access" if scopes else "id"):
            raise Unauthorized("Unauthorized")


def _verified(token: str, keys: JsonWebKeys) -> Claims | None:
    """The claims of a token that is signed with one of the keys; None for any other text."""
    try:
        return jwt.decode(token, KeySet.import_key_set(dict(keys)), algorithms=["RS256"]).claims  # type: ignore[arg-type]  # a JSON document
    except (JoseError, ValueError, json.JSONDecodeError):
        return None


def _issuer(pool: str) -> str:
    """The `iss` of a pool's tokens.

    https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
    """
    _, partition, _, region, _, name = pool.split(":", 5)
    suffix = "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com"
    return f"https://cognito-idp.{region}.{suffix}/{name.rpartition('/')[2]}"


def _text(name: str, value: Any) -> str:
    """A claim as a string: times as dates in words, lists separated by commas."""
    if name in TIMES and isinstance(value, int):
        return datetime.fromtimestamp(value, UTC).strftime("%a %b %d %H:%M:%S UTC %Y")
    if isinstance(value, list):
        return ",".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
