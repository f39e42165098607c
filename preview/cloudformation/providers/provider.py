"""What makes, changes and deletes the resources of one type."""

from collections.abc import Callable
from dataclasses import dataclass

from preview.account import Account
from preview.resource import Resource


def _nothing(*_: object) -> None:
    """A record needs no more than to be kept."""


@dataclass(frozen=True, kw_only=True)
class Provider:
    """Each raises Rejected where AWS would answer with an error."""

    create: Callable[[Account, Resource], None] = _nothing
    """Makes it; may set another `ref` and other `attributes` than the made-up ones."""
    update: Callable[[Account, Resource, Resource], None] = _nothing
    """Changes the old one into the new one, which has the old one's `ref` and `attributes`."""
    delete: Callable[[Account, Resource], None] = _nothing
