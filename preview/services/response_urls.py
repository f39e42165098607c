"""CloudFormation response URLs, to which custom resources send their responses."""

import contextlib
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from werkzeug.wrappers import Request, Response

from preview.local.certificate import certificate_of_this_machine
from preview.local.http_server import serve


class ResponseUrls:
    """Receives the responses of custom resources."""

    def __init__(self, authority: Path) -> None:
        """Starts listening; writes the file of the certificate authority that functions trust."""
        self._expected: dict[str, list[dict[str, Any]]] = {}
        self.authority = authority
        certificate = certificate_of_this_machine(authority)
        self._server = serve(Request.application(self._answer), certificate=certificate)

    @contextlib.contextmanager
    def expected(self) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """A new ResponseURL, and the responses sent to it."""
        name = uuid.uuid4().hex
        self._expected[name] = []
        yield f"https://127.0.0.1:{self._server.port}/{name}", self._expected[name]
        del self._expected[name]

    def close(self) -> None:
        """Stops listening."""
        self._server.close()

    def _answer(self, request: Request) -> Response:
        answers = self._expected.get(request.path.removeprefix("/"))
        if request.method != "PUT" or answers is None:
            return Response(status=403)
        answers.append(json.loads(request.get_data()))
        return Response(status=200)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """How long CloudFormation waits for a custom resource, and how long its function may run."""

    logical_id: str
    service_timeout: int
    """Seconds."""
    longest_run: int
    """Seconds until the last retry of one event must have ended, in the worst case."""
    latest_end: int
    """The same if Lambda delivers the event as late as it may."""
