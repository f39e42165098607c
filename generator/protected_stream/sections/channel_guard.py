"""MediaLive channel guard: starts and stops the channel, and rejects updates that would stop it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from awacs import cloudformation as may_cloudformation
from awacs import medialive as may_medialive
from awacs import ssm as may_ssm
from awacs.aws import Allow, Condition, Statement, StringEquals
from pydantic import Field
from troposphere import (
    AWSHelperFn,
    AWSObject,
    GetAtt,
    Parameter,
    Ref,
    Sub,
    awslambda,
    encode_to_dict,
    events,
    medialive,
)

from protected_stream.reading.references import references
from protected_stream.sections.show_options import MOST_SHOWS, ShowsOption, ZoneName
from protected_stream.sections.show_times import Plan, mistakes
from protected_stream.template.custom_resources import (
    CustomResourceProvider,
    custom_resource_provider,
)
from protected_stream.template.functions import Functions
from protected_stream.template.metadata import why
from protected_stream.template.names import digest_of
from protected_stream.template.options import Mistake, Options, is_unset
from protected_stream.template.section import LabelledParameter, Section
from protected_stream.template.toml_lines import KeyPath
from protected_stream.template.troposphere_ext import ChannelGuard, OnAir

NOTES = "channel-guard"  # folder of Parameter Store
LOOK_EVERY = "rate(15 minutes)"
LEAD = 5  # minutes
LENGTH_OF_DEFINITION = 16  # two definitions must never look the same, not even by chance


@dataclass(frozen=True, kw_only=True)
class ChannelGuardSection(Section):
    """The custom resources and the function that guard the channel."""

    guard: ChannelGuard
    """The inputs, and through them the channel, must depend on it: it runs before they change."""
    on_air: OnAir


class ScheduleOptions(Options):
    """When the channel is on air."""

    stop_after_hours: int = Field(
        default=12,
        ge=0,
        le=720,
        description="a channel that has run this long is stopped, to limit cost; 0 = never",
    )
    time_zone: ZoneName = Field(
        default=None,
        exclude_if=is_unset,
        description="of the shows' times: a name of the IANA database, such as Europe/Berlin",
    )
    start_minutes_before: int = Field(
        default=LEAD,
        ge=0,
        le=120,
        exclude_if=lambda minutes: minutes == LEAD,
        description="how long before a show the channel starts, which takes it a minute or two",
    )
    shows: ShowsOption = Field(
        default=(),
        max_length=MOST_SHOWS,
        exclude_if=is_unset,
        description="shows for which the channel is started and stopped, see docs/schedule.md",
    )

    @property
    def plan(self) -> Plan:
        """The shows' times."""
        return Plan(
            shows=self.shows, time_zone=self.time_zone or "UTC", lead=self.start_minutes_before
        )

    def mistakes(self, now: datetime) -> Iterator[Mistake]:
        """What cannot be planned: the path of a key, and a sentence.

        Args:
            now: from when on changes of the clocks are looked for.
        """
        paths: dict[str, KeyPath] = {}
        for number, show in enumerate(self.shows):
            path = ("schedule", "shows", str(number))
            if self.time_zone is None and show.time_zone is None:
                yield path, "needs schedule.time_zone, or a time_zone of its own"
                return
            if paths.setdefault(show.logical_id.casefold(), path) != path:
                yield path, "has the name of another show, except for case and hyphens"
                return
        for show, sentence in mistakes(self.plan, now, self.stop_after_hours):
            yield paths[show.logical_id.casefold()], f"{show.name}: {sentence}"


def channel_guard(
    options: ScheduleOptions,
    functions: Functions,
    *,
    channel: medialive.Channel,
    inputs: Sequence[medialive.Input],
    tags: Mapping[str, str],
) -> ChannelGuardSection:
    """The function that guards the channel, and what invokes it.

    CloudFormation invokes it before updating the channel or its inputs (`ChannelGuard`), and
    EventBridge after the update. It also starts a new channel, stops one before its deletion, and
    tells where the encoder sends to (`OnAir`).
    """
    guarded = (*inputs, channel)
    stop, start = _stop_to_update(), _start()
    provider = _provider(options, functions, channel)
    rule = _rule(provider.function, channel)
    permission = _permission(provider.function, rule)
    guard = ChannelGuard(
        "ChannelGuard",
        **provider.call,
        Metadata=why("an update stops the channel only if asked to"),
        Channel=channel.title,
        Definition=_definition(guarded, tags),
        References=list(_references(guarded)),
        StopChannelToUpdate=stop.ref(),
    )
    on_air = OnAir(
        f"{channel.title}OnAir",
        **{**provider.call, "DependsOn": [permission.title]},
        Metadata=why("starts a new channel, and stops it before it is deleted"),
        ChannelId=channel.ref(),
        InputIds=[input_.ref() for input_ in inputs],
        StartChannel=start.ref(),
    )
    return ChannelGuardSection(
        source="schedule",
        heading="On air",
        parameters=(
            LabelledParameter("Stop the channel to change it", stop),
            LabelledParameter("Start a new channel", start),
        ),
        resources=(
            *provider.resources,
            guard,
            rule,
            permission,
            on_air,
        ),
        code=(provider.code,),
        guard=guard,
        on_air=on_air,
    )


