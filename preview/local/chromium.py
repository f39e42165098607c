"""Chromium with the stack's real host names mapped to this machine.

https://www.chromium.org/developers/how-tos/run-chromium-with-flags/ ; flags:
https://peter.sh/experiments/chromium-command-line-switches/ .
"""

import os
import shlex
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from preview.errors import PreviewError
from preview.local.supervised_process import SupervisedProcess

# Chrome first: on Ubuntu, only Chrome may use its sandbox (AppArmor). Ubuntu's chromium-browser
# comes last: it is a snap, which cannot read a profile in an arbitrary folder.
PROGRAMS = ("google-chrome", "google-chrome-stable", "chromium", "chromium-browser")
PROGRAMS_OF_MACOS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
HOW_TO_INSTALL = {
    "darwin": "brew install --cask chromium",
    "linux": "apt-get install chromium",
}
FLAGS = (
    "--test-type",  # no warning bar about flags
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-quic",  # HTTP/3 needs its own port
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--password-store=basic",  # nothing in the operator's keyring
    "--use-mock-keychain",
)
# https://specifications.freedesktop.org/basedir-spec/latest/ ; without them, Mesa looks up the
# operator's home directory elsewhere than in HOME.
OF_HOME = {
    "XDG_CACHE_HOME": ".cache",
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
}
NO_SANDBOX = "--no-sandbox"  # Chromium's sandbox does not run as root


@dataclass(frozen=True, kw_only=True)
class Way:
    """How a browser connects to the stack."""

    address: str
    """The URL to open."""
    hosts: Sequence[str]
    """The host names to map to this machine."""
    https_port: int
    http_port: int
    certificate_pin: str
    """The trusted certificate; with a certificate error, the browser would not cache."""


def program() -> str:
    """The path of Chromium or Chrome on this machine; `chromium` if there is none."""
    candidates = PROGRAMS_OF_MACOS if sys.platform == "darwin" else ()
    found = (shutil.which(name) for name in (*PROGRAMS, *candidates))
    return next((path for path in found if path), "chromium")


def command(way: Way, program: str, profile: Path) -> list[str]:
    """The command line of a browser with its own profile."""
    rules = [
        f"MAP {host}:{port} 127.0.0.1:{ours}"
        for host in way.hosts
        for port, ours in ((443, way.https_port), (80, way.http_port))
    ]
    return [
        program,
        f"--user-data-dir={profile}",
        f"--host-resolver-rules={', '.join(rules)}",
        f"--ignore-certificate-errors-spki-list={way.certificate_pin}",
        *FLAGS,
        *([NO_SANDBOX] if os.geteuid() == 0 else []),
        way.address,
    ]


def has_screen(variables: Mapping[str, str] = os.environ) -> bool:
    """Whether this machine can open a window."""
    return sys.platform == "darwin" or bool(
        variables.get("DISPLAY") or variables.get("WAYLAND_DISPLAY")
    )


def why_closed(program: str) -> str | None:
    """Why the browser cannot open on this machine; None if it can."""
    if shutil.which(program) is None:
        how = HOW_TO_INSTALL.get(sys.platform, HOW_TO_INSTALL["linux"])
        return f"Chromium is not installed. Install it with: {how}"
    return None if has_screen() else "The browser cannot open: this machine has no screen."


class Window:
    """The preview's browser, which is closed when the preview ends."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        """A window that is not open yet; the browser's files go to `folder`."""
        self._command, self._folder = command, folder
        self._process: SupervisedProcess | None = None

    @property
    def line(self) -> str:
        """The command line, quoted for a shell."""
        return shlex.join(self._command)

    def is_open(self) -> bool:
        """Whether it is open; the operator may have closed it."""
        return self._process is not None and self._process.poll() is None

    def open(self) -> None:
        """Opens the browser.

        Raises:
            PreviewError: it is already open, or there is no screen or no Chromium.
        """
        if reason := why_closed(self._command[0]):
            raise PreviewError(reason)
        if self.is_open():
            raise PreviewError("The browser is already open.")
        self.close()
        self._folder.mkdir(exist_ok=True)
        self._process = SupervisedProcess(
            self._command, cwd=self._folder, env=_environment(os.environ, self._folder)
        )

    def follow(self, say: Callable[[str], None]) -> None:
        """Prints a line when the operator has closed the window."""
        if self._process is not None and not self.is_open():
            self.close()
            say("The browser is closed; type 'open' to open it again.")

    def close(self) -> None:
        """Closes the browser, if it is open."""
        if self._process is not None:
            self._process.stop()
            self._process = None


def _environment(variables: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The operator's environment, with the browser's files in the folder.

    With another HOME, the browser needs the path of the X authority file. The folder for temporary
    files is relative: Chromium creates a socket there, whose path must be short (unix(7)).
    """
    key = Path(variables.get("HOME", "/"), ".Xauthority")
    return {
        **({"XAUTHORITY": str(key)} if key.exists() else {}),
        **variables,
        **{name: str(folder / place) for name, place in OF_HOME.items()},
        "GSETTINGS_BACKEND": "memory",
        "HOME": str(folder),
        "TMPDIR": ".",
    }
