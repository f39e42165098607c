"""How `verify` becomes a viewer: by a real sign-in, or by calling the cookies function itself.

InitiateAuth would not help: its tokens lack the scope `openid`, which the API demands.
Source: Amazon Cognito Developer Guide, "Scopes, M2M, and resource servers".
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from ipaddress import AddressValueError, IPv4Address
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from protected_stream.errors import AwsError
from protected_stream.operator.aws_errors import explained
from protected_stream.verify.answers import Unreachable
from protected_stream.verify.page import authorization_url
from protected_stream.verify.visit import Viewer, Visit

OWN_ADDRESS = "https://checkip.amazonaws.com/"
"""Returns the address that a request comes from."""
EDGE = "192.0.2.1"
"""In place of the address of CloudFront's edge, which API Gateway appends (RFC 5737)."""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class NoViewer(Exception):
    """Nobody could sign in; the message says why."""


class Refused(NoViewer):
    """Somebody who may watch got no cookies."""


def signed_in(visit: Visit, ask: Callable[[str], str]) -> Viewer:
    """A viewer after a real sign-in: authorization code with PKCE (RFC 7636).

    Source: Amazon Cognito Developer Guide, "Token endpoint".

    Args:
        visit: a stranger's.
        ask: shows the sign-in URL, and returns the URL of the page that the viewer was led to.

    Raises:
        NoViewer: the URL has no code, or Cognito or the API refuses.
    """
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    shown = authorization_url(visit, state=state, code_challenge=challenge)
    answer = parse_qs(urlsplit(ask(shown).strip()).query)
    if answer.get("state") != [state] or "code" not in answer:
        raise NoViewer(
            "the address has no code of this sign-in: paste all of it, before the page changes it"
        )
    return _with_cookies(visit, _token(visit, answer["code"][0], verifier))


def _token(visit: Visit, code: str, verifier: str) -> str:
    settings = visit.settings()
    form = {
        "grant_type": "authorization_code",
        "client_id": settings["clientId"],
        "code": code,
        "redirect_uri": visit.watch_address,
        "code_verifier": verifier,
    }
    url = f"https://{settings['signInHost']}/oauth2/token"
    answer = visit.ask("POST", url, FORM, urlencode(form).encode())
    if not answer.is_served:
        raise NoViewer(
            "Cognito does not accept the code: the page has used it, or it is older than 5 minutes"
        )
    return str(json.loads(answer.body)["access_token"])


def _with_cookies(visit: Visit, token: str) -> Viewer:
    taken = visit.now()
    answer = visit.get("/api/cookies", visit.with_token(token))
    if not answer.is_served:
        may_be_right = answer.status == HTTPStatus.FORBIDDEN and visit.facts.groups
        kind = NoViewer if may_be_right else Refused
        raise kind(f"/api/cookies has status {answer.status} for this viewer: {answer.text}")
    return Viewer(set_cookie=tuple(answer.all("Set-Cookie")), taken=taken, token=token)


def as_operator(visit: Visit, function: str) -> Viewer:
    """A viewer whose cookies the function signs for the operator, without a sign-in.

    Args:
        visit: a stranger's, with the operator's clients.
        function: the physical name of the cookies function.

    Raises:
        AwsError: AWS refuses.
        NoViewer: the function does.
    """
    address = _own_address(visit) if visit.facts.is_bound else EDGE
    event = cookies_event(visit, address)
    taken = visit.now()
    with explained(f"call the function {function}"):
        response = visit.operator("lambda").invoke(
            FunctionName=function, Payload=json.dumps(event).encode()
        )
        answer: Mapping[str, Any] = json.loads(response["Payload"].read())
    if response.get("FunctionError"):
        raise AwsError(f"The function {function} fails: its log group says why.")
    if answer.get("statusCode") != 200:
        raise Refused(f"the function answers {answer.get('statusCode')}: {answer.get('body')}")
    return Viewer(set_cookie=tuple(answer["multiValueHeaders"]["Set-Cookie"]), taken=taken)


def cookies_event(visit: Visit, address: str) -> Mapping[str, Any]:
    """What API Gateway would send for a viewer at that address, who is in the first group.

    Source: API Gateway Developer Guide, "Lambda proxy integrations in API Gateway".
    """
    claims = {"token_use": "access", "client_id": visit.outputs["UserPoolClientId"]}
    if visit.facts.groups:
        claims["cognito:groups"] = visit.facts.groups[0]
    return {
        "httpMethod": "GET",
        "path": "/cookies",
        "headers": {"X-Forwarded-For": f"{address}, {EDGE}"},
        "requestContext": {"authorizer": {"claims": claims}},
    }


def _own_address(visit: Visit) -> str:
    """This machine's address as CloudFront sees it."""
    try:
        return str(IPv4Address(visit.get(OWN_ADDRESS).text.strip()))
    except (Unreachable, AddressValueError):
        raise NoViewer(
            f"the cookies are for one IPv4 address, and {OWN_ADDRESS} does not say this machine's"
        ) from None


def with_viewer(visit: Visit, become: Callable[[Visit], Viewer]) -> Visit:
    """The visit as a viewer; as a stranger only, with the reason, if nobody could sign in."""
    try:
        return replace(visit, viewer=become(visit))
    except NoViewer as reason:
        is_refused = isinstance(reason, Refused)
        return replace(visit, why_no_viewer=str(reason), is_viewer_refused=is_refused)
    except (Unreachable, LookupError, ValueError) as error:
        return replace(visit, why_no_viewer=f"signing in failed: {error}")
