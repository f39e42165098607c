"""Requests to the deployed stream over the internet, with verified TLS certificates."""

import socket
import ssl
from collections.abc import Mapping
from urllib.parse import urlsplit

import urllib3
from urllib3.util import Retry, Timeout

from protected_stream.verify.answers import NO_HEADERS, Answer, Unreachable

SECONDS = 15
"""For connecting, and for each part of the response."""
ATTEMPTS = Retry(connect=2, read=1, redirect=0, status=0, other=0)
LARGEST_BODY = 64 * 2**20
"""Bytes that are read of a response: a segment of the highest rendition has a tenth."""


class Internet:
    """Sends requests; a path is sent as it is, because urllib3's pools do not normalize it."""

    def __init__(self) -> None:
        self._pools: dict[tuple[str, str], urllib3.HTTPConnectionPool] = {}

    def __call__(
        self, method: str, url: str, headers: Mapping[str, str] = NO_HEADERS, body: bytes = b""
    ) -> Answer:
        """The response.

        Raises:
            Unreachable: there is none.
        """
        scheme, host, target = parts(url)
        if (scheme, host) not in self._pools:
            self._pools[scheme, host] = self._pool(scheme, host)
        pool = self._pools[scheme, host]
        try:
            response = pool.urlopen(
                method,
                target,
                body=body or None,
                headers={**headers},
                retries=ATTEMPTS,
                redirect=False,
                preload_content=False,
                decode_content=True,
            )
            content = response.read(LARGEST_BODY)
            response.release_conn()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise Unreachable(f"{host} gives no response ({type(error).__name__})") from error
        return Answer(
            status=response.status, headers=list(response.headers.iteritems()), body=content
        )

    def _pool(self, scheme: str, host: str) -> urllib3.HTTPConnectionPool:
        kind = urllib3.HTTPSConnectionPool if scheme == "https" else urllib3.HTTPConnectionPool
        name, _, port = host.partition(":")
        timeout = Timeout(connect=SECONDS, read=SECONDS)
        return kind(name, int(port) if port else None, timeout=timeout)


def parts(url: str) -> tuple[str, str, str]:
    """Scheme, host and request target of a URL; the target is not changed in any way."""
    split = urlsplit(url)
    target = url.removeprefix(f"{split.scheme}://{split.netloc}") or "/"
    return split.scheme, split.netloc, target.partition("#")[0]


def accepts_old_tls(host: str, port: int = 443) -> bool | None:
    """Whether a host accepts TLS 1.1 or 1.0; None if this machine's OpenSSL cannot ask for them.

    Raises:
        Unreachable: there is no connection.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        # OpenSSL has SHA-1 in these versions' handshakes at its lowest security level only
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    except (ssl.SSLError, ValueError):
        return None
    return _connects(context, host, port)


def _connects(context: ssl.SSLContext, host: str, port: int) -> bool | None:
    try:
        with (
            socket.create_connection((host, port), timeout=SECONDS) as connection,
            context.wrap_socket(connection, server_hostname=host),
        ):
            return True
    except ssl.SSLError as error:
        # these two are raised before anything is sent
        return None if error.reason in ("NO_PROTOCOLS_AVAILABLE", "NO_CIPHERS_AVAILABLE") else False
    except ConnectionError:
        return False  # some servers hang up instead of sending an alert
    except OSError as error:
        raise Unreachable(f"{host} gives no response ({type(error).__name__})") from error
