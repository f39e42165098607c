"""Lambda function process: forked by a server with most modules imported, or a new Python."""

import atexit
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

SCRIPT = Path(__file__).with_name("lambda_process.py")
FORK_SERVER = Path(__file__).with_name("fork_server.py")
READ_AHEAD = (
    "boto3",
    "simplejson",
    "cryptography.hazmat.primitives.asymmetric.ec",
    "cryptography.hazmat.primitives.asymmetric.padding",
    "cryptography.hazmat.primitives.asymmetric.rsa",
    "cryptography.hazmat.primitives.serialization",
)
"""Modules that are slow to import, unless the function's code includes them. Not awslambdaric: it
reads the function's environment when it is imported."""
READ_AT_START = re.compile(r"(BOTO_|LANG|LC_|LD_|MALLOC_|OPENSSL_|PYTHON|SSL_(?!CERT_FILE))\w*")
"""Variables that Python and its libraries read once, before a function is loaded. SSL_CERT_FILE is
not among them: OpenSSL reads it for every connection's context."""
NO_HOME = "/dev/null"
LONGEST_CODE = 16  # bytes of an exit code in digits


class Process(Protocol):
    """A process that runs a function until it is stopped, or the preview ends."""

    def poll(self) -> int | None:
        """Its exit code, negative for the signal that ended it; None while it runs."""

    def kill(self) -> None:
        """Kills it immediately: when this returns, it has stopped running."""

    def close(self) -> None:
        """Stops it; when this returns, it is gone."""


def started(handler: str, *, task: Path, environment: Mapping[str, str], lines: Path) -> Process:
    """A new process for the handler; the function cannot detect whether it was forked.

    Args:
        handler: the function's handler, as Lambda names it.
        task: the folder with the function's code, which is its working directory.
        environment: all of its environment variables.
        lines: the file to which its output is appended.
    """
    # macOS: looking up the system's proxies, as botocore does, may crash in a forked process
    if sys.platform == "linux" and _reads_nothing_at_start(task, environment):
        own = {path.name.partition(".")[0] for path in task.iterdir()}
        server = _fork_server(name for name in READ_AHEAD if name.partition(".")[0] not in own)
        if server.imported and not own & server.imported:
            return _Forked(server, handler, task, environment, lines)
    return _Spawned(handler, task, environment, lines)


def _reads_nothing_at_start(task: Path, environment: Mapping[str, str]) -> bool:
    read = {name: value for name, value in environment.items() if READ_AT_START.fullmatch(name)}
    return read == {"PYTHONPATH": str(task)}


class _Spawned:
    """A new Python process for the function."""

    def __init__(
        self, handler: str, task: Path, environment: Mapping[str, str], lines: Path
    ) -> None:
        with lines.open("ab") as opened:
            self._process = subprocess.Popen(  # noqa: S603 - this Python, and our own script
                [sys.executable, str(SCRIPT), handler],
                cwd=task,
                env=environment,
                stdin=subprocess.PIPE,  # the process ends with it
                stdout=opened,
                stderr=opened,
            )

    def poll(self) -> int | None:
        return self._process.poll()

    def kill(self) -> None:
        self._process.kill()

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


class _Forked:
    """A child process of the fork server, which reports when it ends."""

    def __init__(
        self,
        server: "_ForkServer",
        handler: str,
        task: Path,
        environment: Mapping[str, str],
        lines: Path,
    ) -> None:
        self._code: int | None = None
        self._lock = threading.Lock()
        self._status, status = socket.socketpair()
        reading, writing = os.pipe()
        self._stdin = open(writing, "wb")  # noqa: SIM115, PTH123 - the process ends with it
        with status, open(reading, "rb") as stdin, lines.open("ab") as opened:  # noqa: PTH123
            server.fork(stdin.fileno(), opened.fileno(), status.fileno())
        with contextlib.suppress(BrokenPipeError):  # it has already ended: `poll` reports it
            self._stdin.write(json.dumps([handler, str(task), dict(environment)]).encode() + b"\n")
            self._stdin.flush()

    def poll(self) -> int | None:
        return self._told(socket.MSG_DONTWAIT)

    def kill(self) -> None:
        with contextlib.suppress(OSError):  # it has ended
            self._status.send(b"k")
            self._told(0)

    def close(self) -> None:
        self.kill()
        self._status.close()
        with contextlib.suppress(BrokenPipeError):
            self._stdin.close()

    def _told(self, flags: int) -> int | None:
        with self._lock:
            if self._code is None:
                try:
                    told = self._status.recv(LONGEST_CODE, flags)
                except BlockingIOError:
                    return None
                except ConnectionResetError:
                    told = b""
                # no data: the server itself was killed, and the process ends with its stdin
                self._code = int(told or -signal.SIGKILL)
            return self._code


class _ForkServer:
    """A process that has imported modules, and forks."""

    def __init__(self, modules: Iterable[str]) -> None:
        self._control, theirs = socket.socketpair()
        self._asking = threading.Lock()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - this Python, and our own script
                [sys.executable, str(FORK_SERVER), *modules],
                cwd="/",
                env={"HOME": NO_HOME, "PATH": os.environ["PATH"]},
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
            )
        with self._control.makefile("rb") as said:
            self.imported = frozenset(json.loads(said.readline() or "[]"))
            """All of its top-level modules; none if it has ended."""
        atexit.register(self._end)

    def is_there(self) -> bool:
        """Whether it is still running."""
        return self._process.poll() is None

    def fork(self, stdin: int, lines: int, status: int) -> None:
        """Forks a process with these descriptors; if the server is gone, `status` closes."""
        with self._asking, contextlib.suppress(OSError):
            socket.send_fds(self._control, [b"f"], [stdin, lines, status])

    def _end(self) -> None:
        self._control.close()
        self._process.wait()


_fork_servers: dict[tuple[str, ...], _ForkServer] = {}
_starting = threading.Lock()


def _fork_server(modules: Iterable[str]) -> _ForkServer:
    """The fork server with these modules; it runs as long as this process."""
    names = tuple(modules)
    with _starting:
        if names not in _fork_servers or not _fork_servers[names].is_there():
            _fork_servers[names] = _ForkServer(names)
        return _fork_servers[names]
