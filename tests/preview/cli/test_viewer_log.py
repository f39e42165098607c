"""Viewer log: what the operator reads about viewers."""

import json
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

from preview.account import Account
from preview.cli.output import Output
from preview.cli.viewer_log import ViewerLog
from preview.cloudformation.stack import Stack
from preview.hosts.server import Served
from preview.services.edge.generated_responses import refused
from preview.services.edge.signed_requests import (
    ACCESS_DENIED,
    MALFORMED_POLICY,
    MISSING_KEY,
    UNKNOWN_KEY,
    Refusal,
)
from preview.services.media import SILENT
from tests.preview.browser import Browser
from tests.preview.operator import (
    PARAMETERS,
    copy_code,
    deployed,
    go_on_air,
    template_in,
    upload_page,
)
from tests.preview.scenario import certificate

EMAIL, PASSWORD = PARAMETERS["ViewerEmail"], "Correct-horse-7"
NOON = 1_764_158_400


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A stack on air, a viewer's browser, and the viewer log."""

    account: Account
    stack: Stack
    browser: Browser
    viewer_log: ViewerLog
    lines: list[str]

    def new(self) -> list[str]:
        """The lines since the last call."""
        new = [line.partition(" ")[2] for line in self.lines]
        self.lines.clear()
        return new


@pytest.fixture
def heard(built: Path) -> Iterator[Heard]:
    lines: list[str] = []
    with Account() as account:
        copy_code(account, built)
        stack = deployed(account, template_in(built))
        upload_page(account, stack.outputs)
        go_on_air(account, stack.outputs)
        viewer_log = ViewerLog(Output(lines.append, account.clock.now), account.clock.now)
        with Served(account, saw=viewer_log.saw, certificate=certificate()) as served:
            browser = Browser(
                served=served, clock=account.clock, watch_address=stack.outputs["WatchAddress"]
            )
            yield Heard(
                account=account,
                stack=stack,
                browser=browser,
                viewer_log=viewer_log,
                lines=lines,
            )
            browser.close()


def test_a_viewer_signs_in_plays_and_signs_out(heard: Heard) -> None:
    browser, outputs = heard.browser, heard.stack.outputs
    browser.get("/")
    browser.get(outputs["HlsManifest"])
    browser.get(outputs["HlsManifest"])
    assert heard.new() == ["refused     403 no cookies"]
    browser.sign_in(EMAIL, heard.account.mailbox[EMAIL], PASSWORD)
    assert heard.new() == [f"signed in   {EMAIL}"]
    browser.ask_for_cookies()
    (line,) = heard.new()
    assert line.startswith(f"cookies     {EMAIL} until ")
    until = heard.viewer_log.cookies_until[EMAIL] - heard.account.clock.now()
    assert 3600 <= until + 10 <= 4000
    browser.get(outputs["HlsManifest"])
    browser.get(outputs["HlsManifest"])
    browser.get(outputs["DashManifest"])
    assert heard.new() == ["playing     HLS", "playing     DASH"]
    browser.ask("DELETE", "/api/cookies")
    assert heard.new() == ["signed out"]


def test_failures_and_recovery_are_logged(heard: Heard) -> None:
    browser, outputs = heard.browser, heard.stack.outputs
    browser.sign_in(EMAIL, heard.account.mailbox[EMAIL], PASSWORD)
    browser.ask_for_cookies()
    browser.get(outputs["HlsManifest"])
    heard.new()
    heard.account.media.fail(503, 60)
    browser.get(outputs["HlsManifest"])
    browser.get(outputs["HlsManifest"])
    assert heard.new() == ["no media    503 from the packager"]
    heard.account.clock.skip(61)
    browser.get(outputs["HlsManifest"])
    assert heard.new() == ["playing     HLS"]
    heard.account.clock.skip(86_400)
    browser.get(outputs["HlsManifest"])
    browser.ask_for_cookies()
    first, second = heard.new()
    assert first.startswith("refused     403 cookies expired at ")
    assert second == "refused     401 at /api/cookies"


def _waits(heard: Heard, manifest: str, seconds: float) -> int:
    """The status of a request for which CloudFront waits that long."""
    with ThreadPoolExecutor() as threads:
        answer = threads.submit(heard.browser.get, manifest)
        end = heard.account.clock.now() + seconds
        while not answer.done():
            time.sleep(0.2)
            assert answer.done() or heard.account.clock.now() < end + 5
            heard.account.clock.skip(seconds / 10)
        assert heard.account.clock.now() >= end
        return answer.result().status_code


