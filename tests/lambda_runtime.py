"""A Lambda runtime on this machine: the real runtime client, fed by a small Runtime API.

Source: AWS Lambda Developer Guide, "Using the Lambda runtime API".
"""

import json
import os
import queue
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ARN = "arn:aws:lambda:us-east-1:123456789012:function:here"
SECONDS_FOR_AN_ANSWER = 30


class FunctionError(Exception):
    """The function ended with an error; the message is what Lambda was told."""


@dataclass(kw_only=True)
class Function:
    """A function that is running and waits for events."""

    timeout: int
    """Seconds that the function has for an event."""
    events: "queue.Queue[Any]" = field(default_factory=queue.Queue)
    answers: "queue.Queue[tuple[str, Any]]" = field(default_factory=queue.Queue)

    def invoke(self, event: Any) -> Any:
        """What the function answers to the event.

        Raises:
            FunctionError: the function raised an exception, or could not start.
        """
        self.events.put(event)
        outcome, body = self.answers.get(timeout=SECONDS_FOR_AN_ANSWER)
        if outcome == "error":
            raise FunctionError(json.dumps(body))
        return body


@contextmanager
def running(
    folder: Path, handler: str, variables: Mapping[str, str], timeout: int
) -> Iterator[Function]:
    """The function in a process of its own, as long as the context lasts.

    Args:
        folder: the unpacked zip file; its packages come before those of this environment.
        handler: module and function, as the template names them.
        variables: the function's environment variables.
        timeout: seconds that the function has for an event.
    """
    function = Function(timeout=timeout)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _runtime_api(function))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    process = subprocess.Popen(
        [sys.executable, "-m", "awslambdaric", handler],
        cwd=folder,
        env={
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{server.server_port}",
            "LAMBDA_TASK_ROOT": str(folder),
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(folder),
            **variables,
        },
        stdout=subprocess.DEVNULL,
    )
    try:
        yield function
    finally:
        process.kill()
        process.wait()
        server.shutdown()
        server.server_close()


def _runtime_api(function: Function) -> type[BaseHTTPRequestHandler]:
    class RuntimeApi(BaseHTTPRequestHandler):
        """The four calls of the runtime client that matter here."""

        def do_GET(self) -> None:
            """Waits for an event and hands it over."""
            body = json.dumps(function.events.get()).encode()
            deadline = int((time.time() + function.timeout) * 1000)
            self.send_response(200)
            for name, value in {
                "Content-Length": str(len(body)),
                "Content-Type": "application/json",
                "Lambda-Runtime-Aws-Request-Id": str(uuid.uuid4()),
                "Lambda-Runtime-Deadline-Ms": str(deadline),
                "Lambda-Runtime-Invoked-Function-Arn": ARN,
                "Lambda-Runtime-Trace-Id": "Root=1-0-0;Sampled=0",
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            """Takes an answer, or an error of an event or of the start."""
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or "null")
            kind = "answer" if self.path.endswith("/response") else "error"
            function.answers.put((kind, body))
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    return RuntimeApi
