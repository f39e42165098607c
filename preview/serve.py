"""The world outside the account, on two ports of this machine: one for https and one for http.

Whoever connects names the host that is meant: a browser by a rule that maps the stack's hosts to
these ports, curl by `--connect-to`.
"""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Self

from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from preview.fronts import answered
from preview.quiet import Quiet

if TYPE_CHECKING:
    from preview.account import Account


class Served:
    """The stack's hosts, as long as the context lasts."""

    def __init__(
        self, account: "Account", *, saw: Callable[[Request, Response], None] = lambda *_: None
    ) -> None:
        """Takes every request and its answer to `saw`, too."""

        @Request.application
        def application(request: Request) -> Response:
            response = answered(account, request)
            saw(request, response)
            return response

        self._servers = [
            make_server(
                "127.0.0.1",
                0,
                application,
                threaded=True,
                request_handler=Quiet,
                ssl_context=context,
            )
            for context in ("adhoc", None)
        ]
        self.https_port, self.http_port = (server.server_port for server in self._servers)

    def __enter__(self) -> Self:
        self._threads = [
            threading.Thread(target=server.serve_forever, daemon=True) for server in self._servers
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for server, thread in zip(self._servers, self._threads, strict=True):
            server.shutdown()
            thread.join()
            server.server_close()
