"""Preview with an empty account: a client such as the AWS CLI deploys the stack to it."""

import contextlib
import os
import shlex
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from preview.account import Account
from preview.cli.deployment import OTHERS
from preview.cli.options import Options
from preview.cli.output import Output
from preview.cli.session import (
    FOLDER,
    TICK,
    check_programs,
    encoder_of,
    say_how_to_open,
    say_where,
    send_to_inputs,
    window_of,
)
from preview.cli.terminal import Terminal
from preview.cli.viewer_log import ViewerLog
from preview.encoder import Broadcast
from preview.endpoint.server import Endpoint
from preview.endpoint.stacks import Record
from preview.hosts.server import Served
from preview.local.work_dir import work_dir


def run(options: Options, terminal: Terminal) -> None:
    """Serves an empty account, and the hosts of the stack that a client creates in it.

    Args:
        options: the command line.
        terminal: where the operator reads.

    Raises:
        PreviewError: an option is wrong, or a program is missing on this machine.
        KeyboardInterrupt: the operator ended it.
    """
    check_programs(options)
    options.template.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as closing:
        folder = closing.enter_context(work_dir(options.template.parent / FOLDER))
        account = closing.enter_context(Account(options.stack))
        account.media.push_port = options.push_port
        output = Output(terminal.write, account.clock.now)
        encoder = encoder_of(account, folder, options, output.say)
        if encoder is not None:
            closing.callback(encoder.close)
        log = ViewerLog(output, account.clock.now, requests=options.requests)
        served = closing.enter_context(Served(account, saw=log.saw))
        endpoint = closing.enter_context(Endpoint(account, OTHERS))
        terminal.write(_exports(endpoint))
        output.say("waiting  for a client that deploys a stack; Ctrl-C ends the preview.")
        session = EndpointSession(
            account=account,
            endpoint=endpoint,
            encoder=encoder,
            served=served,
            folder=folder,
            say=output.say,
            write=terminal.write,
        )
        while True:
            session.follow()
            time.sleep(TICK)


def _exports(endpoint: Endpoint) -> str:
    """What the operator pastes into another terminal."""
    variables = endpoint.environment().items()
    words = " ".join(f"{name}={shlex.quote(value)}" for name, value in variables)
    return f"In another terminal:\n  export {words}"


@dataclass(kw_only=True)
class EndpointSession:
    """The main thread's loop; other threads serve clients and viewers."""

    account: Account
    endpoint: Endpoint
    encoder: Broadcast | None
    served: Served
    folder: Path
    say: Callable[[str], None]
    write: Callable[[str], None]
    parent: int = field(default_factory=os.getppid)
    """The ID of the process that started this one."""
    _status: tuple[str, str] = ("", "")
    """The stack's ID and the status that was printed last."""
    _mailed: dict[str, str] = field(default_factory=dict)

    def follow(self) -> None:
        """Prints what has happened; runs schedules and encoders.

        Raises:
            KeyboardInterrupt: the parent process is gone.
        """
        if os.getppid() != self.parent:
            raise KeyboardInterrupt
        stacks = self.endpoint.desk.stacks
        record = stacks.all[-1] if stacks.all else None
        if record is not None and self._status != (record.id, record.status):
            self._status = (record.id, record.status)
            self._tell(record)
        with stacks.between_operations() as is_free:
            if is_free:  # otherwise, events would reach functions while they are replaced
                self.account.events.pass_time(0)
                send_to_inputs(self.account)
                if self.encoder is not None:
                    self.encoder.follow()
        for address, password in list(self.account.mailbox.items()):
            if self._mailed.get(address) != password:
                self._mailed[address] = password
                self.say(f"mailed   {address}: {password}")

    def _tell(self, record: Record) -> None:
        self.say(f"{record.name:8} {record.status} {record.reason}".rstrip())
        if record.status in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            say_where(record.stack, self.served, self.write)
            window = window_of(record.stack, self.served, self.folder)
            say_how_to_open(window, self.folder, self.write)
