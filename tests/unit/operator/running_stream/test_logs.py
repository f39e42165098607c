"""`protected-stream logs`."""

import json
from collections.abc import Callable

import pytest

from protected_stream.cli.exit_status import CLEAN, INTERRUPTED, NOTHING_WRITTEN
from protected_stream.operator.logs import without_secrets
from tests.unit.operator.running_stream.conftest import Deployed
from tests.unit.operator.running_stream.stream import NOW

TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"


def function_line(text: str) -> str:
    """A line of a function, in Lambda's JSON format."""
    return json.dumps({"level": "WARNING", "message": text, "requestId": "1", "logger": "stream"})


def log(deployed: Deployed, *logged: tuple[str, float, str]) -> None:
    """Log groups, seconds before now, and lines."""
    deployed.stream.logged += [(f"{name}Log", NOW - ago, text) for name, ago, text in logged]


def test_lines_of_all_logs_are_in_order(live: Deployed) -> None:
    log(
        live,
        ("CookiesFunction", 10, function_line("third")),
        ("CookiesFunction", 30, function_line("first")),
        ("ChannelGuardFunction", 20, "second, not JSON\n"),
        ("CookiesFunction", 7200, "too old"),
    )
    said = live.run("logs")
    assert said.status == CLEAN
    assert said.out.splitlines() == [
        "2026-11-30 19:59:30 CookiesFunction WARNING first",
        "2026-11-30 19:59:40 ChannelGuardFunction second, not JSON",
        "2026-11-30 19:59:50 CookiesFunction WARNING third",
    ]
    assert "too old" in live.run("logs --since 1d").out


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("CookiesFunction", "CookiesFunction"),
        ("cookies", "CookiesFunction"),
        ("signing", "SigningKeyFunction"),
        ("api", "api"),
        ("access", "access"),
    ],
)
def test_one_log_can_be_chosen(deploy: Callable[..., Deployed], source: str, expected: str) -> None:
    deployed = deploy("native-players")
    names = {"api": "ApiExecution", "access": "Api"}
    for name in ("CookiesFunction", "ApiExecution", "Api", "SigningKeyFunction"):
        log(deployed, (name, 5, f"line of {name}"))
    (line,) = deployed.run(f"logs {source} --json").out.splitlines()
    assert json.loads(line) == {
        "time": "2026-11-30T19:59:55+00:00",
        "source": expected,
        "text": f"line of {names.get(expected, expected)}",
    }


def test_an_unknown_log_is_refused_with_those_that_there_are(live: Deployed) -> None:
    said = live.run("logs access")
    assert said.status == NOTHING_WRITTEN
    assert "There are: ChannelGuardFunction, CookiesFunction, SigningKeyFunction." in said.err


@pytest.mark.parametrize("since", ["1w", "-1h", "h", ""])
def test_a_time_that_is_none_is_refused(
    live: Deployed, since: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        live.run(f"logs --since={since}")
    assert "not a time such as" in capsys.readouterr().err


def test_following_shows_each_line_once_until_ctrl_c(live: Deployed) -> None:
    log(
        live,
        ("CookiesFunction", 10, "before"),
        *(("CookiesFunction", -seconds, f"after {seconds}") for seconds in (2, 9, 30)),
    )
    live.aws.interrupted_at = 40
    said = live.run("logs cookies --follow")
    assert said.status == INTERRUPTED
    texts = [line.split("CookiesFunction ")[1] for line in said.out.splitlines()]
    assert texts == ["before", "after 2", "after 9", "after 30"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"Authorization: Bearer {TOKEN}", "Authorization: Bearer [hidden]"),
        (f"token {TOKEN} expired", "token [token] expired"),
        ("CloudFront-Signature=abc~_; Path=/", "CloudFront-Signature=[hidden]; Path=/"),
        ('{"CloudFront-Policy": "eyJz"}', '{"CloudFront-Policy": "[hidden]"}'),
        ('{"password": "hunter2", "a": 1}', '{"password": "[hidden]", "a": 1}'),
        ("refresh_token=abc&x=1", "refresh_token=[hidden]"),
        ("GET /api/cookies 200", "GET /api/cookies 200"),
        ("key cannot sign: KMSInvalidStateException", "key cannot sign: KMSInvalidStateException"),
    ],
)
def test_tokens_cookies_and_passwords_are_hidden(text: str, shown: str) -> None:
    assert without_secrets(text) == shown
