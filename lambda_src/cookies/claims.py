"""Cognito access token claims: who may watch."""

from collections.abc import Mapping


def objection(claims: Mapping[str, str], client_id: str) -> tuple[str, str] | None:
    """The claim that denies access, and the reason; None if the viewer may watch.

    The authorizer has verified the token's signature, expiry and issuer, but it does not check the
    app client, and an ID token must not give access to the stream.
    https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
    """
    if claims.get("token_use") != "access":
        return "token_use", "Send the access token; this is a different type of token."
    if claims.get("client_id") != client_id:
        return "client_id", "The token was issued to a different app client."
    return None
