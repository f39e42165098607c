"""Key rotation simulation: a stack on air and its viewers, while the signing key changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from preview.account import Account
from preview.cloudformation.stack import Stack
from protected_stream import Stream, assemble
from protected_stream.building import build
from protected_stream.template.emit import document
from tests.preview.late_edges import LateEdges
from tests.preview.operator import PARAMETERS, copy_code, go_on_air
from tests.preview.viewers import Viewer, Viewers

MINUTE, HOUR = 60, 3600
VIEWERS, EDGES = 20, 8
REFUSED = ": 403 at request|refused before they expire"
"""The errors if a viewer gets a 403, or could have gotten one from another edge."""


@dataclass(frozen=True, kw_only=True)
class Deploy:
    """The deployment of a change, and how long viewers watch afterward."""

    signing: Mapping[str, Any]
    """The table `[signing]`."""
    pasted: Mapping[str, str] = field(default_factory=dict)
    """Parameters of the template."""
    wait: float
    """Seconds."""


class RotationSimulation:
    """A stack on air, edges that get changes late, and 20 viewers who join three minutes apart."""

    def __init__(self, account: Account, folder: Path, first: Deploy) -> None:
        self.account, self.stack = account, Stack(account=account)
        build(_stream(first), folder, lambda _: None)
        copy_code(account, folder)
        self._deploy(first)
        go_on_air(account, self.stack.outputs)
        self.edges = LateEdges(
            account,
            self.stack.outputs["KeyGroupId"],
            count=EDGES,
            random=Random(str(first)),  # noqa: S311 - the same in every run
        )
        now = account.clock.now()
        self.viewers = Viewers(
            account=account,
            outputs=self.stack.outputs,
            edges=self.edges,
            viewers=[Viewer(joins_at=now + 3 * MINUTE * number) for number in range(VIEWERS)],
        )
        self.viewers.watch(first.wait, step=10 * MINUTE)

    def change(self, deploys: Sequence[Deploy]) -> None:
        """Deploys changes one after the other; no cookies are rejected before they expire."""
        for deploy in deploys:
            self._deploy(deploy)
            self.edges.hear()
            self.viewers.watch(deploy.wait, step=5 * MINUTE)
        assert self.viewers.refused_too_early() == [], "refused before they expire"

    @property
    def key_pair_ids(self) -> set[str]:
        """The key pair IDs of all issued cookies."""
        return {cookies.key_pair_id for cookies in self.viewers.handed_out}

    def _deploy(self, deploy: Deploy) -> None:
        template = document(assemble(_stream(deploy)))
        given = {**PARAMETERS, **deploy.pasted}
        asked = template["Parameters"].keys()
        self.stack.deploy(template, {name: given[name] for name in given if name in asked})


def _stream(deploy: Deploy) -> Stream:
    return Stream.model_validate({"signing": dict(deploy.signing)})
