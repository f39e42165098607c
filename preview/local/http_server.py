"""HTTP and HTTPS servers on this machine that start and stop quickly and do not log requests."""

import selectors
import socket
import threading
from http.server import HTTPServer
from typing import TYPE_CHECKING, Literal

from werkzeug.serving import WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from ssl import SSLContext

    from _typeshed.wsgi import WSGIApplication


class Quiet(WSGIRequestHandler):
    """Handles requests without logging them: their paths can contain secrets."""

    def log(self, *_: object) -> None:
        """Logs nothing."""

    def send_response(self, code: int, message: str | None = None) -> None:
        """Sends no Server header of its own: CloudFront and other services send theirs."""
        self.send_response_only(code, message)


class RunningServer:
    """A server that runs in its own thread until it is closed."""

    def __init__(self, server: HTTPServer) -> None:
        self._server = server
        self.port = server.server_port
        self._closing, self._closed = socket.socketpair()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stops listening."""
        self._closed.close()
        self._thread.join()
        self._closing.close()
        self._server.server_close()

    def _serve(self) -> None:
        """Serves like `serve_forever`, but without polling for shutdown."""
        self._server.timeout = 0
        with selectors.DefaultSelector() as selector:
            for one in (self._server, self._closing):
                selector.register(one, selectors.EVENT_READ)
            while self._closing not in {key.fileobj for key, _ in selector.select()}:
                self._server.handle_request()


def serve(
    application: "WSGIApplication", *, certificate: "SSLContext | Literal['adhoc'] | None" = None
) -> RunningServer:
    """Serves an application on a free port of this machine; over HTTPS if given a certificate."""
    return RunningServer(
        make_server(
            "127.0.0.1",
            0,
            application,
            threaded=True,
            request_handler=Quiet,
            ssl_context=certificate,
        )
    )
