"""Preview session: creates the stack, uploads its page, starts the channel, and serves viewers."""

import contextlib
import os
import queue
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from preview.account import Account
from preview.cli.console import Console, typed
from preview.cli.options import Options
from preview.cli.output import Output
from preview.cli.root_key_pair import register
from preview.cli.sample_parameters import with_sample_values
from preview.cli.uploads import template_of, upload_code, upload_page
from preview.cli.viewer_log import ViewerLog
from preview.cloudformation.stack import Stack
from preview.encoder import Broadcast
from preview.encoder.binaries import check_binaries, footage
from preview.errors import PreviewError
from preview.hosts.routing import hosts
from preview.hosts.server import Served
from preview.local.chromium import Way, Window, command, program, why_closed
from preview.local.work_dir import work_dir
from preview.services.media import MANIFESTS, START_SECONDS

FOLDER = "preview"
"""The preview's working folder, next to the template."""
TICK = 0.5
"""Polling interval in seconds."""


def run(options: Options, write: Callable[[str], None]) -> None:
    """Creates the stack, starts its channel, and serves the stream until the operator ends it.

    Args:
        options: the command line.
        write: prints a line for the operator.

    Raises:
        PreviewError: the template or an option is wrong, or a program is missing on this machine.
        KeyboardInterrupt: the operator ended it.
    """
    began, parent, output = time.monotonic(), os.getppid(), Output(write)
    template = template_of(options.template)
    _check_programs(options)
    obstacle = why_closed(program()) if options.browser else None
    if obstacle:
        output.say(obstacle)
    opens = options.browser and not obstacle
    declared = template.get("Parameters", {})
    parameters = with_sample_values(declared, options.parameters)
    with contextlib.ExitStack() as closing:
        folder = closing.enter_context(work_dir(options.template.parent / FOLDER))
        account = closing.enter_context(Account(options.stack))
        register(account, declared, parameters)
        stack = Stack(account=account, say=output.say)
        _create(stack, template, parameters, options.template.parent)
        _go_on_air(account, output.say)
        encoder = _encoder(account, folder, options, output.say)
        if encoder is not None:
            closing.callback(encoder.close)
        viewer_log = ViewerLog(output, account.clock.now, requests=options.requests)
        served = closing.enter_context(Served(account, saw=viewer_log.saw))
        window = _window(stack, served, folder)
        closing.callback(window.close)
        _say_where(stack, served, write)
        if not opens:
            write(f"Browser: {window.line}")
        session = Session(
            account=account,
            encoder=encoder,
            window=window,
            console=Console(account=account, window=window, say=output.say),
            typed=typed(),
            say=output.say,
            parent=parent,
        )
        session.go_on(until=session.has_pictures)
        output.say(f"Ready in {time.monotonic() - began:.0f} s.")
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
    typed: "queue.Queue[str]"
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
        return all(
            self.account.media.answer(endpoint, f"{manifest['ManifestName']}{suffix}")
            for endpoint in self.account.resources.of_type("AWS::MediaPackageV2::OriginEndpoint")
            for kind, suffix in MANIFESTS.items()
            for manifest in endpoint.properties.get(kind, [])
        )

    def open_browser(self) -> None:
        """Opens the browser, or prints why it cannot; the session goes on without it."""
        try:
            self.window.open()
        except PreviewError as refusal:
            self.say(str(refusal))


def _check_programs(options: Options) -> None:
    """Checks, before anything is created, that ffmpeg is installed and can read the video.

    Raises:
        PreviewError: it is not, or cannot.
    """
    if options.encoder:
        check_binaries()
        if options.source:
            footage(options.source)


def _create(
    stack: Stack, template: Mapping[str, Any], parameters: Mapping[str, str], beside: Path
) -> None:
    """Uploads the code, creates the stack, and uploads the page, as an operator does on AWS."""
    upload_code(stack.account, template, parameters, beside / "lambda")
    stack.deploy(template, parameters)
    bucket = stack.outputs.get("PageBucketName")
    if bucket is None:
        return
    count = upload_page(stack.account, bucket, beside / "site")
    stack.say(
        f"uploaded {count} files of the page"
        if count
        else f"no page  {beside / 'site'} is missing. Create it with: make site"
    )


def _go_on_air(account: Account, say: Callable[[str], None]) -> None:
    """Starts the channels and sends to their inputs from an allowed IP address."""
    for group in account.resources.of_type("AWS::MediaLive::InputSecurityGroup"):
        encoder = str(ip_network(group.properties["WhitelistRules"][0]["Cidr"])[0])
        for input_ in account.resources.of_type("AWS::MediaLive::Input"):
            for url in input_.attributes["DestinationUrls"]:
                account.media.send(url, encoder)
    for channel in account.resources.of_type("AWS::MediaLive::Channel"):
        if account.media.state(channel.ref) == "IDLE":
            account.media.start(channel.ref)
        say(f"on air   {channel.logical_id}")
    account.events.pass_time(START_SECONDS)


def _encoder(
    account: Account, folder: Path, options: Options, say: Callable[[str], None]
) -> Broadcast | None:
    """The encoder; None without media."""
    if not options.encoder:
        return None
    encoder = Broadcast(account, folder, options.source, say)
    account.media.source = encoder.answer
    return encoder


def _window(stack: Stack, served: Served, folder: Path) -> Window:
    way = Way(
        address=stack.outputs.get("WatchAddress", "about:blank"),
        hosts=hosts(stack.account),
        https_port=served.https_port,
        http_port=served.http_port,
        certificate_pin=served.certificate.pin,
    )
    home = folder / "browser"
    return Window(command(way, program(), home / "profile"), home)


def _say_where(stack: Stack, served: Served, write: Callable[[str], None]) -> None:
    for name, value in stack.outputs.items():
        if value.startswith("https://"):
            write(f"{name}: {value}")
    for address, password in stack.account.mailbox.items():
        write(f"Mail to {address}: the temporary password is {password}")
    write(
        "All URLs work on this machine: curl --insecure --connect-to"
        f" ::127.0.0.1:{served.https_port} URL"
    )
    write("Ctrl-C ends it; type 'help' to list the commands.")
