"""Servers on this machine that write no line for each request: paths can hold secrets."""

from werkzeug.serving import WSGIRequestHandler


class Quiet(WSGIRequestHandler):
    """Takes requests without telling of them."""

    def log(self, *_: object) -> None:
        """Says nothing."""
