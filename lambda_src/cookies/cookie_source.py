"""What `cookies.answer` needs of the class that signs the cookies."""

from collections.abc import Mapping
from typing import Protocol

Cookies = tuple[Mapping[str, str], int]
"""The cookies by name, and when they expire in epoch seconds."""


class CookieSource(Protocol):
    """Signs the cookies of one stream."""

    @property
    def client_id(self) -> str:
        """Cognito ID of the app client that viewers sign in with."""

    @property
    def media_path(self) -> str:
        """The cookies' Path, e.g. `/out/v1/live/`."""

    def cookies(self, now: int) -> Cookies:
        """The cookies to send at `now`, and when they expire; both in epoch seconds.

        Raises:
            Unavailable: They cannot be signed, and none are cached.
        """


class BindingCookieSource(CookieSource, Protocol):
    """One that can bind the cookies to a viewer's address."""

    def bound_to(self, address: str) -> CookieSource:
        """The same, for cookies that are valid for this IPv4 address only."""
