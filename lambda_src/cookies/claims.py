"""Cognito access token claims: who may watch."""

from collections.abc import Mapping


def may_watch(claims: Mapping[str, str], client_id: str) -> bool:
    """Whether these are the claims of an access token issued to this stream's app client.

    The authorizer has verified the token's signature, expiry and issuer, but it does not check the
    app client, and an ID token must not give access to the stream.
    https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
    """
    return claims.get("token_use") == "access" and claims.get("client_id") == client_id


def objection(claims: Mapping[str, str]) -> tuple[str, str]:
    """The field that denies access to these claims, and the reason."""
    if claims.get("token_use") != "access":
        return "token_use", "Send the access token; this is a different type of token."
    return "client_id", "The token was issued to a different app client."
