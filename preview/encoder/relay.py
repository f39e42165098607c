"""Relay: serves a live transport stream to programs on this machine, each from when it connects."""

import contextlib
import socket
import threading
from typing import Self

LOOK_SECONDS = 0.2
"""How often it looks whether it is closed."""
SEND_SECONDS = 5.0
"""After this time, a program that does not read loses its connection."""


class Relay:
    """A TCP server that sends the same bytes to all its clients."""

    def __init__(self) -> None:
        """Waits for clients."""
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.settimeout(LOOK_SECONDS)
        self._closed = threading.Event()
        self._clients: list[socket.socket] = []
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    @property
    def address(self) -> str:
        """The URL that ffmpeg reads."""
        return f"tcp://127.0.0.1:{self._server.getsockname()[1]}"

    def send(self, data: bytes) -> None:
        """Sends it to every client; a client that is gone or does not read is dropped."""
        for client in list(self._clients):
            try:
                client.sendall(data)
            except OSError:
                self._clients.remove(client)
                client.close()

    def _accept(self) -> None:
        while not self._closed.is_set():
            with contextlib.suppress(TimeoutError):
                client, _ = self._server.accept()
                client.settimeout(SEND_SECONDS)
                self._clients.append(client)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Ends all connections."""
        self._closed.set()
        self._accepting.join()
        self._server.close()
        for client in self._clients:
            client.close()
