"""Console commands of a running preview: what an operator would do with the AWS CLI, but faster."""

import os
import queue
import re
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from botocore.exceptions import ClientError

from preview.account import Account
from preview.cloudformation.providers.rotation import rotate
from preview.errors import PreviewError
from preview.local.chromium import Window
from preview.resource import Resource
from preview.services.functions.function import FunctionError
from preview.services.media import START_SECONDS, STOP_SECONDS

FAILURES = ("404", "503")
"""Statuses that a failing packager can return."""
LONGEST = 2_592_000
"""Longest time, in seconds, for `skip` and `fail`: 30 days."""
E_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
REVOKE = {"Act": "revoke every key"}
"""The event that revokes all keys (docs/keys.md)."""


@dataclass(frozen=True, kw_only=True)
class Console:
    """Runs typed commands, one after the other."""

    account: Account
    window: Window
    say: Callable[[str], None]

    def obey(self, line: str) -> None:
        """Runs the command in a line and prints one line about it; `help` prints more.

        Raises:
            KeyboardInterrupt: the operator ends the preview.
        """
        name, *words = line.split() or [""]
        command = COMMANDS.get(name)
        if not name:
            return
        if command is None:
            self.say(f"Unknown command: {name}. Type 'help'.")
            return
        if len(words) != len(command.words.split()):
            self.say(f"Usage: {_usage(name, command)}")
            return
        try:
            said = command.run(self, words)
        except (PreviewError, FunctionError) as refusal:
            said = str(refusal)
        except ClientError as error:
            said = str(error)
        self.say(said)

    def _stop(self, _: Sequence[str]) -> str:
        channels = self._channels()
        for channel in channels:
            self.account.media.stop(channel.ref)
        self.account.events.pass_time(STOP_SECONDS)
        return f"stopped  {_names(channels)}"

    def _start(self, _: Sequence[str]) -> str:
        channels = self._channels()
        for channel in channels:
            self.account.media.start(channel.ref)
        self.account.events.pass_time(START_SECONDS)
        return f"started  {_names(channels)}"

    def _rotate(self, _: Sequence[str]) -> str:
        schedule = self._one("AWS::SecretsManager::RotationSchedule")
        rotate(self.account, schedule)
        secret = self.account.resources.one(
            "AWS::SecretsManager::Secret", schedule.properties["SecretId"]
        )
        return f"rotated  {secret.logical_id}"

    def _revoke(self, _: Sequence[str]) -> str:
        schedule = self._one("AWS::SecretsManager::RotationSchedule")
        return f"revoked  {self.account.run(schedule.properties['RotationLambdaARN'], REVOKE)}"

    def _fail(self, words: Sequence[str]) -> str:
        status, seconds = words
        if status not in FAILURES:
            raise PreviewError(f"STATUS must be one of {', '.join(FAILURES)}.")
        length = _seconds(seconds)
        self.account.media.fail(int(status), length)
        return f"failing  with {status} for {length} s"

    def _skip(self, words: Sequence[str]) -> str:
        length = _seconds(words[0])
        self.account.events.pass_time(length)
        return f"skipped  {length} s"

    def _invite(self, words: Sequence[str]) -> str:
        address = _e_mail(words[0])
        self.account.invite(self._pool(), address)
        return f"invited  {address}: the temporary password is {self.account.mailbox[address]}"

    def _disable(self, words: Sequence[str]) -> str:
        address = _e_mail(words[0])
        self.account.client("cognito-idp").admin_disable_user(
            UserPoolId=self._pool(), Username=address
        )
        return f"disabled {address}"

    def _code(self, words: Sequence[str]) -> str:
        address = _e_mail(words[0])
        try:
            code = self.account.authenticators.shown(address)
        except KeyError:
            raise PreviewError(
                f"{address} has not started to set up an authenticator app."
            ) from None
        return f"code     {code} in the authenticator app of {address}"

    def _browser(self, _: Sequence[str]) -> str:
        self.window.open()
        return "opened   the browser"

    def _help(self, _: Sequence[str]) -> str:
        lines = [f"{_usage(name, one):20} {one.help}" for name, one in COMMANDS.items()]
        return "\n  ".join(lines)

    def _quit(self, _: Sequence[str]) -> str:
        raise KeyboardInterrupt

    def _channels(self) -> list[Resource]:
        self._one("AWS::MediaLive::Channel")
        channels = self.account.resources.of_type("AWS::MediaLive::Channel")
        return [one for one in channels if one.ref not in self.account.media.gone]

    def _pool(self) -> str:
        return self._one("AWS::Cognito::UserPool").ref

    def _one(self, resource_type: str) -> Resource:
        for resource in self.account.resources.of_type(resource_type):
            return resource
        raise PreviewError(f"The stack has no {resource_type}.")


@dataclass(frozen=True, kw_only=True)
class Command:
    """A console command."""

    run: Callable[[Console, Sequence[str]], str]
    """Takes the arguments; returns the line to print."""
    words: str = ""
    """The arguments, as the help names them."""
    help: str


COMMANDS: Mapping[str, Command] = {
    "stop": Command(run=Console._stop, help="take the channel off the air"),
    "start": Command(run=Console._start, help="put it on the air again"),
    "rotate": Command(run=Console._rotate, help="rotate the signing key"),
    "revoke": Command(run=Console._revoke, help="revoke every signing key immediately"),
    "fail": Command(
        run=Console._fail, words="STATUS SECONDS", help="make the packager return 404 or 503"
    ),
    "skip": Command(run=Console._skip, words="SECONDS", help="move the account's clock forward"),
    "invite": Command(run=Console._invite, words="EMAIL", help="add a viewer"),
    "disable": Command(run=Console._disable, words="EMAIL", help="disable a viewer"),
    "code": Command(
        run=Console._code, words="EMAIL", help="show the code in a viewer's authenticator app"
    ),
    "browser": Command(run=Console._browser, help="open the browser again"),
    "help": Command(run=Console._help, help="list the commands"),
    "quit": Command(run=Console._quit, help="end the preview, as Ctrl-C does"),
}


def typed(descriptor: int = 0) -> "queue.Queue[str]":
    """The lines from a file descriptor, as they arrive, until it ends.

    The reading thread bypasses Python's buffers: if a buffer's lock is held when the process ends,
    that is a fatal error.
    """
    lines: queue.Queue[str] = queue.Queue()
    threading.Thread(target=_read, args=(descriptor, lines), daemon=True).start()
    return lines


def _read(descriptor: int, lines: "queue.Queue[str]") -> None:
    # Otherwise the terminal would stop a background preview that reads. In this thread only: the
    # processes of the functions inherit what the preview ignores everywhere.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTIN})
    rest = b""
    try:
        while more := os.read(descriptor, 4096):
            *whole, rest = (rest + more).split(b"\n")
            for line in whole:
                lines.put(line.decode(errors="replace"))
    except OSError:  # there is no standard input, or it belongs to another process
        return


def _usage(name: str, command: Command) -> str:
    return f"{name} {command.words}".rstrip()


def _seconds(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,7}", text) or not 1 <= int(text) <= LONGEST:
        raise PreviewError(f"SECONDS must be from 1 to {LONGEST}.")
    return int(text)


def _e_mail(text: str) -> str:
    if not E_MAIL.fullmatch(text):
        raise PreviewError(f"{text} is not an email address.")
    return text


def _names(resources: Sequence[Resource]) -> str:
    return ", ".join(one.logical_id for one in resources)
