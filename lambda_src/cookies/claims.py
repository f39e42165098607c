"""Who may watch: what Cognito's access token says about the viewer who asks for the cookies."""

from collections.abc import Mapping


def may_watch(claims: Mapping[str, str], client_id: str) -> bool:
    """Whether these are the claims of an access token issued to this stream's app client.

    The authorizer has verified the token's signature, expiry and issuer; of the app client it
    knows nothing, and an ID token must not open the stream.
    https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
    """
    return claims.get("token_use") == "access" and claims.get("client_id") == client_id


def objection(claims: Mapping[str, str]) -> tuple[str, str]:
    """The field that kept these claims from watching, and the reason in words."""
    if claims.get("token_use") != "access":
        return "token_use", "Send the access token; this is another kind of token."
    return "client_id", "The token was issued to another app client than this stream's."
