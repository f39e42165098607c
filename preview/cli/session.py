"""Preview session: creates the stack, uploads its page, starts the channel, and serves viewers."""

import contextlib
import os
import queue
import shlex
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path

from preview.account import Account
from preview.cli.console import Console
from preview.cli.deployment import Deployment
from preview.cli.options import Options
from preview.cli.output import Output
from preview.cli.terminal import Lines, Terminal
from preview.cli.uploads import template_of
from preview.cli.viewer_log import ViewerLog
from preview.cloudformation.stack import Stack
from preview.encoder import Broadcast
from preview.encoder.binaries import check_binaries, check_encoder, footage
from preview.encoder.connections import passphrase_of
from preview.errors import PreviewError
from preview.hosts.routing import hosts
from preview.hosts.server import Served
from preview.local.chromium import Way, Window, command, program, why_closed
from preview.local.work_dir import work_dir
from preview.services.media import MANIFESTS, START_SECONDS
from preview.services.media_inputs import THIS_MACHINE, pushes

FOLDER = "preview"
"""The preview's working folder, next to the template."""
SCRIPT = "browser.sh"
"""The file in it that opens the browser."""
TICK = 0.5
"""Polling interval in seconds."""


def run(options: Options, terminal: Terminal) -> None:
    """Creates the stack, starts its channel, and serves the stream until the operator ends it.

    Args:
        options: the command line.
        terminal: where the operator reads and types.

    Raises:
        PreviewError: the template or an option is wrong, or a program is missing on this machine.
        KeyboardInterrupt: the operator ended it.
    """
    began, parent = time.monotonic(), os.getppid()
    template_of(options.template)
    obstacle = why_closed(program()) if options.browser else None
    if obstacle:
        terminal.write(obstacle)
    check_programs(options)
    opens = options.browser and not obstacle
    with contextlib.ExitStack() as closing:
        folder = closing.enter_context(work_dir(options.template.parent / FOLDER))
        account = closing.enter_context(Account(options.stack))
        account.media.push_port = options.push_port
        output = Output(terminal.write, account.clock.now)
        stack = Stack(account=account, say=output.say)
        deployment = Deployment(stack=stack)
        deployment.deploy(options.template, _parameters(options))
        _expect_push_input(account)
        _go_on_air(account, output.say)
        encoder = encoder_of(account, folder, options, output.say)
        if encoder is not None:
            closing.callback(encoder.close)
        viewer_log = ViewerLog(output, account.clock.now, requests=options.requests)
        served = closing.enter_context(Served(account, saw=viewer_log.saw))
        window = window_of(stack, served, folder)
        closing.callback(window.close)
        say_where(stack, served, terminal.write)
        if not opens:
            say_how_to_open(window, folder, terminal.write)
        session = Session(
            account=account,
            encoder=encoder,
            window=window,
            console=Console(
                deployment=deployment,
                window=window,
                say=output.say,
                viewers=viewer_log.cookies_until,
            ),
            typed=terminal.typed(),
            say=output.say,
            parent=parent,
        )
        session.go_on(until=session.has_pictures)
        output.say(f"Ready in {time.monotonic() - began:.0f} s.")
        terminal.write_box(_sign_in(stack, opens=opens))
        if opens:
            session.open_browser()
        session.go_on(until=lambda: False)


@dataclass(kw_only=True)
class Session:
    """The main thread's loop; other threads serve viewers."""

    account: Account
    encoder: Broadcast | None
    window: Window
    console: Console
    typed: Lines
    """The lines that the operator types."""
    say: Callable[[str], None]
    parent: int = field(default_factory=os.getppid)
    """The ID of the process that started this one."""

    def go_on(self, *, until: Callable[[], bool]) -> None:
        """Runs schedules, the encoder, and typed commands as time passes.

        Raises:
            KeyboardInterrupt: the operator ended it, or the parent process (`make`) is gone.
        """
        while not until():
            if os.getppid() != self.parent:
                raise KeyboardInterrupt
            self.account.events.pass_time(0)
            if self.encoder is not None:
                self.encoder.follow()
            self.window.follow(self.say)
            with contextlib.suppress(queue.Empty):
                self.console.obey(self.typed.get(timeout=TICK))

    def has_pictures(self) -> bool:
        """Whether every origin endpoint has its manifests."""
        own = self.account.resources.of_type("AWS::MediaPackageV2::OriginEndpoint")
        media = self.account.media
        return all(
            (media.answer if endpoint in own else media.source)(
                endpoint, f"{manifest['ManifestName']}{suffix}"
            )
            for endpoint in (
                *own,
                *(one.endpoint for one in self.account.existing_origins.values()),
            )
            for kind, suffix in MANIFESTS.items()
            for manifest in endpoint.properties.get(kind, [])
        )

    def open_browser(self) -> None:
        """Opens the browser, or prints why it cannot; the session goes on without it."""
        try:
            self.window.open()
        except PreviewError as refusal:
            self.say(str(refusal))


