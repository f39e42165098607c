"""Promises about the page, its settings, sign-in, and the API of the cookies."""

import json
import re
from collections.abc import Mapping
from urllib.parse import urlencode

from protected_stream.verify.answers import Broken, NotTried, expect
from protected_stream.verify.visit import NAMES, Visit

HEADERS: Mapping[str, str] = {
    "Strict-Transport-Security": r"max-age=\d{8,}\b.*",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}
"""What the page's headers match; HSTS is for four months at least, in seconds."""
DIRECTIVES = ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
"""Of the Content-Security-Policy."""
STRANGE_SITES = ("https://www.example.net", "null")
NOT_THERE = "/nothing-is-here.html"
WRONG_TOKENS = ("wrong", "eyJhbGciOiJub25lIn0.eyJ0b2tlbl91c2UiOiJhY2Nlc3MifQ.")
"""The second is a JSON Web Token without a signature (RFC 7519, section 6)."""


def is_served(visit: Visit) -> None:
    """The page, at both of its addresses, and the page for unknown paths."""
    for path in ("/", "/login.html"):
        answer = visit.get(path)
        expect(answer.status, 200, what=path)
        if not answer.is_html:
            raise Broken(f"{path} is not a page but {answer.header('Content-Type')}")
    missing = visit.get(NOT_THERE)
    expect(missing.status, 404, what=NOT_THERE)
    if not missing.is_html:
        raise Broken(f"{NOT_THERE} is answered without a page")


def has_security_headers(visit: Visit) -> None:
    """The page runs only its own code, calls only the sign-in host, and is in no frame."""
    answer = visit.get("/")
    for name, pattern in HEADERS.items():
        value = answer.header(name)
        if not re.fullmatch(pattern, value):
            raise Broken(f"{name} is {value or 'not there'}")
    policy = answer.header("Content-Security-Policy")
    calls = f"connect-src 'self' https://{visit.outputs['SignInHost']}"
    for directive in (*DIRECTIVES, calls):
        if f"{directive};" not in f"{policy};":
            raise Broken(f"Content-Security-Policy lacks {directive}")


def has_the_settings_of_the_stack(visit: Visit) -> None:
    """The page signs in with this user pool, and plays this stream."""
    settings = visit.settings()
    expect(settings["clientId"], visit.outputs["UserPoolClientId"], what="clientId")
    expect(settings["signInHost"], visit.outputs["SignInHost"], what="signInHost")
    issuer = f"https://{settings['issuer']}"
    if not issuer.endswith(f"/{visit.outputs['UserPoolId']}"):
        raise Broken(f"the issuer is {issuer}")
    published = json.loads(visit.get(f"{issuer}/.well-known/openid-configuration").body)
    expect(published["issuer"], issuer, what="the issuer's own name")
    for kind, output in (("hls", "HlsManifest"), ("dash", "DashManifest")):
        if output in visit.outputs:
            played = f"{visit.watch_address[:-1]}{settings[kind]}"
            expect(played, visit.outputs[output], what=f"{kind} in the settings")


def is_cached(visit: Visit) -> None:
    """So that requests for them use up neither the bucket nor the rate that all viewers share.

    The shortest time that copies are kept is a second, which may end between two requests.
    """
    for path in ("/", "/api/config"):
        results = {visit.get(path).header("X-Cache") for _ in range(5)}
        if not any("Hit from cloudfront" in one or "RefreshHit" in one for one in results):
            raise Broken(f"{path}: {', '.join(sorted(results)) or 'no X-Cache header'}")


def sign_in_leads_to_the_page_only(visit: Visit) -> None:
    """The app client accepts the page's two addresses, no other, and no more rights for its tokens.

    Source: Amazon Cognito Developer Guide, "Authorize endpoint" and "Logout endpoint".
    """
    for changed, error in (
        ({"redirect_uri": "https://example.com/"}, "redirect_mismatch"),
        ({"scope": "openid email aws.cognito.signin.user.admin"}, "invalid_scope"),
    ):
        location = visit.get(authorization_url(visit, **changed)).header("Location")
        if error not in location:
            raise Broken(f"sign-in accepts {' '.join(changed.values())}")
    for path in ("", "login.html"):
        redirect = f"{visit.watch_address}{path}"
        location = visit.get(authorization_url(visit, redirect_uri=redirect)).header("Location")
        if "error=" in location:
            raise Broken(f"sign-in does not accept {redirect}")
    query = {"client_id": visit.outputs["UserPoolClientId"], "logout_uri": visit.watch_address}
    left = visit.get(f"https://{visit.outputs['SignInHost']}/logout?{urlencode(query)}")
    expect(left.header("Location"), visit.watch_address, what="redirect after signing out")


def authorization_url(visit: Visit, **changed: str) -> str:
    """The sign-in URL, with PKCE (RFC 7636).

    Source: Amazon Cognito Developer Guide, "Authorize endpoint".
    """
    settings = visit.settings()
    query = {
        "response_type": "code",
        "client_id": settings["clientId"],
        "redirect_uri": visit.watch_address,
        "scope": "openid email",
        "state": "verify",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",  # of RFC 7636, appendix B
        "code_challenge_method": "S256",
        **changed,
    }
    return f"https://{settings['signInHost']}/oauth2/authorize?{urlencode(query)}"


def cookies_need_a_token(visit: Visit) -> None:
    """Neither no token nor a wrong one gets cookies."""
    for headers in ({}, *(visit.with_token(token) for token in WRONG_TOKENS)):
        answer = visit.get("/api/cookies", headers)
        expect(answer.status, 401, what="/api/cookies with a wrong token")
        if answer.all("Set-Cookie"):
            raise Broken("/api/cookies sets cookies along with its refusal")


def cookies_are_for_one_viewer(visit: Visit) -> None:
    """Right after a viewer, nobody else gets the cookies from the cache.

    A copy may be kept for a second only, so it is tried several times.
    """
    token = with_token(visit)
    for _attempt in range(3):
        first = visit.get("/api/cookies", visit.with_token(token))
        expect(first.status, 200, what="/api/cookies with the viewer's token")
        other = visit.get("/api/cookies")
        expect(other.status, 401, what="/api/cookies without a token, after a viewer's request")
        if other.all("Set-Cookie"):
            raise Broken("/api/cookies gives the cookies of one viewer to another")


def with_token(visit: Visit) -> str:
    """The viewer's token."""
    token = visit.signed_in.token
    if not token:
        raise NotTried("it needs a viewer's own sign-in")
    return token


def cookies_are_deleted(visit: Visit) -> None:
    """Signing out deletes them, even if the token has expired."""
    answer = visit.ask("DELETE", "/api/cookies", visit.with_token("expired"))
    expect(answer.status, 204, what="DELETE /api/cookies")
    deleted = {line.partition("=")[0] for line in answer.all("Set-Cookie") if "Max-Age=0" in line}
    if missing := set(NAMES) - deleted:
        raise Broken(f"DELETE /api/cookies does not delete {', '.join(sorted(missing))}")


def is_shared_with_no_other_site(visit: Visit) -> None:
    """Only the sites of the stream file get CORS headers."""
    name = "Access-Control-Allow-Origin"
    for site in STRANGE_SITES:
        for address in ("/", "/api/config", "/api/cookies", *visit.media):
            value = visit.get(address, {"Origin": site}).header(name)
            if value:
                raise Broken(f"{address} has {name}: {value} for {site}")
    for site in visit.facts.sites:
        value = visit.get("/api/config", {"Origin": site}).header(name)
        expect(value, site, what=f"{name} of /api/config for {site}")
