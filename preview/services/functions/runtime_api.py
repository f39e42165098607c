"""Lambda runtime API of one function: sends it events, receives its responses.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import json
import queue
import uuid
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from preview.local.http_server import RunningServer

CLOSED = object()


class RuntimeApi:
    """Listens on a port of this machine for one function's runtime client."""

    def __init__(self, *, arn: str, deadline: Callable[[], float]) -> None:
        """`deadline` returns when an event that is sent now times out (epoch seconds)."""
        self.events: queue.Queue[Any] = queue.Queue()
        self.answers: queue.Queue[tuple[bool, Any]] = queue.Queue()
        """Whether it is a result (otherwise an error), and its body."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler(arn, deadline))
        server.daemon_threads = True
        self._server = RunningServer(server)

    @property
    def address(self) -> str:
        """Host and port, as the runtime client expects them."""
        return f"127.0.0.1:{self._server.port}"

    def close(self) -> None:
        """Stops listening, and ends a request that waits for an event."""
        self.events.put(CLOSED)
        self._server.close()

    def _handler(self, arn: str, deadline: Callable[[], float]) -> type[BaseHTTPRequestHandler]:
        events, answers = self.events, self.answers

        class Handler(BaseHTTPRequestHandler):
            """The calls of the runtime client."""

            def do_GET(self) -> None:
                """Waits for an event and sends it."""
                event = events.get()
                if event is CLOSED:
                    return
                body = json.dumps(event).encode()
                # awslambdaric 4.2.2 crashes without the type, the trace and the ARN
                self._answer(
                    200,
                    body,
                    {
                        "Content-Type": "application/json",
                        "Lambda-Runtime-Aws-Request-Id": str(uuid.uuid4()),
                        "Lambda-Runtime-Deadline-Ms": str(int(deadline() * 1000)),
                        "Lambda-Runtime-Invoked-Function-Arn": arn,
                        "Lambda-Runtime-Trace-Id": "Root=1-0-0;Sampled=0",
                    },
                )

            def do_POST(self) -> None:
                """Receives a response, or an invocation or initialization error."""
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or "null")
                answers.put((self.path.endswith("/response"), body))
                self._answer(202, b"", {})

            def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Logs nothing."""

        return Handler
