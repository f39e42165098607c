"""CloudFront edges of one distribution that get a changed key group late, at different times."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from random import Random

from preview.account import Account
from preview.hosts.routing import key_group
from preview.services.aws.aws import Call
from preview.services.edge.edge import Edge

LATEST = 14 * 60
"""Seconds until the last edge has received a change."""
CHANGES = ("cloudfront:CreateKeyGroup", "cloudfront:UpdateKeyGroup")


@dataclass
class _Known:
    """The key group states that one edge has received, with their times, in order."""

    states: list[tuple[float, Mapping[str, str]]] = field(default_factory=list)

    def learn(self, state: Mapping[str, str], at: float) -> None:
        earlier = self.states[-1][0] if self.states else 0
        self.states.append((max(at, earlier), state))

    def at(self, now: float) -> Mapping[str, str]:
        return next(state for since, state in reversed(self.states) if since <= now)


class LateEdges:
    """`count` edges; all have the first state of the key group."""

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
        """A random edge, for a viewer's request."""
        return self._random.choice(self.edges)

    def trust_throughout(self, key_pair_id: str, *, since: float, until: float) -> bool:
        """Whether every edge trusts the key for all of that time."""
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
        """Propagates the key group, which may have changed, to every edge at different times."""
        state = key_group(self._account, self._group_id)
        for known in self._known:
            known.learn(state, self._account.clock.now() + self._random.uniform(0, LATEST))
