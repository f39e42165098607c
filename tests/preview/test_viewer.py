"""A viewer of the default template, from the first 403 to signing out, over HTTP."""

import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from joserfc import jwt
from urllib3.util.ssl_ import create_urllib3_context

from preview.account import Account
from preview.cloudformation.stack import Stack
from preview.hosts.rest_apis import moto_pool
from preview.hosts.server import Served
from tests.preview.browser import Browser
from tests.preview.operator import (
    NOT_FOUND,
    copy_code,
    deployed,
    go_on_air,
    template_in,
    upload_page,
)

EMAIL = "viewer@example.com"
PASSWORD = "Correct-horse-7"
MEDIA = ("hls", "dash", "segment")


@dataclass(frozen=True, kw_only=True)
class Live:
    """A stack on air, with its hosts served."""

    account: Account
    stack: Stack
    served: Served

    def browser(self) -> Browser:
        """A new viewer's browser."""
        return Browser(
            served=self.served,
            clock=self.account.clock,
            watch_address=self.stack.outputs["WatchAddress"],
        )

    @property
    def media(self) -> dict[str, str]:
        """A manifest of each kind, and a segment."""
        hls = self.stack.outputs["HlsManifest"]
        return {
            "hls": hls,
            "dash": self.stack.outputs["DashManifest"],
            "segment": f"{hls.rpartition('/')[0]}/segment_1.mp4",
        }


@pytest.fixture(scope="module")
def live(built: Path) -> Iterator[Live]:
    """The default template's stack, on air."""
    with Account() as account:
        copy_code(account, built)
        stack = deployed(account, template_in(built))
        upload_page(account, stack.outputs)
        go_on_air(account, stack.outputs)
        with Served(account) as served:
            yield Live(account=account, stack=stack, served=served)


@pytest.fixture(scope="module")
def signed_in(live: Live) -> Iterator[Browser]:
    """A viewer who has signed in for the first time, and has cookies."""
    browser = live.browser()
    browser.sign_in(EMAIL, live.account.mailbox[EMAIL], new_password=PASSWORD)
    assert browser.ask_for_cookies().status_code == 200
    yield browser
    browser.close()


@pytest.fixture
def stranger(live: Live) -> Iterator[Browser]:
    """A viewer who has not signed in."""
    browser = live.browser()
    yield browser
    browser.close()


@pytest.mark.parametrize("kind", MEDIA)
def test_without_cookies_media_requests_are_rejected(
    live: Live, stranger: Browser, kind: str
) -> None:
    response = stranger.get(live.media[kind])
    assert response.status_code == 403
    assert "<Code>MissingKey</Code>" in response.text
    assert response.headers["Server"] == "CloudFront"


@pytest.mark.parametrize(
    "target",
    [
        "{path}",
        "https://{host}{path}",
        "https://www.example.com{path}",
        "HTTPS://{host}{path}",
        "{path}\0.html",
        "/api/..\\..{path}",
        "\\{path}",
        "{path}\t",
        "/{path}",
        "{host}:443",
        "*",
    ],
)
def test_no_form_of_the_request_line_gets_media_without_cookies(live: Live, target: str) -> None:
    """As bytes on the connection: clients rewrite such targets."""
    host, path = live.media["hls"].removeprefix("https://").split("/", 1)
    line = f"GET {target.format(host=host, path=f'/{path}')} HTTP/1.1"
    request = f"{line}\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    context = create_urllib3_context(cert_reqs=ssl.CERT_NONE)
    address = ("127.0.0.1", live.served.https_port)
    with (
        socket.create_connection(address, timeout=10) as plain,
        context.wrap_socket(plain, server_hostname=host) as connection,
    ):
        connection.sendall(request.encode())
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert re.match(rb"HTTP/1\.[01] 4\d\d ", answer), answer[:200]


