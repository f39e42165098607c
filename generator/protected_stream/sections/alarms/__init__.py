"""CloudWatch alarms of the stream: somebody hears when it breaks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import Field
from troposphere import AWSHelperFn, AWSObject, Equals, Output, Ref, cloudwatch

from protected_stream.sections.alarms.counts import counts
from protected_stream.sections.alarms.dashboard import dashboard
from protected_stream.sections.alarms.folds import folds
from protected_stream.sections.alarms.key_age import key_age
from protected_stream.sections.alarms.notices import notices
from protected_stream.sections.alarms.rows import Cause, Row, alarm
from protected_stream.sections.alarms.table import ROWS
from protected_stream.sections.alarms.topic import email, topic, topic_resources
from protected_stream.sections.alarms.watched import KINDS, Parts
from protected_stream.template.functions import Functions
from protected_stream.template.options import Options
from protected_stream.template.regions import ANY
from protected_stream.template.section import LabelledParameter, Note, Section

CLOUDFRONT_REGION = "us-east-1"
"""Source: Amazon CloudFront Developer Guide, "Viewing metrics using the CloudWatch API"."""
CLOUDFRONT = "AWS/CloudFront"
HAS_CLOUDFRONT_METRICS = "HasCloudFrontMetrics"


class AlarmOptions(Options):
    """Alarms by e-mail: the stack has them if this table is there, even if it is empty."""

    dashboard: bool = Field(
        default=True,
        description="a dashboard of the metrics with the alarms' thresholds; beyond the account's "
        "three free ones, it costs $3 a month",
    )


@dataclass(frozen=True, kw_only=True)
class Rung:
    """An alarm of the template, and the row that it is of."""

    row: Row
    watched: str
    alarm: cloudwatch.Alarm


def alarms(
    options: AlarmOptions | None, functions: Functions, parts: Sequence[Section], *, region: str
) -> Section:
    """The topic, and the alarms of what the stack contains; empty without the table.

    Args:
        options: None if the stream file has no such table.
        functions: creates the function that tells the key's age.
        parts: the stack's other sections.
        region: where the stack is deployed, or "any".
    """
    if options is None:
        return Section(source="alarms")
    age = key_age(parts, functions)
    found = Parts(sections=(*parts, age))
    target = topic()
    rung = tuple(_alarms(found, target.ref(), region))
    composites = tuple(folds(_by_cause(rung), [target.ref()]))
    return Section(
        source="alarms",
        heading="Alarms",
        parameters=(LabelledParameter("Who hears of alarms", email()),),
        conditions=_conditions(rung),
        resources=(
            target,
            *topic_resources(target),
            *counts(found),
            *age.resources,
            *(one.alarm for one in rung),
            *composites,
            *notices(found, target),
            *([dashboard(found, composites)] if options.dashboard else []),
        ),
        code=age.code,
        outputs=(Output("AlarmTopicArn", Description="Alarms arrive here", Value=target.ref()),),
        notes=(
            Note(
                "alarms",
                "AWS mails AlarmEmail a link to confirm: until somebody follows it, nobody hears "
                "of any alarm; `protected-stream status` says so",
            ),
        ),
    )


def _alarms(parts: Parts, target: Ref, region: str) -> Iterator[Rung]:
    for row in ROWS:
        if row.namespace == CLOUDFRONT and region not in (ANY, CLOUDFRONT_REGION):
            continue
        needs = HAS_CLOUDFRONT_METRICS if row.namespace == CLOUDFRONT and region == ANY else ""
        for one in KINDS[row.watches](parts):
            actions = [] if row.cause else [target]
            yield Rung(row=row, watched=one.title, alarm=alarm(row, one, actions, needs))


def _conditions(rung: Sequence[Rung]) -> Mapping[str, AWSHelperFn]:
    if any(_condition_of(one.alarm) for one in rung):
        return {HAS_CLOUDFRONT_METRICS: Equals(Ref("AWS::Region"), CLOUDFRONT_REGION)}
    return {}


def _condition_of(resource: AWSObject) -> str:
    return str(resource.resource.get("Condition", ""))


def _by_cause(rung: Sequence[Rung]) -> Mapping[Cause, Mapping[str, list[cloudwatch.Alarm]]]:
    found: dict[Cause, dict[str, list[cloudwatch.Alarm]]] = {}
    for one in rung:
        if one.row.cause:
            found.setdefault(one.row.cause, {}).setdefault(one.watched, []).append(one.alarm)
    return found
