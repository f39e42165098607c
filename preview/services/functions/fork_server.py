"""Lambda fork server: forks the functions' processes, with slow modules already imported.

`process.py` starts it as a script, with the names of the modules to import; its standard input is a
socket, and it exits when the socket closes. First, it writes a line with all of its modules to the
socket. Then, each byte that it receives comes with three file descriptors for a new process:

- its standard input. The first line is JSON: the handler, the working directory, the environment;
- its standard output and standard error;
- a socket. It gets the exit code when the process ends; any byte from it, or its end, kills the
  process.
"""

import contextlib
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Iterable, Iterator
from typing import Any

from lambda_process import (  # type: ignore[import-not-found]  # in this script's folder
    PreviewTime,
    run,
)

SERVICES = ("cloudformation", "cloudfront", "medialive", "secretsmanager", "ssm")
"""The services whose models are loaded in advance."""

GIVEN = {"HOME", "PATH"}
"""The server's own environment variables."""


class ForkServer:
    """Forks processes and reports when they end; single-threaded."""

    def __init__(self, control: socket.socket, interrupt: Any) -> None:
        """`control` takes the requests; `interrupt` is the SIGINT handler of forked processes."""
        self._control, self._interrupt = control, interrupt
        self._running: dict[int, socket.socket] = {}
        """The socket of each process that has not been waited for, by process ID."""
        self._woken, self._waking = socket.socketpair()
        for end in (self._woken, self._waking):
            end.setblocking(False)  # noqa: FBT003 - socket's own
        self._selector = selectors.DefaultSelector()
        for end in (self._control, self._woken):
            self._selector.register(end, selectors.EVENT_READ)

    def serve(self) -> None:
        """Returns in each forked process, which then runs the function.

        The server process exits when the control socket closes.
        """
        signal.set_wakeup_fd(self._waking.fileno())
        signal.signal(signal.SIGCHLD, lambda *_: None)
        while not any(self._is_forked(key) for key, _ in self._selector.select()):
            pass
        self._leave()

    def _is_forked(self, key: selectors.SelectorKey) -> bool:
        """Handles a request; whether this is now the new process."""
        if key.fileobj is self._control:
            return self._fork() == 0
        if key.fileobj is self._woken:
            self._woken.recv(4096)
            self._tell_of_ends()
        elif key.data in self._running:
            os.kill(key.data, signal.SIGKILL)
            self._selector.unregister(key.fileobj)
        return False

    def _fork(self) -> int:
        """The new process's ID; 0 in the new process itself."""
        asked, received, _, _ = socket.recv_fds(self._control, 1, 3)
        if not asked:
            sys.exit()
        stdin, lines, status = received
        process = os.fork()
        if process == 0:
            for source, target in ((stdin, 0), (lines, 1), (lines, 2)):
                os.dup2(source, target)
            os.close(status)
        else:
            self._running[process] = socket.socket(fileno=status)
            self._selector.register(self._running[process], selectors.EVENT_READ, process)
        os.close(stdin)
        os.close(lines)
        return process

    def _tell_of_ends(self) -> None:
        while self._running:
            process, status = os.waitpid(-1, os.WNOHANG)
            if process == 0:
                return
            ended = self._running.pop(process)
            with contextlib.suppress(KeyError):  # it was killed
                self._selector.unregister(ended)
            with contextlib.suppress(OSError):  # the other end is closed
                ended.sendall(b"%d" % os.waitstatus_to_exitcode(status))
            ended.close()

    def _leave(self) -> None:
        """Releases the server's resources in a forked process."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, self._interrupt)
        for end in (self._control, self._woken, self._waking, *self._running.values()):
            end.close()
        self._selector.close()


def _become(handler: str, folder: str, environment: dict[str, str]) -> None:
    """Makes this process look as if it had been started for the function."""
    # keep what Python itself has added (LC_CTYPE, PEP 538): it would add it there, too
    added = {name: value for name, value in os.environ.items() if name not in GIVEN}
    os.environ.clear()
    os.environ.update({**added, **environment})
    time.tzset()
    os.chdir(folder)
    sys.argv = [os.path.join(os.path.dirname(sys.argv[0]), "lambda_process.py"), handler]  # noqa: PTH118, PTH120
    sys.path.insert(0, environment["PYTHONPATH"])


@contextlib.contextmanager
def _kept_once() -> Iterator[None]:
    """Caches the files that botocore reads in this context, for the first read in each process.

    Not for a second read: the reader may change the data.
    """
    from botocore.loaders import JSONFileLoader  # noqa: PLC0415 - in the preview's time

    read = JSONFileLoader.load_file
    paths: set[str] = set()

    def noted(loader: JSONFileLoader, file_path: str) -> Any:
        paths.add(file_path)
        return read(loader, file_path)

    JSONFileLoader.load_file = noted  # type: ignore[assignment, method-assign]
    yield
    kept = {path: read(JSONFileLoader(), path) for path in paths}

    def handed_out(loader: JSONFileLoader, file_path: str) -> Any:
        return kept.pop(file_path) if file_path in kept else read(loader, file_path)

    JSONFileLoader.load_file = handed_out  # type: ignore[assignment, method-assign]


def _read_ahead(modules: Iterable[str]) -> None:
    """Imports modules; if one cannot be imported, the function itself reports the error."""
    with contextlib.suppress(ImportError):
        for name in modules:
            importlib.import_module(name)
        import boto3  # noqa: PLC0415 - in the preview's time

        with _kept_once():
            session = boto3.Session(aws_access_key_id="none", aws_secret_access_key="none")  # noqa: S106
            for service in SERVICES:
                session.client(service, region_name="us-east-1")  # type: ignore[call-overload]
        del session
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    # Ctrl-C is for the preview, which then stops this process
    interrupt = signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.path.pop(0)  # the preview's own folder: the function's packages come first
    preview_time = PreviewTime()
    _read_ahead(sys.argv[1:])
    control = socket.socket(fileno=os.dup(0))
    names = sorted({name.partition(".")[0] for name in sys.modules} - {"__main__"})
    control.sendall(json.dumps(names).encode() + b"\n")
    ForkServer(control, interrupt).serve()
    _become(*json.loads(sys.stdin.buffer.readline()))
    run(preview_time)
