"""Promises about the media: refused without valid cookies, in every way to request them."""

from urllib.parse import urlsplit

from protected_stream.verify.answers import Answer, Broken, NotTried, Unreachable, expect
from protected_stream.verify.disguises import DISGUISES
from protected_stream.verify.forged_cookies import Cookies, of_strangers, of_viewers
from protected_stream.verify.visit import Visit, cookie_header

REFUSALS = (401, 403)
NOT_ALLOWED = "not configured to allow the HTTP request method"
"""In CloudFront's own response: the request did not reach an origin."""
MEDIA_ORIGINS, PAGE_ORIGIN, API_ORIGIN = ("packager", "media"), "page", "api"
"""Their IDs in the distribution."""


def need_cookies(visit: Visit) -> None:
    """Every manifest, and a segment beside it."""
    for address in visit.media:
        expect(visit.get(address).status, 403, what=address)


def refuse_cookies_of_strangers(visit: Visit) -> None:
    """Cookies that anybody can make."""
    for what, cookies in of_strangers(visit.host, visit.now()).items():
        _expect_refused(visit, what, cookies)


def refuse_changed_cookies(visit: Visit) -> None:
    """Cookies made from a viewer's."""
    real = visit.signed_in.cookies
    for what, cookies in of_viewers(real, visit.host, visit.now()).items():
        _expect_refused(visit, what, cookies)


def _expect_refused(visit: Visit, what: str, cookies: Cookies) -> None:
    for address in visit.media:
        status = visit.get(address, cookie_header(cookies)).status
        expect(status, 403, what=f"{address} with {what}")


def can_only_be_read(visit: Visit) -> None:
    """CloudFront does not check signatures of OPTIONS requests.

    Source: Amazon CloudFront Developer Guide, "Decide to use signed URLs or signed cookies".
    """
    for address in (*visit.media, "/", "/api/config"):
        for method in ("OPTIONS", "POST"):
            answer = visit.ask(method, address)
            what = f"{method} {address}"
            expect(answer.status, 403, what=what)
            if NOT_ALLOWED not in answer.text:
                raise Broken(f"{what}: refused, but not because of its method")


def refuse_disguised_paths(visit: Visit) -> None:
    """A response must be an error, a page, or the page's settings."""
    settings = visit.get("/api/config").body
    for address in (visit.manifests[0], visit.media[len(visit.manifests)]):
        for what, disguised in DISGUISES.items():
            answer = visit.get(disguised(urlsplit(address).path))
            if answer.is_served and not answer.is_html and answer.body != settings:
                raise Broken(f"{address}, written with {what}: status {answer.status}")


def are_refused_at_the_origin(visit: Visit) -> None:
    """The packager's own address; that of an existing origin, too."""
    name = next((one for one in MEDIA_ORIGINS if one in visit.origins), "")
    host = _origin(visit, name)
    for address in visit.manifests:
        answer = _direct(visit, f"https://{host}{urlsplit(address).path}")
        if answer:
            expect(answer.status, *REFUSALS, what=f"{urlsplit(address).path} at {host}")


def bucket_is_closed(visit: Visit) -> None:
    """The page's bucket at its own address."""
    host = _origin(visit, PAGE_ORIGIN)
    for path in ("/index.html", "/"):
        answer = _direct(visit, f"https://{host}{path}")
        if answer:
            expect(answer.status, 403, what=f"{path} at {host}")


def api_gives_no_way_around(visit: Visit) -> None:
    """The API's own address: a token is needed; nothing at all, if the address is closed."""
    host = _origin(visit, API_ORIGIN)
    answer = _direct(visit, f"https://{host}/api/cookies")
    if answer:
        expect(answer.status, *REFUSALS, what=f"/api/cookies at {host}")
    if visit.facts.is_api_closed:
        for path in ("/api/cookies", "/api/config"):
            closed = _direct(visit, f"https://{host}{path}")
            if closed:
                expect(closed.status, 403, what=f"{path} at {host}")


def are_refused_at_other_names(visit: Visit) -> None:
    """CloudFront serves the stream at its cloudfront.net name, too, which accepts TLS 1.0."""
    names = [*visit.facts.domains, visit.outputs.get("DistributionDomain", "")]
    others = [name for name in names if name not in ("", visit.host)]
    if not others:
        raise NotTried("the stream has one name only")
    for name in others:
        for address in (*visit.manifests, "/api/config", "/api/cookies"):
            path = urlsplit(address).path
            expect(visit.get(f"https://{name}{path}").status, 403, what=f"{path} at {name}")
        page = visit.get(f"https://{name}/")
        expect(page.header("Location"), visit.watch_address, what=f"redirect of {name}")


def need_tls(visit: Visit) -> None:
    """Plain HTTP is redirected to HTTPS, or refused."""
    for address in (visit.watch_address, *visit.manifests, f"{visit.watch_address}api/cookies"):
        plain = address.replace("https://", "http://", 1)
        answer = visit.get(plain)
        is_moved = answer.status in (301, 302, 307, 308)
        if is_moved and answer.header("Location").startswith("https://"):
            continue
        expect(answer.status, 403, what=plain)


def need_current_tls(visit: Visit) -> None:
    """TLS 1.2 at least.

    Source: Amazon CloudFront Developer Guide, "Supported protocols and ciphers between viewers and
    CloudFront": the cloudfront.net name always accepts TLS 1.0.
    """
    if not visit.facts.domains:
        raise NotTried("the cloudfront.net name accepts TLS 1.0, which no setting changes")
    accepts = visit.old_tls(visit.host)
    if accepts is None:
        raise NotTried("this machine's OpenSSL cannot ask for TLS 1.1")
    if accepts:
        raise Broken(f"{visit.host} accepts TLS 1.1 or 1.0")


def _origin(visit: Visit, name: str) -> str:
    """Its host name."""
    if name not in visit.origins:
        raise NotTried("the distribution's origins are not known without AWS credentials")
    return visit.origins[name]


def _direct(visit: Visit, url: str) -> Answer | None:
    """The response; None if the internet does not reach the origin, which is a refusal, too."""
    try:
        return visit.get(url)
    except Unreachable:
        return None
