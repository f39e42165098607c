"""Local HTTPS and HTTP servers for all host names of the stack.

Clients send the stack's host names: a browser by a rule that maps them to these ports, curl by
`--connect-to`.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Self

from werkzeug.wrappers import Request, Response

from preview.account import Account
from preview.hosts.routing import route
from preview.local.certificate import Certificate, new_certificate
from preview.local.http_server import serve


class Served:
    """Serves the stack's hosts while the context is open."""

    def __init__(
        self,
        account: Account,
        *,
        saw: Callable[[Request, Response], None] = lambda *_: None,
        certificate: Certificate | None = None,
    ) -> None:
        """Starts listening.

        Args:
            account: the account with the hosts.
            saw: is called with every request and its response.
            certificate: the TLS certificate; by default, a new temporary one.
        """

        @Request.application
        def application(request: Request) -> Response:
            response = route(account, request)
            response.date = datetime.fromtimestamp(account.clock.now(), UTC)
            saw(request, response)
            return response

        self.certificate = certificate or new_certificate()
        self._https = serve(application, certificate=self.certificate.context)
        self._http = serve(application)
        self.https_port, self.http_port = self._https.port, self._http.port

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._https.close()
        self._http.close()
