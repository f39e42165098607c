"""Simulated Secrets Manager on the loopback interface, for failures on the wire.

Its protocol is AWS JSON 1.1: one POST, the operation in X-Amz-Target, a JSON response.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from tests.lambda_src.cookies.stream import SECRET_ARN


@dataclass
class Wire:
    """The server's next responses, and the requests it received."""

    status: int = 200
    body: str = ""
    hangs_up: bool = False
    asked: list[tuple[str, object]] = field(default_factory=list)
    regions: list[str] = field(default_factory=list)

    def holds(self, secret_string: str) -> None:
        """Respond to GetSecretValue with this value."""
        answer = {"ARN": SECRET_ARN, "Name": "KeyRing", "SecretString": secret_string}
        self.status, self.body, self.hangs_up = 200, json.dumps(answer), False

    def fails(self, status: int, body: str) -> None:
        """Respond with this status and body."""
        self.status, self.body, self.hangs_up = status, body, False


@contextmanager
def secrets_manager() -> Iterator[tuple[Wire, str]]:
    """A running server: its `Wire`, and its address."""
    wire = Wire()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            wire.asked.append((self.headers["X-Amz-Target"], json.loads(self.rfile.read(length))))
            wire.regions.append(_region(self.headers["Authorization"]))
            if wire.hangs_up:
                self.close_connection = True
                return
            self.send_response(wire.status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(wire.body.encode())))
            self.end_headers()
            self.wfile.write(wire.body.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
            """Stay quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield wire, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def _region(authorization: str) -> str:
    """The Region that a request is signed for.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
    """
    return authorization.split("Credential=")[1].split("/")[2]
