"""A browser in which the stack's real host names are this machine.

https://www.chromium.org/developers/how-tos/run-chromium-with-flags/ ; the flags' meaning stands in
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

# Chrome first: Ubuntu lets no other use its sandbox (AppArmor). Ubuntu's chromium-browser comes
# last: it is a snap, which cannot read a profile in any folder.
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
    "--test-type",  # no bar that warns of flags
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-quic",  # HTTP/3 needs a port of its own
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--password-store=basic",  # nothing in the person's key ring
    "--use-mock-keychain",
)
# https://specifications.freedesktop.org/basedir-spec/latest/ ; Mesa asks for the person's home
# elsewhere than in HOME, unless it is told.
OF_HOME = {
    "XDG_CACHE_HOME": ".cache",
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
}
NO_SANDBOX = "--no-sandbox"  # Chromium's sandbox refuses root


@dataclass(frozen=True, kw_only=True)
class Way:
    """How a browser gets to the stack."""

    address: str
    """Where it begins."""
    hosts: Sequence[str]
    """The names that are this machine."""
    https_port: int
    http_port: int
    certificate_pin: str
    """The certificate that is believed there; one in error would keep the browser from caching."""


def program() -> str:
    """The Chromium or Chrome of this machine; where there is none, the name it would have."""
    candidates = PROGRAMS_OF_MACOS if sys.platform == "darwin" else ()
    found = (shutil.which(name) for name in (*PROGRAMS, *candidates))
    return next((path for path in found if path), "chromium")


def command(way: Way, program: str, profile: Path) -> list[str]:
    """The command line of a browser with a profile of its own."""
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
    """Whether a window can be opened here."""
    return sys.platform == "darwin" or bool(
        variables.get("DISPLAY") or variables.get("WAYLAND_DISPLAY")
    )


class Window:
    """The browser beside the preview; it ends with it."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        """A window that is not open yet; `folder` is where its files go."""
        self._command, self._folder = command, folder
        self._process: SupervisedProcess | None = None

    @property
    def line(self) -> str:
        """The command line, as a shell takes it."""
        return shlex.join(self._command)

    def open(self) -> None:
        """Opens it.

        Raises:
            PreviewError: it is open, or there is no screen or no program for it.
        """
        if shutil.which(self._command[0]) is None:
            how = HOW_TO_INSTALL.get(sys.platform, HOW_TO_INSTALL["linux"])
            raise PreviewError(f"There is no Chromium to open; install it: {how}")
        if not has_screen():
            raise PreviewError("There is no screen here to open a browser on.")
        if self._process is not None and self._process.poll() is None:
            raise PreviewError("The browser is open.")
        self.close()
        self._folder.mkdir(exist_ok=True)
        self._process = SupervisedProcess(
            self._command, cwd=self._folder, env=_environment(os.environ, self._folder)
        )

    def follow(self, say: Callable[[str], None]) -> None:
        """Says it when the person has closed the window."""
        if self._process is not None and self._process.poll() is not None:
            self.close()
            say("the browser is closed; type browser to open it again")

    def close(self) -> None:
        """Closes it, if it is open."""
        if self._process is not None:
            self._process.stop()
            self._process = None


def _environment(variables: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The person's environment, with the browser's files in the folder.

    Whoever has another home needs to be told where X keeps the key to the screen. The folder for
    temporary files is relative: Chromium makes a socket there, whose path must be short (unix(7)).
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