def check_programs(options: Options) -> None:
    """Checks, before anything is created, that ffmpeg is installed, and can encode and read video.

    Raises:
        PreviewError: it is not, or cannot.
    """
    if options.push_port is not None and not options.encoder:
        raise PreviewError("SOURCE=push needs the encoder: leave --no-encoder out.")
    if options.encoder:
        check_binaries()
        check_encoder()
        if options.source:
            footage(options.source)


def _parameters(options: Options) -> Mapping[str, str]:
    """The given parameters; the encoder of an operator who pushes runs on this machine."""
    declared = template_of(options.template).get("Parameters", {})
    pushes_here = options.push_port is not None and "InputCidr" in declared
    here = {"InputCidr": f"{THIS_MACHINE}/32"} if pushes_here else {}
    return {**here, **options.parameters}


def _expect_push_input(account: Account) -> None:
    """Checks that an encoder can push, if the operator wants to.

    Raises:
        PreviewError: the input pulls its source.
    """
    inputs = account.resources.of_type("AWS::MediaLive::Input")
    if account.media.push_port is not None and not any(pushes(one) for one in inputs):
        kinds = ", ".join(one.properties["Type"] for one in inputs) or "none"
        raise PreviewError(
            f"no encoder can push to the template's input ({kinds}). Choose an ingest.type that"
            " takes pushes (docs/sources.md), or leave SOURCE=push out."
        )


def _go_on_air(account: Account, say: Callable[[str], None]) -> None:
    """Starts the channels and sends to their inputs."""
    send_to_inputs(account)
    for channel in account.resources.of_type("AWS::MediaLive::Channel"):
        if account.media.state(channel.ref) == "IDLE":
            account.media.start(channel.ref)
        say(f"on air   {channel.logical_id}")
    account.events.pass_time(START_SECONDS)


def send_to_inputs(account: Account) -> None:
    """Sends to the channels' inputs from an allowed IP address, unless the operator pushes."""
    groups = account.resources.of_type("AWS::MediaLive::InputSecurityGroup")
    for group in groups if account.media.push_port is None else ():
        encoder = str(ip_network(group.properties["WhitelistRules"][0]["Cidr"])[0])
        for input_ in account.resources.of_type("AWS::MediaLive::Input"):
            for url in input_.attributes["DestinationUrls"]:
                account.media.send(url, encoder)


def encoder_of(
    account: Account, folder: Path, options: Options, say: Callable[[str], None]
) -> Broadcast | None:
    """The encoder; None without media."""
    if not options.encoder:
        return None
    encoder = Broadcast(account, folder, options.source, say)
    account.media.source = encoder.answer
    return encoder


def window_of(stack: Stack, served: Served, folder: Path) -> Window:
    """The browser that opens the stack's page; it is not open yet."""
    way = Way(
        address=stack.outputs.get("WatchAddress", "about:blank"),
        hosts=hosts(stack.account),
        https_port=served.https_port,
        http_port=served.http_port,
        certificate_pin=served.certificate.pin,
    )
    home = folder / "browser"
    return Window(command(way, program(), home / "profile"), home)


def say_where(stack: Stack, served: Served, write: Callable[[str], None]) -> None:
    """Writes the stack's URLs, and how curl gets there."""
    for name, value in stack.outputs.items():
        if value.startswith("https://"):
            write(f"{name}:\n  {value}")
    write(
        "All URLs work on this machine (the stream's need a signed-in viewer's cookies):\n"
        f"  curl --insecure --connect-to ::127.0.0.1:{served.https_port} URL"
    )


def say_how_to_open(window: Window, folder: Path, write: Callable[[str], None]) -> None:
    """Writes the browser's command line, which is long, to a script that takes more arguments."""
    script = folder / SCRIPT
    script.write_text(f'exec {window.line} "$@"\n', "utf-8")
    write(f"Browser:\n  sh {shlex.quote(str(script))}")


def _sign_in(stack: Stack, *, opens: bool) -> list[tuple[str, str]]:
    """What a viewer needs, and what the operator can do next."""
    rows = [("Watch", stack.outputs.get("WatchAddress", "the stack has no page"))]
    for address, password in stack.account.mailbox.items():
        rows += [("User", address), ("Password", f"{password} (temporary)")]
    if not stack.account.mailbox:
        rows.append(("User", "none yet; type 'invite EMAIL' to add one"))
    rows += _push_to(stack.account)
    if not opens:
        rows.append(("", "To watch, open the browser with the command above."))
    return [*rows, ("", "Ctrl-C ends the preview; type 'help' to list the commands.")]


def _push_to(account: Account) -> list[tuple[str, str]]:
    """Where the operator's encoder pushes to, and a passphrase that the stack has made."""
    if account.media.push_port is None:
        return []
    rows = []
    for input_ in account.resources.of_type("AWS::MediaLive::Input"):
        for first in pushes(input_)[:1]:
            rows.append(("Push to", first.url))
            if passphrase := passphrase_of(account, first):
                rows.append(("Passphrase", f"{passphrase} ({first.srt.algorithm})"))
    return rows