def _stop_to_update() -> Parameter:
    """A date, so that the value that stopped one show never stops another."""
    return Parameter(
        "StopChannelToUpdate",
        Type="String",
        Default="No",
        AllowedPattern=r"^(No|\d{4}-\d\d-\d\d)$",
        ConstraintDescription="must be No, or today's date, such as 2026-11-30",
        Description="To change a running channel: today's date, such as 2026-11-30, stops and"
        " restarts it; No rejects the update.",
    )


def _start() -> Parameter:
    return Parameter(
        "StartChannel",
        Type="String",
        Default="No",
        AllowedValues=["No", "Yes"],
        Description="Yes starts a new stack's channel, which incurs charges.",
    )


def _provider(
    options: ScheduleOptions, functions: Functions, channel: medialive.Channel
) -> CustomResourceProvider:
    return custom_resource_provider(
        functions,
        "ChannelGuardFunction",
        "channel_guard_with_shows" if options.shows else "channel_guard",
        reason="stops the channel for updates, or if on air too long",
        environment={
            "STACK_ID": Ref("AWS::StackId"),
            # a Ref would be circular: the channel depends on the guard
            "CHANNEL": channel.title,
            "NOTES": Sub(f"/{NOTES}/${{AWS::StackName}}"),
            "STOP_AFTER_SECONDS": str(options.stop_after_hours * 3600),
        },
        statements=[*_read_statements(), _act_statement(channel), _note_statement()],
    )


def _read_statements() -> tuple[Statement, ...]:
    """For any channel: a deleted one has no tags that a condition could match.

    For any input, too: their ARNs would be circular, as they depend on the guard.
    """
    return (
        Statement(
            Effect=Allow,
            Action=[may_cloudformation.DescribeStackResource, may_cloudformation.DescribeStacks],
            Resource=[Ref("AWS::StackId")],
        ),
        Statement(
            Effect=Allow,
            Action=[may_medialive.DescribeChannel, may_medialive.DescribeInput],
            Resource=[_every("channel"), _every("input")],
        ),
    )


def _act_statement(channel: medialive.Channel) -> Statement:
    """Only for channels with its tags; their ARNs would be circular, as they depend on the guard.

    Source: Service Authorization Reference, "Actions, resources, and condition keys for AWS
    Elemental MediaLive".
    """
    return Statement(
        Effect=Allow,
        Action=[may_medialive.StartChannel, may_medialive.StopChannel],
        Resource=[_every("channel")],
        Condition=Condition(
            StringEquals({f"aws:ResourceTag/{name}": value for name, value in channel.Tags.items()})
        ),
    )


def _every(kind: str) -> AWSHelperFn:
    """The ARNs of MediaLive's resources of a kind in this account and Region."""
    return Sub(f"arn:${{AWS::Partition}}:medialive:${{AWS::Region}}:${{AWS::AccountId}}:{kind}:*")


def _note_statement() -> Statement:
    return Statement(
        Effect=Allow,
        Action=[may_ssm.GetParameters, may_ssm.PutParameter, may_ssm.DeleteParameter],
        Resource=[
            Sub(
                "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}"
                f":parameter/{NOTES}/${{AWS::StackName}}/*"
            )
        ],
    )


def _rule(function: awslambda.Function, channel: medialive.Channel) -> events.Rule:
    """Matches stack and channel events, and also runs on a schedule, as events can be lost.

    Source: Amazon EventBridge API Reference, PutRule: a rule may have a pattern and a schedule.
    """
    return events.Rule(
        "ChannelGuardEvents",
        Metadata=why("tells the guard when updates end and the channel starts"),
        EventPattern={
            "source": ["aws.cloudformation", "aws.medialive"],
            "detail-type": [
                "CloudFormation Stack Status Change",
                "MediaLive Channel State Change",
            ],
            "resources": [Ref("AWS::StackId"), channel.get_att("Arn")],
        },
        ScheduleExpression=LOOK_EVERY,
        Targets=[events.Target(Id="guard", Arn=function.get_att("Arn"))],
    )


def _permission(function: awslambda.Function, rule: events.Rule) -> awslambda.Permission:
    return awslambda.Permission(
        "ChannelGuardInvokePermission",
        Action="lambda:InvokeFunction",
        FunctionName=function.ref(),
        Principal="events.amazonaws.com",
        SourceArn=rule.get_att("Arn"),
    )


def _definition(guarded: Sequence[AWSObject], tags: Mapping[str, str]) -> str:
    """A digest that changes when the definitions of the resources do."""
    properties = {resource.title: resource.properties for resource in guarded}
    return digest_of({"properties": properties, "tags": tags}, LENGTH_OF_DEFINITION)


def _references(guarded: Sequence[AWSObject]) -> Iterator[AWSHelperFn]:
    """Values in the definitions that differ between deployments and may change later.

    References among the guarded resources add nothing, and pseudo parameters never change.
    """
    own = {resource.title for resource in guarded}
    found = {
        reference
        for resource in guarded
        for reference in references(encode_to_dict(resource.properties))
    }
    for name, attribute in sorted(found):
        if name not in own and not name.startswith("AWS::"):
            yield GetAtt(name, attribute) if attribute else Ref(name)
