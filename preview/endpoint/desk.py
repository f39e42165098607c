"""What the handlers of the endpoint's actions work with: the account and its stack."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from preview.account import Account
from preview.endpoint.stacks import Stacks

Declared = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What others do around a deployment, such as the owner of an existing stream."""

    before: Callable[[Account, Declared, Mapping[str, str]], None] = lambda *_: None
    """Given the template's parameters and their values."""
    after: Callable[[Account, Mapping[str, str]], None] = lambda *_: None
    """Given the stack's outputs."""


class Desk:
    """The account, and its stack as CloudFormation's API sees it."""

    def __init__(self, account: Account, surroundings: Surroundings) -> None:
        self.account = account
        self.stacks = Stacks(account, before=surroundings.before, after=surroundings.after)

    def now(self) -> datetime:
        """The account's time, in UTC without saying so, as moto writes times."""
        return datetime.fromtimestamp(self.account.clock.now(), UTC).replace(tzinfo=None)
