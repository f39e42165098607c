"""Firefox, driven by Marionette, its own remote protocol.

Playwright 1.65 cannot drive a released Firefox: Firefox 153 lacks the command
`emulation.setMediaFeaturesOverride`, which Playwright always sends. Mozilla's own client for Python
(marionette_driver) would bring 16 packages, one of them without a wheel (mozprofile 3.0).

https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html ; most commands and their
parameters are WebDriver's: https://www.w3.org/TR/webdriver2/
"""

import contextlib
import itertools
import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

# Debian has the first; elsewhere it is the second.
PROGRAMS = ("firefox-esr", "firefox")
SECONDS_TO_WAIT = 25
POLL_SECONDS = 0.1
RULE = re.compile(r"MAP [^ :]+:(\d+) 127\.0\.0\.1:(\d+)")
"""How the preview's command maps a host and port to a port of this machine."""
# https://searchfox.org/firefox-main/source/dom/bindings/nsIScriptError.idl ; it includes violations
# of the Content-Security-Policy.
ERRORS = """Services.console.getMessageArray()
  .filter((entry) => entry instanceof Ci.nsIScriptError)
  .filter(({ flags }) => flags === Ci.nsIScriptError.errorFlag)
  .map(({ sourceName, errorMessage }) => [sourceName, errorMessage])"""


class CommandFailed(Exception):
    """Firefox could not carry out a command, for instance because an element is not there."""


class Firefox:
    """A Firefox with one window, which accepts the preview's certificate."""

    def __init__(self, port: int) -> None:
        """Connects to the port on which Firefox listens."""
        self._socket = socket.create_connection(("127.0.0.1", port), SECONDS_TO_WAIT)
        self._stream = self._socket.makefile("rb")
        self._ids = itertools.count()
        self._receive()  # the greeting
        self._command("WebDriver:NewSession", acceptInsecureCerts=True)

    def close(self) -> None:
        """Disconnects; Firefox keeps running."""
        self._stream.close()
        self._socket.close()

    def open(self, address: str) -> None:
        """Opens a URL; returns when it has loaded."""
        self._command("WebDriver:Navigate", url=address)

    @property
    def address(self) -> str:
        """The URL of the window."""
        return str(self._command("WebDriver:GetCurrentURL"))

    def evaluate(self, expression: str) -> Any:
        """The value of an expression on the page, of which promises are awaited."""
        return self._command("WebDriver:ExecuteScript", script=f"return {expression}", args=[])

    def click(self, selector: str) -> None:
        """Clicks an element, once that is possible."""
        self.until(lambda: self._to_element("WebDriver:ElementClick", selector), selector)

    def type(self, selector: str, text: str) -> None:
        """Types into an element, once that is possible."""
        self.until(
            lambda: self._to_element("WebDriver:ElementSendKeys", selector, text=text), selector
        )

    def until(self, holds: Callable[[], bool], what: str) -> None:
        """Waits until `holds` is true; commands that fail are tried again."""
        end = time.monotonic() + SECONDS_TO_WAIT
        while True:
            with contextlib.suppress(CommandFailed):
                if holds():
                    return
            assert time.monotonic() < end, f"{what} took too long; {self.state()}"
            time.sleep(POLL_SECONDS)

    def state(self) -> str:
        """What the page shows, for failure messages."""
        return f"{self.address.partition('?')[0]} shows: {self.evaluate('document.body.innerText')}"

    def errors(self, address: str) -> list[str]:
        """The errors in Firefox's console that come from URLs that start with this one."""
        self._command("Marionette:SetContext", value="chrome")  # Firefox itself, not the page
        try:
            errors = self.evaluate(ERRORS)
        finally:
            self._command("Marionette:SetContext", value="content")
        return [message for source, message in errors if source.startswith(address)]

    def _to_element(self, command: str, selector: str, **parameters: Any) -> bool:
        """Sends a command for the first element that a CSS selector matches; true if it works."""
        element = self._command("WebDriver:FindElement", using="css selector", value=selector)
        [identifier] = element.values()
        self._command(command, id=identifier, **parameters)
        return True

    def _command(self, name: str, **parameters: Any) -> Any:
        """The value that Firefox returns for a command."""
        message = json.dumps([0, next(self._ids), name, parameters]).encode()
        self._socket.sendall(b"%d:%b" % (len(message), message))
        _, _, error, result = self._receive()
        if error:
            raise CommandFailed(f"{name}: {error['error']}: {error['message']}")
        return result.get("value")

    def _receive(self) -> Any:
        """The next message: its length in bytes, a colon, and JSON."""
        length = b"".join(iter(lambda: self._stream.read(1), b":"))
        return json.loads(self._stream.read(int(length)))


@contextlib.contextmanager
def running(program: str, browser_command: Sequence[str], profile: Path) -> Iterator[Firefox]:
    """A headless Firefox that connects to the preview.

    Args:
        program: the path of Firefox.
        browser_command: the command that the preview prints for Chromium.
        profile: an existing folder for all files of Firefox.
    """
    _write_preferences(profile, dict(RULE.findall(" ".join(browser_command))))
    process = subprocess.Popen(
        # the last flag lets tests read the console
        [
            program,
            "--headless",
            "--profile",
            profile,
            "--marionette",
            "--remote-allow-system-access",
        ],
        env={**os.environ, "HOME": str(profile)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        with contextlib.closing(Firefox(_port(profile, process))) as firefox:
            yield firefox
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # with its children; the profile is not used again
        process.wait()


def _write_preferences(profile: Path, ports: dict[str, str]) -> None:
    """Makes Firefox send the requests for every host to this machine's ports.

    Args:
        profile: the folder of the profile.
        ports: this machine's ports by those in URLs.
    """
    preferences = {
        "marionette.port": 0,  # any free one
        "network.dns.forceResolve": "127.0.0.1",
        "network.socket.forcePort": ";".join(f"{port}={ours}" for port, ours in ports.items()),
    }
    lines = (
        f"user_pref({json.dumps(name)}, {json.dumps(preferences[name])});" for name in preferences
    )
    (profile / "user.js").write_text("\n".join(lines), "utf-8")


def _port(profile: Path, process: subprocess.Popen[bytes]) -> int:
    """The port on which Firefox listens; it writes it into its profile."""
    file = profile / "MarionetteActivePort"
    end = time.monotonic() + SECONDS_TO_WAIT
    while not (file.exists() and file.read_text("utf-8")):
        assert process.poll() is None, f"Firefox ended with {process.returncode}"
        assert time.monotonic() < end, "Firefox took too long to start"
        time.sleep(POLL_SECONDS)
    return int(file.read_text("utf-8"))