def test_cloudfront_gives_up_on_a_silent_packager(heard: Heard) -> None:
    """It attempts as often, and waits as long each time, as the template says."""
    browser, outputs = heard.browser, heard.stack.outputs
    browser.sign_in(EMAIL, heard.account.mailbox[EMAIL], PASSWORD)
    browser.ask_for_cookies()
    heard.new()
    (distribution,) = heard.account.resources.of_type("AWS::CloudFront::Distribution")
    origins = distribution.properties["DistributionConfig"]["Origins"]
    packager = next(one for one in origins if one["Id"] == "packager")
    timeout = packager["CustomOriginConfig"]["OriginReadTimeout"]
    attempts = packager["ConnectionAttempts"]
    heard.account.media.fail(SILENT, 3600)
    assert _waits(heard, outputs["HlsManifest"], timeout * attempts) == 504
    assert heard.new() == ["no media    504 from the packager"]
    heard.account.media.fail(SILENT, timeout / 2)
    assert _waits(heard, outputs["HlsManifest"], timeout) == 200
    assert heard.new() == ["playing     HLS"]


def test_a_renewed_sign_in_and_an_expired_one_are_logged(heard: Heard) -> None:
    browser, outputs = heard.browser, heard.stack.outputs
    browser.sign_in(EMAIL, heard.account.mailbox[EMAIL], PASSWORD)
    heard.new()
    asked = {
        "grant_type": "refresh_token",
        "client_id": outputs["UserPoolClientId"],
        "refresh_token": browser.tokens["refresh_token"],
    }
    address = f"https://{outputs['SignInHost']}/oauth2/token"
    browser.ask("POST", address, data=asked)
    browser.ask("POST", address, data={**asked, "refresh_token": "another"})
    browser.ask("POST", address, data={**asked, "grant_type": "authorization_code"})
    assert heard.new() == [
        f"renewed     sign-in of {EMAIL}",
        "refused     400 the sign-in has expired",
        "refused     400 the sign-in is not valid",
    ]


def test_no_line_contains_a_secret(built: Path) -> None:
    lines: list[str] = []
    with Account() as account:
        copy_code(account, built)
        stack = deployed(account, template_in(built))
        go_on_air(account, stack.outputs)
        output = Output(lines.append, account.clock.now)
        viewer_log = ViewerLog(output, account.clock.now, requests=True)
        with Served(account, saw=viewer_log.saw, certificate=certificate()) as served:
            browser = Browser(
                served=served, clock=account.clock, watch_address=stack.outputs["WatchAddress"]
            )
            temporary = account.mailbox[EMAIL]
            browser.sign_in(EMAIL, temporary, PASSWORD)
            browser.ask_for_cookies()
            browser.get(f"{stack.outputs['HlsManifest']}?token=query-0123")
            cookies = [str(one.value) for one in browser.session.cookies]
            browser.close()
    text = "\n".join(lines)
    secrets = [*cookies, *map(str, browser.tokens.values()), temporary, PASSWORD, "query-0123"]
    assert [one for one in secrets if len(one) > 6 and one in text] == []
    path = "/".join(stack.outputs["HlsManifest"].split("/")[3:])
    assert f" 200 GET {stack.outputs['WatchAddress']}{path}\n" in f"{text}\n"


@pytest.mark.parametrize(
    ("refusal", "reason"),
    [
        (MISSING_KEY, "no cookies"),
        (UNKNOWN_KEY, "cookies signed with a key that is not trusted"),
        (MALFORMED_POLICY, "damaged cookies"),
        (ACCESS_DENIED, "cookies for another stream, or damaged cookies"),
        (Refusal("Unheard", "of"), "Unheard"),
    ],
)
def test_every_refusal_has_its_reason(refusal: Refusal, reason: str) -> None:
    lines: list[str] = []
    request = Request(EnvironBuilder("/out/v1/a/b/c/seg.mp4").get_environ())
    ViewerLog(Output(lines.append, lambda: NOON), lambda: NOON).saw(request, refused(refusal))
    assert [line.partition(" ")[2] for line in lines] == [f"refused     403 {reason}"]


@pytest.mark.parametrize(
    "token", ["", "a", "a.b.c", "a.bnVsbA.c", "a." + "e30" + ".c", "\N{SNOWMAN}.\N{SNOWMAN}."]
)
def test_an_invalid_token_still_gets_a_line(token: str) -> None:
    """Accepted tokens are valid, but no token may break the response."""
    lines: list[str] = []
    request = Request(EnvironBuilder("/api/cookies").get_environ())
    request.environ["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    body = json.dumps({"expires": NOON})
    response = Response(body, content_type="application/json")
    response.set_cookie("CloudFront-Policy", "x")
    ViewerLog(Output(lines.append, lambda: NOON), lambda: NOON).saw(request, response)
    (line,) = lines
    assert re.fullmatch(r"\d\d:\d\d:\d\d cookies     a viewer until \d\d:\d\d:\d\d", line)
