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


def platform_line(kind: str, **record: object) -> str:
    """A line that Lambda writes itself."""
    return json.dumps(
        {"time": "2026-11-30T19:59:00Z", "type": f"platform.{kind}", "record": record}
    )


@pytest.mark.parametrize("follow", ["", " --follow"])
def test_lambda_s_lines_about_invocations_that_went_well_are_left_out(
    live: Deployed, follow: str
) -> None:
    hidden = (
        platform_line("start"),
        platform_line("report", status="success"),
        platform_line("report"),
    )
    shown = (
        "INFO a line of the function",
        platform_line("report", status="timeout"),
        platform_line("logsDropped", reason="too many"),
        "[1, 2]",
        '{"type": ["platform.start"]}',
    )
    for text in (*hidden, *shown):
        log(live, ("CookiesFunction", 5, text))
    if follow:
        live.aws.interrupted_at = 10
    texts = [row.split(" ", 3)[3] for row in live.run(f"logs{follow}").out.splitlines()]
    assert texts == [*shown]
    live.aws.interrupted_at = len(live.aws.calls) + 10 if follow else None
    assert len(live.run(f"logs --all{follow}").out.splitlines()) == len(hidden) + len(shown)


def test_a_log_of_invocations_alone_is_said_to_have_them(live: Deployed) -> None:
    log(live, ("CookiesFunction", 5, platform_line("start")))
    assert "in that time, except that functions ran, which --all shows." in live.run("logs").err
    live.stream.logged.clear()
    assert live.run("logs").err.endswith("Nothing was logged in that time.\n")


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
