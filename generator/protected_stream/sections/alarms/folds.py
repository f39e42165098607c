"""CloudWatch composite alarms: one report for what one cause would report several times."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from troposphere import Ref, Sub, cloudwatch

from protected_stream.sections.alarms.rows import Cause
from protected_stream.template.metadata import why

SUPPRESSED_SECONDS = 120
"""How long a fold waits for a worse one that has the same cause, before it reports."""

Found = Mapping[Cause, Mapping[str, Sequence[cloudwatch.Alarm]]]
"""The alarms of each cause, by what they watch."""


@dataclass(frozen=True, kw_only=True)
class Fold:
    """A composite alarm."""

    title: str
    rule: Callable[[Found], str]
    """The rule; empty if the stack has no such alarms."""
    means: str
    first: str
    part_of: str = ""
    """The title of a worse fold, while which rings this one is silent."""


def _any(alarms: Sequence[cloudwatch.Alarm]) -> str:
    return " OR ".join(f'ALARM("${{{one.title}}}")' for one in alarms)


def _each(found: Found, cause: Cause) -> list[str]:
    return [_any(alarms) for alarms in found.get(cause, {}).values()]


def _any_of(*causes: Cause) -> Callable[[Found], str]:
    return lambda found: " OR ".join(one for cause in causes for one in _each(found, cause))


def _everywhere(found: Found) -> str:
    """Something on each pipeline."""
    return " AND ".join(f"({one})" for one in _each(found, "no picture"))


def _nothing_arrives(found: Found) -> str:
    idle, runs = _any_of("nothing arrives")(found), _any_of("runs")(found)
    return f"({idle}) AND ({runs})" if idle and runs else ""


FOLDS: tuple[Fold, ...] = (
    Fold(
        title="AlarmNoPicture",
        rule=_everywhere,
        means="No pipeline gets a moving picture: viewers see filler, black or a still.",
        first="look whether the encoder is sending; `protected-stream status` prints the addresses "
        "and MediaLive's alerts.",
    ),
    Fold(
        title="AlarmPictureAtRisk",
        rule=_any_of("no picture", "picture at risk"),
        means="Something is wrong with the picture or on one of the pipelines; viewers may not see "
        "it yet.",
        first="the alarms that this one is made of say what: look at the dashboard's left side.",
        part_of="AlarmNoPicture",
    ),
    Fold(
        title="AlarmNothingArrives",
        rule=_nothing_arrives,
        means="The channel has run for five minutes, and nothing reaches MediaPackage: viewers get "
        "no stream, and the channel costs money.",
        first="start the encoder; if it sends, `protected-stream status` prints MediaLive's "
        "alerts. If no show is planned, `protected-stream stop`.",
        part_of="AlarmNoPicture",
    ),
    Fold(
        title="AlarmMediaFail",
        rule=_any_of("media"),
        means="The packager fails or is slow: players stall.",
        first="watch the stream, and look at AWS Health for MediaPackage in this Region.",
    ),
    Fold(
        title="AlarmNoCookies",
        rule=_any_of("cookies"),
        means="Viewers cannot sign in, get no cookies, or wait long for them; those who watch lose "
        "the stream when theirs expire.",
        first="`protected-stream logs cookies` says why; the dashboard's right side shows which "
        "part fails.",
    ),
)


def folds(found: Found, actions: list[Ref]) -> Iterator[cloudwatch.CompositeAlarm]:
    """The composite alarms, in an order in which each comes after the one that it is part of.

    Source: Amazon CloudWatch API Reference, PutCompositeAlarm, AlarmRule and ActionsSuppressor.
    """
    made: dict[str, cloudwatch.CompositeAlarm] = {}
    for fold in FOLDS:
        rule = fold.rule(found)
        if rule:
            made[fold.title] = cloudwatch.CompositeAlarm(
                fold.title,
                Metadata=why("one report for what has one cause"),
                AlarmDescription=f"{fold.means} First: {fold.first}",
                AlarmRule=Sub(rule),
                AlarmActions=actions,
                **_suppressed_by(made.get(fold.part_of)),
            )
            yield made[fold.title]
    for function, alarms in found.get("a function", {}).items():
        yield cloudwatch.CompositeAlarm(
            f"Alarm{function}",
            Metadata=why("one report for a function that fails, and for what follows"),
            AlarmDescription=alarms[0].AlarmDescription,
            AlarmRule=Sub(_any(alarms)),
            AlarmActions=actions,
        )


def _suppressed_by(worse: cloudwatch.CompositeAlarm | None) -> dict[str, Any]:
    if worse is None:
        return {}
    return {
        "ActionsSuppressor": worse.get_att("Arn"),
        "ActionsSuppressorWaitPeriod": SUPPRESSED_SECONDS,
        "ActionsSuppressorExtensionPeriod": SUPPRESSED_SECONDS,
    }
