"""The answer with options: for members of groups, bound to the viewer's address, in the body, too.

They are off without their environment variables. Code that is inline in the template has this
module only if the template asks for one of them.
"""

import json
from collections.abc import Mapping
from ipaddress import AddressValueError, IPv4Address
from typing import TYPE_CHECKING, Any

from cookies.answer import answer
from cookies.groups import for_members
from cookies.responses import Response, refused
from shared.log import note

if TYPE_CHECKING:
    from cookies.cookie_source import BindingCookieSource, CookieSource

BIND_IP = "BIND_IP"
COOKIES_IN_BODY = "COOKIES_IN_BODY"
GROUPS = "GROUPS"
"""Has the names of the Cognito groups whose members may watch, separated by spaces."""


def answer_with_options(
    event: Mapping[str, Any],
    source: "BindingCookieSource",
    now: int,
    variables: Mapping[str, str],
) -> Response:
    """The response of `answer`, with the options that the environment variables turn on.

    Args:
        event: an API Gateway proxy event.
        source: signs the cookies.
        now: epoch seconds.
        variables: `os.environ`.
    """
    signs: CookieSource = source
    if BIND_IP in variables and event["httpMethod"] == "GET":
        try:
            signs = source.bound_to(viewer_address(event["headers"]))
        except ValueError:
            note("refused", status=403, field="X-Forwarded-For")
            message = "Cookies are for viewers who reach the stream's own address over IPv4."
            return refused(403, field="X-Forwarded-For", message=message)
    response = answer(event, signs, now)
    if GROUPS in variables:
        response = for_members(response, event, variables[GROUPS].split())
    if COOKIES_IN_BODY in variables and response["statusCode"] == 200:
        return with_cookies_in_body(response)
    return response


def viewer_address(headers: Mapping[str, str]) -> str:
    """The IPv4 address of the viewer who sent the request to CloudFront.

    CloudFront appends the viewer's address to X-Forwarded-For, and API Gateway that of CloudFront's
    edge; a viewer can only write what is before them.
    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html

    Raises:
        ValueError: The request did not come through CloudFront, or not over IPv4.
    """
    names = {name.lower(): value for name, value in headers.items()}
    addresses = names.get("x-forwarded-for", "").split(",")
    if len(addresses) < 2:
        raise AddressValueError
    return str(IPv4Address(addresses[-2].strip()))


def with_cookies_in_body(response: Response) -> Response:
    """The response with the cookies in its body, by name, for players that set them themselves."""
    pairs = (line.partition(";")[0] for line in response["multiValueHeaders"]["Set-Cookie"])
    cookies = dict(pair.split("=", 1) for pair in pairs)
    body = json.dumps({**json.loads(response["body"]), "cookies": cookies})
    return {**response, "body": body}