def test_the_page_and_its_settings_need_no_sign_in(live: Live, stranger: Browser) -> None:
    page = stranger.get("/")
    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html")
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert stranger.settings() == {
        "issuer": f"cognito-idp.us-east-1.amazonaws.com/{live.stack.outputs['UserPoolId']}",
        "signInHost": live.stack.outputs["SignInHost"],
        "clientId": live.stack.outputs["UserPoolClientId"],
        "hls": live.stack.outputs["HlsManifest"].removeprefix(stranger.watch_address[:-1]),
        "dash": live.stack.outputs["DashManifest"].removeprefix(stranger.watch_address[:-1]),
    }


@pytest.mark.parametrize("kind", MEDIA)
def test_with_cookies_the_media_are_served(live: Live, signed_in: Browser, kind: str) -> None:
    assert signed_in.get(live.media[kind]).status_code == 200


def test_the_cookies_are_for_the_media_path_only(live: Live, signed_in: Browser) -> None:
    path = live.media["hls"].removeprefix(signed_in.watch_address[:-1])
    group = "/".join(path.split("/")[:4]) + "/"
    cookies = [one for one in signed_in.session.cookies if one.name.startswith("CloudFront-")]
    assert {(one.path, one.secure, one.domain_specified) for one in cookies} == {
        (group, True, False)
    }
    assert signed_in.cookie_names == {
        "CloudFront-Policy",
        "CloudFront-Signature",
        "CloudFront-Key-Pair-Id",
        "CloudFront-Hash-Algorithm",
    }
    elsewhere = live.media["hls"].replace(group, "/out/v1/another-group/")
    values = {one.name: str(one.value) for one in cookies}
    stranger = live.browser()
    assert stranger.get(elsewhere, cookies=values).status_code == 404
    stranger.close()


def test_what_is_missing_has_a_page_and_keeps_its_status(live: Live, signed_in: Browser) -> None:
    """Also media, by whose 404 the page knows that the stream is not on air."""
    for path in ("/nothing", "/a/b/nothing.html", f"{live.media['hls']}.missing"):
        response = signed_in.get(path)
        assert (response.status_code, response.content) == (404, NOT_FOUND), path
        assert response.headers["Content-Type"].startswith("text/html")
        assert response.headers["Cache-Control"] == "no-store"  # or a browser would keep it


def test_http_is_redirected_or_rejected(live: Live, signed_in: Browser) -> None:
    page = signed_in.get(signed_in.watch_address.replace("https:", "http:"))
    assert (page.status_code, page.headers["Location"]) == (301, signed_in.watch_address)
    assert signed_in.get(live.media["hls"].replace("https:", "http:")).status_code == 403


def test_the_first_password_must_be_changed(live: Live, stranger: Browser) -> None:
    """The temporary password from the invitation is not sufficient."""
    live.account.invite(live.stack.outputs["UserPoolId"], "second@example.com")
    address, _ = stranger.authorization()
    page = stranger.followed(stranger.get(address))
    page = stranger.followed(
        stranger.submitted(
            page, username="second@example.com", password=live.account.mailbox["second@example.com"]
        )
    )
    assert not page.is_redirect
    assert 'name="new_password"' in page.text


def test_a_wrong_password_is_rejected(live: Live, signed_in: Browser, stranger: Browser) -> None:
    assert signed_in.tokens
    address, _ = stranger.authorization()
    page = stranger.followed(stranger.get(address))
    again = stranger.submitted(page, username=EMAIL, password="Wrong-horse-77")
    assert not again.is_redirect
    assert "Incorrect username or password" in again.text
    assert live.stack.outputs


@pytest.mark.parametrize("token", ["", "Bearer", "not-a-token"])
def test_cookies_need_a_token(stranger: Browser, token: str) -> None:
    assert stranger.ask_for_cookies(token).status_code == 401
    assert stranger.cookie_names == set()


def test_an_id_token_gets_no_cookies(signed_in: Browser, stranger: Browser) -> None:
    response = stranger.ask_for_cookies(signed_in.tokens["id_token"])
    assert response.status_code in (401, 403)
    assert stranger.cookie_names == set()


