"""The steps of the rehearsal: a table. docs/first-deployment.md has the same ones."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from protected_stream.reading import hourly_cost
from protected_stream.rehearsal import acts, doubts
from protected_stream.rehearsal.doubts import Doubt
from protected_stream.rehearsal.notes import Notes
from protected_stream.rehearsal.stage import Stage


def _nothing(_: Mapping[str, Any]) -> str:
    return ""


def _goes_on(document: Mapping[str, Any]) -> str:
    return f"The channel stays on the air. {hourly_cost.on_air(document)}"


def _ends(_: Mapping[str, Any]) -> str:
    return "It ends the costs, and cannot be undone; what KeptAfterDeletion lists stays."


def _always(_: Stage) -> str:
    return ""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step."""

    id: str
    title: str
    cost: Callable[[Mapping[str, Any]], str]
    """What it costs, from the template; empty if nothing, and then nobody is asked."""
    after: str = ""
    """The ID of a step without which it is pointless, if that was bad."""
    obstacle: Callable[[Stage], str] = _always
    """Why it cannot be tried now; empty if it can."""
    act: Callable[[Stage, Notes], None]
    good: str
    """What it shows if AWS does as is assumed."""
    doubts: Sequence[Doubt]
    """What it shows otherwise."""


STEPS = (
    Step(
        id="check",
        title="Let AWS check the template without creating anything",
        cost=_nothing,
        act=acts.check_template,
        good="`Status` is `CREATE_COMPLETE`.",
        doubts=doubts.CHECK,
    ),
    Step(
        id="create",
        title="Create the stack",
        cost=hourly_cost.idle,
        after="check",
        act=acts.create,
        good="`CREATE_COMPLETE`, and the page says that the stream is not on air.",
        doubts=doubts.CREATE,
    ),
    Step(
        id="on-air",
        title="Go on air",
        cost=hourly_cost.on_air,
        obstacle=Stage.obstacle_to_start,
        act=acts.go_on_air,
        good="`RUNNING` after a minute or two, no alerts, and the page plays; `/#dash` at the end"
        " of the address plays DASH.",
        doubts=doubts.ON_AIR,
    ),
    Step(
        id="date",
        title="Change only `StopChannelToUpdate`",
        cost=_goes_on,
        obstacle=Stage.off_the_air,
        act=acts.change_date,
        good="the stack is updated, and the stream plays on.",
        doubts=doubts.DATE,
    ),
    Step(
        id="cidr",
        title="Change only `InputCidr`",
        cost=_goes_on,
        obstacle=Stage.off_the_air,
        act=acts.change_cidr,
        good="the stack is updated, and the stream plays on.",
        doubts=doubts.CIDR,
    ),
    Step(
        id="redundancy",
        title="Stop one of two pushes",
        cost=_goes_on,
        obstacle=acts.has_one_pipeline,
        act=acts.lose_a_pipeline,
        good="the page plays on without black frames or a stall.",
        doubts=doubts.REDUNDANCY,
    ),
    Step(
        id="delete",
        title="Delete the stack while it is on the air",
        cost=_ends,
        obstacle=Stage.absence,
        act=acts.delete_on_air,
        good="the channel is stopped, and the stack is deleted in a few minutes, except for what"
        " `KeptAfterDeletion` listed.",
        doubts=doubts.DELETE,
    ),
)
