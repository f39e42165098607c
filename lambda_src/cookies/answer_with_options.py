"""The answer with options: for members, for one address, in the body, too, for other sites.

They are off without their environment variables. Code that is inline in the template has this
module only if the template asks for one of them.
"""

import json
from collections.abc import Mapping
from ipaddress import AddressValueError, IPv4Address
from typing import TYPE_CHECKING, Any

from cookies.answer import answer
from cookies.groups import for_members
from cookies.responses import Response, refused, signed_out
from shared.log import note

if TYPE_CHECKING:
    from cookies.cookie_source import BindingCookieSource, CookieSource

BIND_IP = "BIND_IP"
COOKIES_IN_BODY = "COOKIES_IN_BODY"
OTHER_SITES = "OTHER_SITES"
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
        response = with_cookies_in_body(response)
    if OTHER_SITES in variables and "multiValueHeaders" in response:
        response = for_other_sites(response, path=source.media_path)
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


def for_other_sites(response: Response, *, path: str) -> Response:
    """The response with cookies that pages of other sites send, too.

    A browser has one such cookie for each site in its address bar. Beside it, it would go on
    sending the cookie of the same name that it got before: that one is deleted first, as browsers
    that know no partitions have one place for both.
    https://datatracker.ietf.org/doc/html/draft-cutler-httpbis-partitioned-cookies-01 ;
    RFC 9110 section 5.3: nothing between may change the order
    """
    former = signed_out(path=path)["multiValueHeaders"]["Set-Cookie"]
    new = [
        line.replace("SameSite=Strict", "SameSite=None; Partitioned")
        for line in response["multiValueHeaders"]["Set-Cookie"]
    ]
    return {**response, "multiValueHeaders": {"Set-Cookie": [*former, *new]}}
