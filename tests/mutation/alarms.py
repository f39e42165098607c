"""Mutations of what `[alarms]` adds to the template, and what is heard with them."""

import functools
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from preview.cli.sample_parameters import SAMPLE_VALUES
from preview.errors import PreviewError
from preview.resource import Resource
from preview.services.functions.function import FunctionError
from protected_stream import Stream, assemble
from protected_stream.template.emit import document
from tests.mutation.operators import Mutation, mutations
from tests.mutation.templates import Template
from tests.preview.alarm_faults import (
    CALM,
    CASES,
    EXPECTED,
    MINUTE,
    RECORDED,
    VARIANTS,
    OnAir,
    on_air,
    try_fault,
    try_metric,
    watch,
)
from tests.preview.operator import start_channel, stop_channel
from tests.preview.scenario_grants import look_for_denials
from tests.preview.violation import Violation

STREAM = Stream.model_validate({**VARIANTS["STANDARD"], "alarms": {}})
DAY = 86_400
NOT_HEARD = ("StreamDashboard",)
"""What nothing is heard of."""
ALARM, COMPOSITE = "AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"
LINES = {
    "ViewersRefused": ("CookiesFunction", "refused, with status 403", 20),
    "KeyUnavailable": ("CookiesFunction", "the key is unavailable", 1),
    "StoppedByGuard": ("ChannelGuardFunction", "schedule.stop_after_hours reached", 1),
    "ShowsStartedLate": ("ChannelGuardFunction", "starting the channel for its show", 1),
    "ShowsStoppedLate": ("ChannelGuardFunction", "the show has ended", 1),
}
"""By metric: which function logs it, words of the line, and how often it comes in a minute."""


@functools.cache
def of_alarms() -> tuple[Mutation, ...]:
    """One of those that are alike, because the alarms of a table's row are."""
    without = Stream.model_validate(VARIANTS["STANDARD"])
    template = document(assemble(STREAM))
    added = template["Resources"].keys() - document(assemble(without))["Resources"].keys()
    found = {
        _alike(one, template["Resources"][one.owner]): one
        for one in reversed(list(mutations(template)))
        if one.owner in added and one.owner not in NOT_HEARD
    }
    return tuple(reversed(found.values()))


def _alike(mutation: Mutation, owner: Template) -> tuple[str, ...]:
    """The same for mutations of the same kind."""
    place = re.sub(r"Pipeline\d", "Pipeline", mutation.place)
    if owner["Type"] == ALARM:
        metric = json.dumps(owner["Properties"].get("Namespace", "metric math"))
        return metric, place.partition("/")[2]
    if owner["Type"] == COMPOSITE:
        former, _, other = place.partition(" -> ")
        is_alarm = other.startswith("Alarm")
        return (mutation.owner, former if is_alarm else other)
    return (mutation.place,)


def violation_of_alarms(mutation: Mutation, built: Path) -> str | None:
    """The first report that is missing or wrong with it; None if there is none."""
    names = set(re.findall(r"\w+", mutation.place))
    try:
        with on_air(mutation.template, built) as running:
            for titles, act in sorted(_acts(), key=lambda one: not one[0] & names):
                act(running)
                _expect_delivery(running, titles)
    except (PreviewError, ClientError, FunctionError, Violation) as found:
        return str(found) or type(found).__name__
    return None


Act = tuple[frozenset[str], Callable[[OnAir], None]]


def _acts() -> Iterator[Act]:
    """What is tried, with the logical IDs that it is about."""
    yield frozenset({"AlarmSubscription", "AlarmTopic"}), _try_subscription
    for name, which in CASES:
        expected = EXPECTED[name]
        rows = (*expected.rows, *(["WorseThanTwin"] if expected.twin else []))
        titles = {f"AlarmPipeline{number}{row}" for row in rows for number in range(2)}
        titles |= {f"AlarmPackager{row}" for row in expected.packager}
        yield frozenset(titles), functools.partial(try_fault, name=name, which=which)
    for one in RECORDED:
        yield frozenset({one.alarm}), functools.partial(try_metric, one=one)
    for metric in LINES:
        yield frozenset({f"{metric}Count"}), functools.partial(_try_line, metric=metric)
    yield frozenset({"AlarmChannelStates"}), _try_notices
    yield frozenset(), _try_key_age


def _expect_delivery(running: OnAir, about: frozenset[str]) -> None:
    if lost := running.account.events.lost:
        raise Violation(f"{sorted(about)}: {lost}")


def _the(running: OnAir, name: str) -> Resource:
    return next(one for one in running.account.resources.all() if one.logical_id == name)


def _try_subscription(running: OnAir) -> None:
    stated: Any = _the(running, "AlarmSubscription").properties
    due = running.stack.outputs["AlarmTopicArn"], SAMPLE_VALUES["AlarmEmail"]
    if (stated["TopicArn"], stated["Endpoint"]) != due:
        raise Violation("AlarmEmail does not hear of what the topic gets")


def _try_line(running: OnAir, metric: str) -> None:
    title, words, count = LINES[metric]
    group = _the(running, title).properties["LoggingConfig"]["LogGroup"]
    heard = []
    for _ in range(2):
        running.account.alarms.read_log(group, [json.dumps({"message": words})] * count)
        heard += watch(running, 1)[1]
    if len(heard) != 1:
        raise Violation(f"{metric}: {heard}")
    watch(running, CALM)


def _try_notices(running: OnAir) -> None:
    sent, channel = running.account.notifications.sent, running.stack.outputs["ChannelId"]
    stop_channel(running.account, channel)
    running.account.events.pass_time(1)
    if not sent or "is STOPPED" not in sent[-1].text:
        raise Violation("a channel that stops is not heard")
    sent.clear()
    start_channel(running.account, channel)
    running.account.events.pass_time(CALM * MINUTE)
    running.heard()


def _try_key_age(running: OnAir) -> None:
    """The alarm has a state after the first value; while the channel is idle, a day is short."""
    alarm, states = _the(running, "AlarmKeyTooOld"), running.account.alarms.states
    stop_channel(running.account, running.stack.outputs["ChannelId"])
    running.account.events.pass_time(DAY + 5 * MINUTE)
    if states.get(alarm.ref) != "OK" or running.heard():
        raise Violation("the age of the key is not known")
    look_for_denials(running.account)