@pytest.mark.parametrize("other", ["client", "pool", "scope"])
def test_a_token_for_another_client_pool_or_scope_is_rejected(
    live: Live, stranger: Browser, other: str
) -> None:
    """The right token, created the same way, is accepted, so the difference is the reason."""
    tokens = {
        name: minted(live, **changed)
        for name, changed in {
            "right": {},
            "client": {"client_id": "another-client"},
            "pool": {"iss": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_another"},
            "scope": {"scope": "aws.cognito.signin.user.admin"},
        }.items()
    }
    assert stranger.ask_for_cookies(tokens[other]).status_code in (401, 403)
    assert stranger.cookie_names == set()
    assert stranger.ask_for_cookies(tokens["right"]).status_code == 200


def minted(live: Live, **changed: str) -> str:
    """An access token of the stack's pool, signed with the pool's own key."""
    pool = moto_pool(live.account, live.stack.outputs["UserPoolId"])
    now = int(live.account.clock.now())
    claims = {
        "sub": "somebody",
        "iss": f"https://cognito-idp.us-east-1.amazonaws.com/{pool.id}",
        "client_id": live.stack.outputs["UserPoolClientId"],
        "token_use": "access",
        "scope": "openid email",
        "iat": now,
        "exp": now + 300,
        **changed,
    }
    header = {"alg": "RS256", "kid": str(pool.json_web_key.kid)}
    return jwt.encode(header, claims, pool.json_web_key, algorithms=["RS256"])


@pytest.mark.parametrize("address", ["media", "api"])
def test_one_viewers_error_never_reaches_another(
    live: Live, signed_in: Browser, stranger: Browser, address: str
) -> None:
    """CloudFront may cache errors for all viewers, but not these."""
    if address == "media":
        assert stranger.get(live.media["hls"]).status_code == 403
        assert signed_in.get(live.media["hls"]).status_code == 200
    else:
        assert stranger.ask_for_cookies("not-a-token").status_code == 401
        assert signed_in.ask_for_cookies().status_code == 200


def test_a_disabled_viewer_gets_no_new_token(live: Live) -> None:
    pool, email = live.stack.outputs["UserPoolId"], "third@example.com"
    live.account.invite(pool, email)
    browser = live.browser()
    browser.sign_in(email, live.account.mailbox[email], new_password=PASSWORD)
    live.account.client("cognito-idp").admin_disable_user(UserPoolId=pool, Username=email)
    refreshed = browser.ask(
        "POST",
        f"https://{live.stack.outputs['SignInHost']}/oauth2/token",
        data={
            "grant_type": "refresh_token",
            "client_id": live.stack.outputs["UserPoolClientId"],
            "refresh_token": browser.tokens["refresh_token"],
        },
    )
    assert (refreshed.status_code, refreshed.json()) == (400, {"error": "invalid_grant"})
    browser.close()


def test_cookies_expire_and_can_be_deleted_even_with_an_expired_token(live: Live) -> None:
    """Skips the account's time, so later tests run later."""
    browser = live.browser()
    live.account.invite(live.stack.outputs["UserPoolId"], "last@example.com")
    browser.sign_in(
        "last@example.com", live.account.mailbox["last@example.com"], new_password=PASSWORD
    )
    answer = browser.ask_for_cookies()
    left = answer.json()["expires"] - live.account.clock.now()
    assert 3_600 <= left <= 3_900
    for seconds, status in ((left - 5, 200), (10, 403)):
        live.account.clock.skip(seconds)
        assert browser.get(live.media["segment"]).status_code == status
    ended = browser.ask_for_cookies()
    assert (ended.status_code, ended.json()["message"]) == (401, "The incoming token has expired")
    assert len(browser.cookie_names) == 4
    header = {"Authorization": f"Bearer {browser.tokens['access_token']}"}
    assert browser.ask("DELETE", "/api/cookies", headers=header).status_code == 204
    assert browser.cookie_names == set()
    browser.close()
