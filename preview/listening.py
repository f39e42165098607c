"""Servers on this machine that come and go quickly and write no line for each request."""

import threading
from http.server import HTTPServer
from typing import TYPE_CHECKING, Literal

from werkzeug.serving import WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from ssl import SSLContext

    from _typeshed.wsgi import WSGIApplication

POLL = 0.02  # seconds until a server that should close sees it


class Quiet(WSGIRequestHandler):
    """Takes requests without telling of them: their paths can hold secrets."""

    def log(self, *_: object) -> None:
        """Says nothing."""

    def send_response(self, code: int, message: str | None = None) -> None:
        """Names no server of its own: CloudFront and the others name themselves."""
        self.send_response_only(code, message)


class Listening:
    """A server that answers in a thread of its own until it is closed."""

    def __init__(self, server: HTTPServer) -> None:
        self._server = server
        self.port = server.server_port
        self._thread = threading.Thread(target=server.serve_forever, args=(POLL,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Listens no longer."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def listening(
    application: "WSGIApplication", *, certificate: "SSLContext | Literal['adhoc'] | None" = None
) -> Listening:
    """An application on a free port of this machine; https with a certificate."""
    return Listening(
        make_server(
            "127.0.0.1",
            0,
            application,
            threaded=True,
            request_handler=Quiet,
            ssl_context=certificate,
        )
    )
