"""The promises of a deployed stream, in the order in which they are tried."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from botocore.exceptions import BotoCoreError, ClientError

from protected_stream.errors import printable
from protected_stream.verify import keys, media, page, watching
from protected_stream.verify.answers import Broken, NotTried, Unreachable
from protected_stream.verify.visit import Visit

Visitor = Literal["stranger", "viewer", "operator"]
State = Literal["held", "broken", "not tried"]


@dataclass(frozen=True)
class Promise:
    """One promise."""

    id: str
    sentence: str
    who: Visitor
    """Who would notice that it does not hold."""
    check: Callable[[Visit], str | None]
    """Raises Broken or NotTried; returns what is to be said about a promise that holds."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a check has found."""

    promise: Promise
    state: State
    why: str = ""


PROMISES: Sequence[Promise] = (
    Promise(
        "media-need-cookies",
        "Every manifest and segment is refused without cookies",
        "stranger",
        media.need_cookies,
    ),
    Promise(
        "forged-cookies",
        "Cookies that anybody can make open nothing",
        "stranger",
        media.refuse_cookies_of_strangers,
    ),
    Promise(
        "read-only",
        "Media, page and settings can only be read",
        "stranger",
        media.can_only_be_read,
    ),
    Promise(
        "disguised-paths",
        "No other way to write a path leads to media",
        "stranger",
        media.refuse_disguised_paths,
    ),
    Promise(
        "closed-origin",
        "The origin of the media refuses everybody but CloudFront",
        "stranger",
        media.are_refused_at_the_origin,
    ),
    Promise(
        "closed-bucket",
        "The page's bucket refuses everybody but CloudFront",
        "stranger",
        media.bucket_is_closed,
    ),
    Promise(
        "closed-api",
        "The API's own address gives no cookies without a token, or nothing if it is closed",
        "stranger",
        media.api_gives_no_way_around,
    ),
    Promise(
        "one-name",
        "With a domain, the stream is watched at that name only",
        "stranger",
        media.are_refused_at_other_names,
    ),
    Promise(
        "https-only",
        "Plain HTTP is redirected to HTTPS or refused",
        "stranger",
        media.need_tls,
    ),
    Promise(
        "current-tls",
        "With a domain, TLS 1.1 and older versions are refused",
        "stranger",
        media.need_current_tls,
    ),
    Promise(
        "page",
        "The page is served, and unknown paths have status 404",
        "stranger",
        page.is_served,
    ),
    Promise(
        "security-headers",
        "The page has its Content-Security-Policy, HSTS and the other security headers",
        "stranger",
        page.has_security_headers,
    ),
    Promise(
        "settings",
        "The page's settings are those of the stack",
        "stranger",
        page.has_the_settings_of_the_stack,
    ),
    Promise(
        "cached",
        "CloudFront caches the page and its settings",
        "stranger",
        page.is_cached,
    ),
    Promise(
        "sign-in",
        "Sign-in leads to the page only, with no more rights than it needs",
        "stranger",
        page.sign_in_leads_to_the_page_only,
    ),
    Promise(
        "token",
        "There are no cookies without a valid token",
        "stranger",
        page.cookies_need_a_token,
    ),
    Promise(
        "other-sites",
        "Only the allowed sites get CORS headers",
        "stranger",
        page.is_shared_with_no_other_site,
    ),
    Promise(
        "cookies",
        "A viewer who may watch gets cookies",
        "viewer",
        watching.viewer_gets_cookies,
    ),
    Promise(
        "own-cookies",
        "No cache gives the cookies of a viewer to somebody else",
        "viewer",
        page.cookies_are_for_one_viewer,
    ),
    Promise(
        "cookie-attributes",
        "The cookies are Secure, HttpOnly, for the media only, and SameSite=Strict or Partitioned",
        "viewer",
        watching.cookies_are_safe,
    ),
    Promise(
        "cookie-end",
        "The cookies are for this stream only, and expire when the template says",
        "viewer",
        watching.cookies_end_in_time,
    ),
    Promise(
        "changed-cookies",
        "Changed, expired or falsely signed copies of a viewer's cookies open nothing",
        "viewer",
        media.refuse_changed_cookies,
    ),
    Promise(
        "plays",
        "Every rendition of every format plays with cookies",
        "viewer",
        watching.everything_plays,
    ),
    Promise(
        "filters",
        "Players can filter renditions: the queries of manifests reach MediaPackage",
        "viewer",
        watching.players_can_filter,
    ),
    Promise(
        "sign-out",
        "Signing out deletes the cookies, even with an expired token",
        "viewer",
        page.cookies_are_deleted,
    ),
    Promise(
        "trusted-key",
        "CloudFront trusts the key that signs the cookies",
        "operator",
        keys.signing_key_is_trusted,
    ),
    Promise(
        "rotation",
        "The next rotation of the key is due, and in the future",
        "operator",
        keys.rotation_is_due,
    ),
)


def verdicts(visit: Visit, promises: Iterable[Promise] = PROMISES) -> Iterator[Verdict]:
    """Tries the promises one after the other."""
    for promise in promises:
        yield verdict(promise, visit)


def verdict(promise: Promise, visit: Visit) -> Verdict:
    """Tries one; a response without what it must have breaks the promise, too."""
    try:
        note = promise.check(visit)
    except NotTried as reason:
        return Verdict(promise=promise, state="not tried", why=printable(str(reason)))
    except (Broken, Unreachable) as found:
        return Verdict(promise=promise, state="broken", why=printable(str(found)))
    except (LookupError, ValueError, TypeError) as found:
        why = f"unexpected response: {type(found).__name__} {found}"
        return Verdict(promise=promise, state="broken", why=printable(why))
    except ClientError as refusal:
        code = refusal.response["Error"]["Code"]
        return Verdict(promise=promise, state="not tried", why=f"AWS refused: {code}")
    except BotoCoreError as error:
        return Verdict(promise=promise, state="not tried", why=printable(str(error)))
    return Verdict(promise=promise, state="held", why=note or "")
