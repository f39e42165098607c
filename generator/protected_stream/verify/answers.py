"""HTTP responses as the checks see them, and the errors by which a check ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol

NO_HEADERS: Mapping[str, str] = {}


class Broken(Exception):
    """A promise does not hold; the message says what was found instead."""


class NotTried(Exception):
    """A promise cannot be checked here; the message says why."""


class Unreachable(Exception):
    """There is no response: the name or the connection fails."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A response; redirects are not followed."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        """The value of a header, in any case of letters; empty if there is none."""
        return ", ".join(self.all(name))

    def all(self, name: str) -> list[str]:
        """The values of a header that may be there several times, such as Set-Cookie."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    @property
    def text(self) -> str:
        """The body; bytes that are not UTF-8 are replaced."""
        return self.body.decode(errors="replace")

    @property
    def is_html(self) -> bool:
        """Whether it is a page."""
        return self.header("Content-Type").startswith("text/html")

    @property
    def is_served(self) -> bool:
        """Whether the body is what was asked for."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


class Fetch(Protocol):
    """Sends a request exactly as it is written: a path with dots stays one with dots."""

    def __call__(
        self, method: str, url: str, headers: Mapping[str, str] = NO_HEADERS, body: bytes = b""
    ) -> Answer:
        """The response.

        Raises:
            Unreachable: there is none.
        """
        ...


def expect(value: object, *allowed: object, what: str) -> None:
    """Compares a value with those that are allowed.

    Raises:
        Broken: it is none of them.
    """
    if value not in allowed:
        wanted = " or ".join(str(one) for one in allowed)
        raise Broken(f"{what}: {value or 'nothing'} instead of {wanted}")
