"""CloudFormation resource provider: creates, updates, and deletes resources of one type."""

from collections.abc import Callable
from dataclasses import dataclass

from preview.account import Account
from preview.resource import Resource


def _nothing(*_: object) -> None:
    """Does nothing: the resource exists only as a record."""


@dataclass(frozen=True, kw_only=True)
class Provider:
    """Each operation raises Rejected where AWS would return an error."""

    create: Callable[[Account, Resource], None] = _nothing
    """Creates it; may replace the generated `ref` and `attributes`."""
    update: Callable[[Account, Resource, Resource], None] = _nothing
    """Updates the old to the new resource, which has the old one's `ref` and `attributes`."""
    delete: Callable[[Account, Resource], None] = _nothing
