"""Edges of one distribution that learn of a changed key group late, each in its own time."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from random import Random

from preview.account import Account
from preview.hosts.routing import key_group
from preview.services.aws.aws import Call
from preview.services.edge.edge import Edge

LATEST = 14 * 60
"""Seconds until the last edge has learnt of a change."""
CHANGES = ("cloudfront:CreateKeyGroup", "cloudfront:UpdateKeyGroup")


@dataclass
class _Known:
    """What one edge knows of the key group, and from when on; in the order of the changes."""

    states: list[tuple[float, Mapping[str, str]]] = field(default_factory=list)

    def learn(self, state: Mapping[str, str], at: float) -> None:
        earlier = self.states[-1][0] if self.states else 0
        self.states.append((max(at, earlier), state))

    def at(self, now: float) -> Mapping[str, str]:
        return next(state for since, state in reversed(self.states) if since <= now)


class LateEdges:
    """So many edges; the first state of the key group is known to all."""

    def __init__(self, account: Account, group_id: str, *, count: int, random: Random) -> None:
        self._account, self._group_id, self._random = account, group_id, random
        self._known = [_Known() for _ in range(count)]
        for known in self._known:
            known.learn(key_group(account, group_id), 0)
        (edge,) = account.edges.values()
        self.edges = [
            replace(edge, key_group=lambda _, known=known: known.at(account.clock.now()))  # type: ignore[misc]  # bound at once
            for known in self._known
        ]
        account.aws.after.append(self._look)

    def any(self) -> Edge:
        """The edge that a viewer happens to meet."""
        return self._random.choice(self.edges)

    def trust_throughout(self, key_pair_id: str, *, since: float, until: float) -> bool:
        """Whether every edge knows the key at every moment of that time."""
        return all(
            key_pair_id in state
            for known in self._known
            for (begins, state), ends in zip(
                known.states, [*(at for at, _ in known.states[1:]), float("inf")], strict=True
            )
            if begins < until and ends > since and begins < ends
        )

    def _look(self, call: Call) -> None:
        if call.action in CHANGES:
            self.hear()

    def hear(self) -> None:
        """The key group has changed, or may have: every edge learns of it in its own time."""
        state = key_group(self._account, self._group_id)
        for known in self._known:
            known.learn(state, self._account.clock.now() + self._random.uniform(0, LATEST))
