"""Cognito tokens, signed with the user pool's own key, in the preview's time.

https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-with-identity-providers.html
"""

import base64
import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from moto.cognitoidp.models import CognitoIdpUser, CognitoIdpUserPool

UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400}
# UserPoolClient: the token, its default validity, and its unit.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-userpoolclient.html
DEFAULTS = {"AccessToken": (1, "hours"), "IdToken": (1, "hours"), "RefreshToken": (30, "days")}


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A user's sign-in for one app client."""

    user: CognitoIdpUser
    client_id: str
    scope: str
    """Separated by spaces."""
    auth_time: int
    """The time of the sign-in, in epoch seconds."""
    nonce: str | None = None
    origin_jti: str = ""


def validity(client: Mapping[str, Any], token: str) -> int:
    """The validity of an app client's token, in seconds."""
    count, unit = DEFAULTS[token]
    unit = client.get("TokenValidityUnits", {}).get(token, unit)
    return int(client.get(f"{token}Validity", count)) * UNITS[unit]


def tokens(
    pool: CognitoIdpUserPool, client: Mapping[str, Any], who: SignedIn, *, now: int, issuer: str
) -> dict[str, Any]:
    """The response of the token endpoint, without a refresh token.

    https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html
    """
    common = {
        "sub": who.user.id,
        "iss": issuer,
        "origin_jti": who.origin_jti,
        "event_id": str(uuid.uuid4()),
        "auth_time": who.auth_time,
        "iat": now,
    }
    seconds = validity(client, "AccessToken")
    access = {
        **common,
        "token_use": "access",
        "client_id": who.client_id,
        "scope": who.scope,
        "username": who.user.username,
        "version": 2,
        "exp": now + seconds,
        "jti": str(uuid.uuid4()),
    }
    groups = sorted(group.group_name for group in who.user.groups)
    if groups:
        access["cognito:groups"] = groups
    access_token = _signed(pool, access)
    attributes = {one["Name"]: one["Value"] for one in who.user.attributes}
    identity = {
        **common,
        "token_use": "id",
        "aud": who.client_id,
        "at_hash": _half_hash(access_token),
        "cognito:username": who.user.username,
        **_readable(client, attributes),
        "exp": now + validity(client, "IdToken"),
        "jti": str(uuid.uuid4()),
        **({"nonce": who.nonce} if who.nonce else {}),
    }
    return {
        "access_token": access_token,
        "id_token": _signed(pool, identity),
        "token_type": "Bearer",
        "expires_in": seconds,
    }


def _readable(client: Mapping[str, Any], attributes: Mapping[str, str]) -> dict[str, Any]:
    """The claims about attributes that the app client may read; by default, all of these.

    https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html#user-pool-settings-attribute-permissions-and-scopes
    """
    claims = {
        "email": attributes.get("email"),
        "email_verified": attributes.get("email_verified") == "true",
    }
    readable = client.get("ReadAttributes") or claims
    return {name: value for name, value in claims.items() if name in readable}


def _signed(pool: CognitoIdpUserPool, claims: dict[str, Any]) -> str:
    key = pool.json_web_key
    return jwt.encode({"alg": "RS256", "kid": str(key.kid)}, claims, key, algorithms=["RS256"])


def _half_hash(token: str) -> str:
    """OpenID Connect Core 1.0, section 3.1.3.6."""
    half = hashlib.sha256(token.encode()).digest()[:16]
    return base64.urlsafe_b64encode(half).decode().rstrip("=")


def openid_configuration(issuer: str, sign_in_host: str) -> dict[str, Any]:
    """The user pool's OpenID Connect configuration (Discovery 1.0, section 3)."""
    return {
        "authorization_endpoint": f"https://{sign_in_host}/oauth2/authorize",
        "end_session_endpoint": f"https://{sign_in_host}/logout",
        "id_token_signing_alg_values_supported": ["RS256"],
        "issuer": issuer,
        "jwks_uri": f"{issuer}/.well-known/jwks.json",
        "response_types_supported": ["code", "token"],
        "revocation_endpoint": f"https://{sign_in_host}/oauth2/revoke",
        "scopes_supported": ["openid", "email", "phone", "profile"],
        "subject_types_supported": ["public"],
        "token_endpoint": f"https://{sign_in_host}/oauth2/token",
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    }
