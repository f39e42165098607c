"""CloudWatch composite alarms: one report for what one cause would report several times."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from troposphere import NoValue, Ref, Sub, cloudwatch

from protected_stream.sections.alarms.rows import Cause
from protected_stream.template.metadata import why

WAIT_SECONDS = 120
"""How long a fold waits for a worse one that has the same cause, before it reports."""
EXTENSION_SECONDS = 240
"""How long it waits after the worse one has ended: an alarm with 3 of 5 bad minutes rings for three
good ones, and what has just been repaired is not reported."""

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
    reports: bool = True
    """Whether it reports; others only read one that does not."""


def _any(alarms: Sequence[cloudwatch.Alarm]) -> str:
    return " OR ".join(f'ALARM("${{{one.title}}}")' for one in alarms)


def _each(found: Found, cause: Cause) -> list[str]:
    return [_any(alarms) for alarms in found.get(cause, {}).values()]


def _any_of(*causes: Cause) -> Callable[[Found], str]:
    return lambda found: " OR ".join(one for cause in causes for one in _each(found, cause))


def _everywhere(cause: Cause) -> Callable[[Found], str]:
    """Something on each pipeline."""
    return lambda found: " AND ".join(f"({one})" for one in _each(found, cause))


def _nothing_arrives(found: Found) -> str:
    idle, runs = _any_of("nothing arrives")(found), _any_of("runs")(found)
    refused = _everywhere("not delivered")(found)
    return f"(({idle}) AND ({runs})) OR ({refused})" if idle and runs else ""


def _no_stream(found: Found) -> str:
    """Whatever leaves viewers without a picture."""
    worse = (one for one in FOLDS if one.title in (NO_PICTURE, NOTHING_ARRIVES) and one.rule(found))
    return " OR ".join(f'ALARM("${{{one.title}}}")' for one in worse)


NO_PICTURE, NOTHING_ARRIVES, NO_STREAM = "AlarmNoPicture", "AlarmNothingArrives", "AlarmNoStream"
FOLDS: tuple[Fold, ...] = (
    Fold(
        title=NO_PICTURE,
        rule=_everywhere("no picture"),
        means="No pipeline gets a moving picture: viewers see filler, black or a still.",
        first="look whether the encoder is sending; `protected-stream status` prints the addresses "
        "and MediaLive's alerts.",
    ),
    Fold(
        title=NOTHING_ARRIVES,
        rule=_nothing_arrives,
        means="The channel runs, and for five minutes nothing has reached MediaPackage, or it "
        "takes no pipeline's stream: viewers get none, and the channel costs money.",
        first="`protected-stream status` prints the alarms that ring, and MediaLive's alerts. If "
        "the encoder is not sending, start it, or if no show is planned, `protected-stream stop`. "
        "If deliveries are refused, `protected-stream diff` says what was changed by hand; deploy "
        "again.",
        part_of=NO_PICTURE,
    ),
    Fold(
        title=NO_STREAM,
        rule=_no_stream,
        means="Viewers get no picture. AlarmPictureAtRisk is silent while this rings.",
        first="the alarms that this one is made of report what it is.",
        reports=False,
    ),
    Fold(
        title="AlarmPictureAtRisk",
        rule=_any_of("no picture", "not delivered", "picture at risk"),
        means="Something is wrong with the picture or on one of the pipelines; viewers may not see "
        "it yet.",
        first="the alarms that this one is made of say what: look at the dashboard's left side.",
        part_of=NO_STREAM,
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
                AlarmActions=actions if fold.reports else NoValue,
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
        "ActionsSuppressorWaitPeriod": WAIT_SECONDS,
        "ActionsSuppressorExtensionPeriod": EXTENSION_SECONDS,
    }
