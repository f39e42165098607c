"""API Gateway proxy event: the fields that the cookie function uses.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

from collections.abc import Mapping


class MalformedEvent(ValueError):
    """The event is not an API Gateway proxy event; names the field, never its value."""

    def __init__(self, field: str, shape: str) -> None:
        super().__init__(f"{field} must be {shape}.")
        self.field = field


def method(event: object) -> str:
    """The HTTP method, as the browser sent it.

    Raises:
        MalformedEvent: `event` or its `httpMethod` is invalid.
    """
    value = _object(event, "event").get("httpMethod")
    if not isinstance(value, str):
        raise MalformedEvent("httpMethod", "text")
    return value


def claims(event: object) -> Mapping[str, str] | None:
    """The verified claims of the viewer's token; None if no authorizer added any.

    API Gateway passes every claim as text.

    Raises:
        MalformedEvent: A claim, or a field that contains the claims, is invalid.
    """
    context = _object(_object(event, "event").get("requestContext"), "requestContext")
    authorizer = context.get("authorizer")
    if authorizer is None:
        return None
    found = _object(authorizer, "requestContext.authorizer").get("claims")
    if found is None:
        return None
    return _texts(_object(found, "requestContext.authorizer.claims"))


def _object(value: object, field: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise MalformedEvent(field, "an object")
    return value


def _texts(claims: Mapping[str, object]) -> Mapping[str, str]:
    texts = {name: value for name, value in claims.items() if isinstance(value, str)}
    for name in ("token_use", "client_id"):
        if name in claims and name not in texts:
            raise MalformedEvent(f"requestContext.authorizer.claims.{name}", "text")
    return texts
