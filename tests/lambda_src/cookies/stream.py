"""A stream and a viewer: settings, requests and clock shared by the tests."""

import dataclasses
from collections.abc import Mapping

from cookies.environment import Environment
from cookies.responses import Response

CLIENT_ID = "7abcdefghijklmnopqrstuvwx0"
MEDIA_URL = "https://d111111abcdef8.cloudfront.net/out/v1/live-us-east-1-1a2b3c4d/*"
MEDIA_PATH = "/out/v1/live-us-east-1-1a2b3c4d/"
SECRET_ARN = "arn:aws:secretsmanager:us-east-1:111122223333:secret:KeyRing-a1B2c3"
NOW = 1_800_000_000

VARIABLES = {
    "SECRET_ARN": SECRET_ARN,
    "CLIENT_ID": CLIENT_ID,
    "MEDIA_URL": MEDIA_URL,
    "COOKIE_SECONDS": "3600",
    "STEP_SECONDS": "300",
    "HASH_ALGORITHM": "SHA256",
}
IN_THE_POSTS_NAMES = {
    "SECRET_NAME": "RootKey",
    "REGION": "us-west-1",
    "CLOUDFRONT_URL": MEDIA_URL.removesuffix("/*"),
    "ACCESS_KEY_ID": "APKAIOSFODNN7EXAMPLE",
    "CLIENT_ID": CLIENT_ID,
    "COOKIE_SECONDS": "3600",
    "STEP_SECONDS": "300",
    "HASH_ALGORITHM": "SHA256",
}
ENVIRONMENT = Environment.from_variables(VARIABLES)

TOKEN = "eyJraWQiOiJ0ZXN0In0.eyJzdWIiOiJ2aWV3ZXIifQ.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg"
ACCESS_CLAIMS = {
    "sub": "11112222-3333-4444-5555-666677778888",
    "token_use": "access",
    "scope": "openid email",
    "iss": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI",
    "exp": "Fri Jan 15 09:00:00 UTC 2027",
    "client_id": CLIENT_ID,
    "username": "viewer@example.com",
}


@dataclasses.dataclass
class Clock:
    """A clock that only changes when it is set."""

    now: float = NOW

    def __call__(self) -> float:
        return self.now


def event(
    method: str = "GET", claims: Mapping[str, object] | None = ACCESS_CLAIMS
) -> dict[str, object]:
    """An API Gateway event; without `claims`, as from a method without an authorizer."""
    context: dict[str, object] = {
        "stage": "api",
        "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
    }
    return {
        "resource": "/cookies",
        "path": "/cookies",
        "httpMethod": method,
        "headers": {"Authorization": TOKEN, "Cookie": "CloudFront-Policy=an-old-one"},
        "requestContext": context
        if claims is None
        else context | {"authorizer": {"claims": claims}},
        "body": None,
        "isBase64Encoded": False,
    }


def set_cookies(response: Response) -> dict[str, tuple[str, list[str]]]:
    """The response's cookies: name -> (value, attributes in order)."""
    found = {}
    for line in response["multiValueHeaders"]["Set-Cookie"]:
        pair, *attributes = line.split("; ")
        name, value = pair.split("=", maxsplit=1)
        found[name] = (value, attributes)
    return found
