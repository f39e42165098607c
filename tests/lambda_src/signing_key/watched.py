"""A stack whose keys are recorded from the first one on, to check the invariant for viewers."""

from dataclasses import dataclass

from shared.key_ring import KeyRing
from tests.lambda_src.signing_key.cloudformation import GRACE_SECONDS, Stack
from tests.lambda_src.signing_key.invariants import History, violations

DAY = 86_400


@dataclass
class Watched:
    """A stack whose history is recorded from the first key on."""

    stack: Stack

    def __post_init__(self) -> None:
        self.stack.create()
        self.rings: list[tuple[float, KeyRing]] = [(self.stack.clock.now, self.stack.ring)]
        self.groups = [(self.stack.clock.now, frozenset(self.group))]

    @property
    def group(self) -> list[str]:
        """The IDs of the keys that the key group trusts."""
        return list(self.stack.account.group(self.stack.name).items)

    def look(self) -> None:
        """Record what has changed."""
        now = self.stack.clock.now
        if self.stack.ring != self.rings[-1][1]:
            self.rings.append((now, self.stack.ring))
        if frozenset(self.group) != self.groups[-1][1]:
            self.groups.append((now, frozenset(self.group)))

    def assert_kept(self) -> None:
        """The invariant holds from the beginning until long after now."""
        end = self.stack.clock.now + 3 * DAY
        history = History(rings=self.rings, groups=self.groups, end=end)
        assert violations(history, grace_seconds=GRACE_SECONDS) == []
