"""`protected-stream viewers`."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from protected_stream.cli.exit_status import (
    AWS_REFUSED,
    CLEAN,
    FINDINGS,
    INTERRUPTED,
    NOTHING_WRITTEN,
)
from protected_stream.operator.viewers import Invitation, read
from tests.unit.operator.running_stream.aws import refuse
from tests.unit.operator.running_stream.conftest import Deployed

CREATE = "cognito-idp:AdminCreateUser"


@pytest.fixture
def addresses(tmp_path: Path) -> Callable[[int], Path]:
    """A file with that many addresses."""

    def file(count: int) -> Path:
        path = tmp_path / "viewers.csv"
        path.write_text("".join(f"viewer{number}@example.com\n" for number in range(count)))
        return path

    return file


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "a@example.com\nb@example.com,editors\n",
            [("a@example.com", "g"), ("b@example.com", "editors")],
        ),
        ("email,group\r\na@example.com,\r\n\r\n", [("a@example.com", "g")]),
        ('"a@example.com"\n', [("a@example.com", "g")]),
        ("", []),
    ],
)
def test_a_file_has_an_address_in_each_line(text: str, expected: list[tuple[str, str]]) -> None:
    invitations, mistakes = read(text, ("g", "editors"), group="g")
    assert mistakes == []
    assert invitations == [Invitation(address=name, group=group) for name, group in expected]


@pytest.mark.parametrize(
    ("text", "groups", "mistake"),
    [
        ("a@example.com\nb\n", (), "line 2: b is not an e-mail address"),
        ("a@example.com;g\n", (), "line 1: a@example.com;g is not an e-mail address"),
        ("a@example.com\nA@example.com\n", (), "line 2: the address is in line 1, too"),
        ("a@example.com,g,x\n", ("g",), "line 1: it has more than two columns"),
        ("a@example.com,h\n", ("g",), "line 1: the stream file has no group h"),
        ("a@example.com\n", ("g", "h"), "line 1: only members of g or h may watch"),
        (",g\n", ("g",), "line 1: an empty cell is not an e-mail address"),
        (f"{'a' * 120}@example.com\n", (), "line 1: the address has more than 128 characters"),
        ("a\x1b@example.com\n", (), "line 1: a\\x1b@example.com is not an e-mail address"),
    ],
)
def test_mistakes_in_a_file_have_line_numbers(
    text: str, groups: tuple[str, ...], mistake: str
) -> None:
    _, (found, *_) = read(text, groups)
    assert found.startswith(mistake)


def test_nobody_is_invited_from_a_file_with_mistakes(live: Deployed, tmp_path: Path) -> None:
    path = tmp_path / "viewers.csv"
    for content in (b"a@example.com\nb\n", b"\xff\xfe", None):
        path.unlink(missing_ok=True) if content is None else path.write_bytes(content)
        assert live.run(f"viewers import {path}").status == NOTHING_WRITTEN
    assert CREATE not in live.aws.actions


def test_an_import_skips_accounts_that_are_there(
    live: Deployed, addresses: Callable[[int], Path]
) -> None:
    live.stream.add_viewer("Viewer3@example.com", ago=1e6)
    said = live.run(f"viewers import {addresses(30)}")
    assert (said.status, len(live.stream.mails)) == (CLEAN, 29)
    assert "29 invited, 1 had an account already, 0 left." in said.out
    assert "10 of at most 30 invited" in said.err
    # ten a second
    assert live.stream.time >= live.aws.actions.count(CREATE) / 10


@pytest.mark.parametrize(
    ("sender", "options", "invited", "mails"),
    [
        ("COGNITO_DEFAULT", "", 30, 30),
        ("COGNITO_DEFAULT", " --no-mail", 200, 0),
        ("DEVELOPER", "", 200, 200),
    ],
)
def test_it_stops_before_the_mails_of_a_day_run_out(
    live: Deployed,
    addresses: Callable[[int], Path],
    sender: str,
    options: str,
    invited: int,
    mails: int,
) -> None:
    live.stream.mail_sender = sender
    for number in range(20):
        live.stream.add_viewer(f"today{number}@example.com", ago=3600)
        live.stream.add_viewer(f"earlier{number}@example.com", ago=90_000)
    said = live.run(f"viewers import {addresses(200)}{options} --json")
    assert json.loads(said.out) == {"invited": invited, "there": 0, "left": 200 - invited}
    assert said.status == (CLEAN if invited == 200 else FINDINGS)
    assert len(live.stream.mails) == mails
    assert ("--resend" in said.err) == ("--no-mail" in options)


@pytest.mark.parametrize("failure", ["Ctrl-C", "TooManyRequestsException"])
def test_an_import_can_be_resumed(
    live: Deployed, addresses: Callable[[int], Path], failure: str
) -> None:
    path = addresses(20)
    # after the stack, its template and resources, the list and the mail settings
    live.aws.interrupted_at = 12
    if failure != "Ctrl-C":
        live.aws.interrupted_at = None
        live.aws.failures[CREATE] = refuse(failure)
    said = live.run(f"viewers import {path}")
    assert said.status == (INTERRUPTED if failure == "Ctrl-C" else AWS_REFUSED)
    assert "Run this again: it skips them." in said.err
    live.aws.interrupted_at = None
    live.aws.failures.clear()
    assert live.run(f"viewers import {path}").status == CLEAN
    assert sorted(live.stream.mails) == sorted({*live.stream.viewers})
    assert len(live.stream.viewers) == 20


def test_an_account_is_invited_and_listed(live: Deployed) -> None:
    assert live.run("viewers invite a@example.com").status == CLEAN
    again = live.run("viewers invite a@example.com")
    assert "has an account already" in again.out
    assert live.stream.mails == ["a@example.com"]
    listed = live.run("viewers list").out
    assert listed == "a@example.com\tFORCE_CHANGE_PASSWORD\t2026-11-30\ta@example.com\n"


def test_an_invitation_can_be_sent_again(live: Deployed) -> None:
    said = live.run("viewers invite a@example.com --no-mail")
    assert live.stream.mails == []
    assert "--resend" in said.err
    assert live.run("viewers invite a@example.com --resend").status == CLEAN
    assert live.stream.mails == ["a@example.com"]


def test_a_disabled_account_is_listed_as_such(live: Deployed) -> None:
    live.run("viewers invite a@example.com")
    said = live.run("viewers disable a@example.com")
    assert "until they expire" in said.out
    assert "DISABLED" in live.run("viewers list").out
    assert live.run("viewers disable b@example.com").status == AWS_REFUSED


def test_viewers_of_groups_are_put_into_one(deploy: Callable[..., Deployed]) -> None:
    deployed = deploy("subscribers")
    refused = deployed.run("viewers invite a@example.com")
    assert refused.status == NOTHING_WRITTEN
    assert "Only members of subscribers or editors may watch: name one." in refused.err
    assert deployed.run("viewers invite a@example.com --group editors").status == CLEAN
    assert deployed.stream.members == [("a@example.com", "editors")]


@pytest.mark.parametrize("example", ["existing-pool", "existing-client"])
@pytest.mark.parametrize("kind", ["list", "invite a@example.com", "disable a@example.com"])
def test_a_pool_of_somebody_else_is_left_alone(
    deploy: Callable[..., Deployed], example: str, kind: str
) -> None:
    deployed = deploy(example)
    said = deployed.run(f"viewers {kind}")
    assert said.status == AWS_REFUSED
    assert "only its owner" in said.err
    assert not [action for action in deployed.aws.actions if action.startswith("cognito")]


def test_viewers_of_identity_providers_need_no_invitation(deploy: Callable[..., Deployed]) -> None:
    assert "need no invitation" in deploy("company-login").run("viewers list").err
