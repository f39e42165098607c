"""Console commands, on the default template's stack."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from preview.account import Account
from preview.cli.console import COMMANDS, Console, typed
from preview.cloudformation.stack import Stack
from preview.errors import PreviewError
from preview.local.chromium import Window
from tests.preview.browser import App
from tests.preview.operator import copy_code, deployed, go_on_air, template_in

VIEWER = "second@example.com"
IN_THE_BACKGROUND = """
import fcntl, os, subprocess, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
behind = subprocess.Popen([sys.executable, "-c", sys.argv[1]], process_group=0)
_, status = os.waitpid(behind.pid, os.WUNTRACED)
sys.exit(os.WIFSTOPPED(status))
"""
"""Starts a background process, as a shell does with `&`; the exit code is 1 if it was stopped."""
READS = """
import threading
from preview.cli.console import typed
typed()
for thread in threading.enumerate():
    if thread.daemon:
        thread.join(20)
"""


class NoWindow(Window):
    """A window that cannot be opened."""

    def __init__(self) -> None:
        super().__init__(["chromium"], Path())

    def open(self) -> None:
        raise PreviewError("The browser is already open.")


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A stack on air and its console."""

    account: Account
    stack: Stack
    console: Console
    said: list[str] = field(default_factory=list)

    def __call__(self, line: str) -> str:
        """The output for a typed line."""
        self.said.clear()
        self.console.obey(line)
        return "\n".join(self.said)

    @property
    def state(self) -> str:
        """The channel's state."""
        return self.account.media.state(self.stack.outputs["ChannelId"])

    def user(self) -> dict[str, object]:
        """The second viewer's Cognito user."""
        answer = self.account.client("cognito-idp").admin_get_user(
            UserPoolId=self.stack.outputs["UserPoolId"], Username=VIEWER
        )
        return dict(answer)


@pytest.fixture(scope="module")
def desk(built: Path) -> Iterator[Desk]:
    """One desk for all tests: each leaves the channel on air."""
    with Account() as account:
        copy_code(account, built)
        stack = deployed(account, template_in(built))
        go_on_air(account, stack.outputs)
        said: list[str] = []
        console = Console(account=account, window=NoWindow(), say=said.append)
        yield Desk(account=account, stack=stack, console=console, said=said)


def test_the_channel_stops_and_starts(desk: Desk) -> None:
    assert desk("stop") == "stopped  Channel"
    assert desk.state == "IDLE"
    assert desk("stop") == f"The channel {desk.stack.outputs['ChannelId']} is IDLE, not RUNNING."
    assert desk("start") == "started  Channel"
    assert desk.state == "RUNNING"
    assert "is RUNNING, not IDLE." in desk("start")


def test_the_key_rotates_and_all_keys_are_revoked(desk: Desk) -> None:
    assert desk("rotate") == "rotated  SigningSecret"
    assert "does not sign yet. Nothing was changed." in desk("rotate")
    assert desk("revoke").startswith("revoked  The key ")


def test_skipping_time_runs_due_schedules(desk: Desk) -> None:
    """After 12 hours, the stack's own guard stops the channel."""
    before = desk.account.clock.now()
    assert desk("skip 46800") == "skipped  46800 s"
    assert desk.account.clock.now() - before == pytest.approx(46_800, abs=60)
    assert desk.state == "IDLE"
    assert desk("start") == "started  Channel"


def test_the_packager_fails_for_a_while(desk: Desk) -> None:
    assert desk("fail 503 30") == "failing  with 503 for 30 s"
    assert desk.account.media.failure() == 503
    assert desk("skip 31") == "skipped  31 s"
    assert desk.account.media.failure() is None


def test_viewers_are_invited_and_disabled(desk: Desk) -> None:
    said = desk(f"invite {VIEWER}")
    password = desk.account.mailbox[VIEWER]
    assert said == f"invited  {VIEWER}: the temporary password is {password}"
    assert desk.user()["Enabled"] is True
    assert "UsernameExistsException" in desk(f"invite {VIEWER}")
    assert desk(f"disable {VIEWER}") == f"disabled {VIEWER}"
    assert desk.user()["Enabled"] is False
    assert "UserNotFoundException" in desk("disable nobody@example.com")


def test_a_code_is_the_one_in_the_viewers_app(desk: Desk) -> None:
    app = App(desk.account.authenticators.key(VIEWER))
    said = desk(f"code {VIEWER}")
    now = desk.account.clock.now()
    assert said in {
        f"code     {app.shown(at)} in the authenticator app of {VIEWER}" for at in (now - 30, now)
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("code me@example.com", "me@example.com has not started to set up an authenticator app."),
        ("dance", "Unknown command: dance. Type 'help'."),
        ("stop now", "Usage: stop"),
        ("fail 404", "Usage: fail STATUS SECONDS"),
        ("fail 500 10", "STATUS must be one of 404, 503."),
        ("fail 404 soon", "SECONDS must be from 1 to 2592000."),
        ("skip 0", "SECONDS must be from 1 to 2592000."),
        ("skip 2592001", "SECONDS must be from 1 to 2592000."),
        ("skip -1", "SECONDS must be from 1 to 2592000."),
        ("skip \N{SUPERSCRIPT TWO}", "SECONDS must be from 1 to 2592000."),
        ("invite somebody", "somebody is not an email address."),
        ("disable somebody", "somebody is not an email address."),
        ("browser", "The browser is already open."),
        ("", ""),
        ("  ", ""),
    ],
)
def test_a_mistake_gets_a_one_line_error(desk: Desk, line: str, said: str) -> None:
    before = desk.state
    assert desk(line) == said
    assert desk.state == before


def test_the_help_names_every_command(desk: Desk) -> None:
    lines = [line.strip() for line in desk("help").splitlines()]
    assert [line.split()[0] for line in lines] == list(COMMANDS)


def test_quit_is_like_ctrl_c(desk: Desk) -> None:
    with pytest.raises(KeyboardInterrupt):
        desk("quit")


def test_a_missing_resource_is_an_error(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.account.resources, "by_logical_id", {})
    assert desk("rotate") == "The stack has no AWS::SecretsManager::RotationSchedule."
    assert desk("stop") == "The stack has no AWS::MediaLive::Channel."


def _soon(done: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not done():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_lines_arrive_as_they_are_typed() -> None:
    reader, writer = os.pipe()
    lines = typed(reader)
    os.write(writer, b"stop\nsta")
    assert lines.get(timeout=20) == "stop"
    os.write(writer, b"rt\n\xff\n")
    assert lines.get(timeout=20) == "start"
    assert lines.get(timeout=20) == "\N{REPLACEMENT CHARACTER}"
    os.close(writer)
    _soon(lines.empty)
    os.close(reader)


def test_without_standard_input_there_are_no_lines() -> None:
    reader, writer = os.pipe()
    os.close(writer)
    os.close(reader)
    assert typed(reader).empty()


def test_in_the_background_it_keeps_running_and_reads_nothing() -> None:
    controller, terminal = os.openpty()
    command = [sys.executable, "-c", IN_THE_BACKGROUND, READS]
    ended = subprocess.run(command, stdin=terminal, start_new_session=True, check=False)
    os.close(terminal)
    os.close(controller)
    assert ended.returncode == 0


def test_reading_does_not_affect_other_threads() -> None:
    before = signal.getsignal(signal.SIGTTIN), signal.pthread_sigmask(signal.SIG_BLOCK, ())
    typed(os.open(os.devnull, os.O_RDONLY))
    after = signal.getsignal(signal.SIGTTIN), signal.pthread_sigmask(signal.SIG_BLOCK, ())
    assert after == before
