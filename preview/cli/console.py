"""Console commands of a running preview: what an operator would do with the AWS CLI, but faster."""

import argparse
import difflib
import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from preview.account import Account
from preview.cli.deployment import Deployment
from preview.cli.options import parameter
from preview.cli.status import status
from preview.cloudformation.providers.rotation import rotate
from preview.errors import PreviewError
from preview.hosts.routing import hosts
from preview.local.chromium import Window
from preview.resource import Resource
from preview.services.aws.sdk_error import meaning, without_sentence
from preview.services.functions.function import FunctionError
from preview.services.media import SILENT, START_SECONDS, STOP_SECONDS

FAILURES: Mapping[str, int] = {"404": 404, "503": 503, "silent": SILENT}
"""How the packager can fail: the statuses that it can return, or no answer at all."""
LONGEST = 2_592_000
"""Longest time, in seconds, for `skip` and `fail`: 30 days."""
E_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
USAGE = 28
"""Columns for a command and its arguments in the help."""
REVOKE = {"Act": "revoke every key"}
"""The event that revokes all keys (docs/keys.md)."""


@dataclass(frozen=True, kw_only=True)
class Console:
    """Runs typed commands, one after the other."""

    deployment: Deployment
    window: Window
    say: Callable[[str], None]
    viewers: Mapping[str, float] = field(default_factory=dict)
    """When each viewer's cookies expire, in epoch seconds, by name."""

    @property
    def account(self) -> Account:
        """The account with the stack."""
        return self.deployment.stack.account

    def obey(self, line: str) -> None:
        """Runs the command in a line and prints what came of it.

        Raises:
            KeyboardInterrupt: the operator ends the preview.
        """
        typed, *words = _words(line) or [""]
        name = typed.lower()
        command = COMMANDS.get(name)
        if not name:
            return
        if command is None:
            self.say(f"Unknown command: {typed}. {_advice(name)}")
            return
        if not command.takes(words):
            self.say(f"Usage: {_usage(name, command)}")
            return
        try:
            said = command.run(self, words)
        except (PreviewError, FunctionError) as refusal:
            said = without_sentence(str(refusal))
        except (ClientError, BotoCoreError) as error:
            said = meaning(error)
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
        how, seconds = words[0].lower(), words[1]
        if how not in FAILURES:
            raise PreviewError(f"STATUS must be one of {', '.join(FAILURES)}.")
        length = _seconds(seconds)
        self.account.media.fail(FAILURES[how], length)
        return f"failing  {'with ' if FAILURES[how] else ''}{how} for {length} s"

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

    def _mail(self, words: Sequence[str]) -> str:
        address = _e_mail(words[0])
        if address not in self.account.mailbox:
            raise PreviewError(f"Nothing was mailed to {address}.")
        return f"mail     {self.account.mailbox[address]} was mailed to {address}"

    def _join(self, words: Sequence[str]) -> str:
        address, group = _e_mail(words[0]), words[1]
        self.account.client("cognito-idp").admin_add_user_to_group(
            UserPoolId=self._pool(), Username=address, GroupName=group
        )
        return f"joined   {address} is a member of {group}"

    def _code(self, words: Sequence[str]) -> str:
        address = _e_mail(words[0])
        try:
            code = self.account.authenticators.shown(address)
        except KeyError:
            raise PreviewError(
                f"{address} has not started to set up an authenticator app."
            ) from None
        return f"code     {code} in the authenticator app of {address}"

    def _update(self, words: Sequence[str]) -> str:
        """The page's files and the functions' code are those next to the template file."""
        file, before = Path(words[0]).expanduser(), hosts(self.account)
        self.deployment.deploy(file, dict(map(_parameter, words[1:])))
        channels = self.account.resources.of_type("AWS::MediaLive::Channel")
        if any(self.account.media.state(one.ref) == "STARTING" for one in channels):
            self.account.events.pass_time(START_SECONDS)
        if set(hosts(self.account)) <= set(before):
            return f"updated  {self.account.stack.name} to {file}"
        return (
            f"updated  {self.account.stack.name} to {file}. Its host names are new: to watch it,"
            " end the preview and start it again."
        )

    def _status(self, _: Sequence[str]) -> str:
        return status(self.account, self.window, self.viewers)

    def _open(self, _: Sequence[str]) -> str:
        self.window.open()
        return "opened   the browser"

    def _help(self, _: Sequence[str]) -> str:
        lines = [f"{_usage(name, one):{USAGE}} {one.help}" for name, one in COMMANDS.items()]
        return "\n".join(lines)

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
    """The arguments, as the help names them; optional ones are in brackets, at the end."""
    help: str

    def takes(self, words: Sequence[str]) -> bool:
        """Whether it can have as many arguments."""
        required, optional, _ = self.words.partition("[")
        count = len(required.split())
        return len(words) >= count if optional else len(words) == count


COMMANDS: Mapping[str, Command] = {
    "status": Command(run=Console._status, help="show channel, viewers, keys, and clock"),
    "update": Command(
        run=Console._update,
        words="FILE [Name=Value ...]",
        help="update the stack to a template file",
    ),
    "open": Command(run=Console._open, help="open the browser again"),
    "stop": Command(run=Console._stop, help="take the channel off the air"),
    "start": Command(run=Console._start, help="put it on the air again"),
    "rotate": Command(run=Console._rotate, help="rotate the signing key"),
    "revoke": Command(run=Console._revoke, help="revoke every signing key immediately"),
    "fail": Command(
        run=Console._fail,
        words="STATUS SECONDS",
        help="make the packager fail (404, 503, silent)",
    ),
    "skip": Command(run=Console._skip, words="SECONDS", help="move the account's clock forward"),
    "invite": Command(run=Console._invite, words="EMAIL", help="add a viewer"),
    "disable": Command(run=Console._disable, words="EMAIL", help="disable a viewer"),
    "mail": Command(run=Console._mail, words="EMAIL", help="show what was mailed to a viewer"),
    "join": Command(run=Console._join, words="EMAIL GROUP", help="put a viewer into a group"),
    "code": Command(run=Console._code, words="EMAIL", help="show a viewer's authenticator code"),
    "help": Command(run=Console._help, help="list the commands"),
    "quit": Command(run=Console._quit, help="end the preview, like Ctrl-C"),
}


def _words(line: str) -> list[str]:
    """The words of a line; one in quotation marks may contain spaces, as in a shell."""
    try:
        return shlex.split(line)
    except ValueError:  # an apostrophe, not a quotation mark
        return line.split()


def _advice(name: str) -> str:
    """What to type instead of an unknown command."""
    near = difflib.get_close_matches(name, COMMANDS, n=1)
    return f"Did you mean '{near[0]}'?" if near else "Type 'help'."


def _parameter(text: str) -> tuple[str, str]:
    try:
        return parameter(text)
    except argparse.ArgumentTypeError as error:
        raise PreviewError(f"{error}.") from None


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
