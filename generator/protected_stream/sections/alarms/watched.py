"""The parts of a stack that have metrics, with the dimensions that AWS documents for each.

Source of the dimensions: the pages that tests/aws_metrics.toml names, which a test compares.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from troposphere import (
    AWSObject,
    apigateway,
    awslambda,
    cloudfront,
    cognito,
    medialive,
    scheduler,
)
from troposphere import mediapackagev2 as mediapackage

from protected_stream.sections.alarms.key_age import FUNCTION as AGE_FUNCTION
from protected_stream.sections.alarms.key_age import KeyAge
from protected_stream.sections.alarms.rows import MINUTE, Watched
from protected_stream.sections.channel_class import CHANNEL_CLASSES
from protected_stream.sections.cookies_api import CookiesApi
from protected_stream.sections.ingest.interface import Counted, Ingest
from protected_stream.template.section import Section

__all__ = ["KINDS", "Parts"]

EVERYWHERE = {"Region": "Global"}
"""CloudFront's metrics have no other Region.

Source: Amazon CloudFront Developer Guide, "Viewing metrics using the CloudWatch API".
"""
NEAR_THE_RATE = 0.8
"""The part of the API's rate at which an operator should know."""
ROLES = {
    "ChannelGuardFunction": "guard",
    "SigningKeyFunction": "key function",
    AGE_FUNCTION: "key age function",
}
"""The functions with rows of their own."""

T = TypeVar("T", bound=AWSObject)


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The stack's other sections."""

    sections: Sequence[Section]

    def of(self, kind: type[T]) -> list[T]:
        """Their resources of a type."""
        found = (one for section in self.sections for one in section.resources)
        return [one for one in found if isinstance(one, kind)]

    @property
    def signer(self) -> awslambda.Function:
        """The function that signs the cookies."""
        return next(one.function for one in self.sections if isinstance(one, CookiesApi))


def pipelines(channel: medialive.Channel) -> range:
    """The numbers of the channel's pipelines."""
    classes = {one.channel: one for one in CHANNEL_CLASSES.values()}
    return range(classes[str(channel.title)].pipelines)


def _pipelines(parts: Parts) -> Iterator[Watched]:
    for channel in parts.of(medialive.Channel):
        for number in pipelines(channel):
            yield Watched(
                title=f"Pipeline{number}",
                part=f"pipeline {number}",
                dimensions={"ChannelId": channel.ref(), "Pipeline": str(number)},
            )


def _pipelines_that_count(metric: Counted) -> Callable[[Parts], Iterator[Watched]]:
    """The pipelines, if MediaLive has this metric of their inputs."""

    def found(parts: Parts) -> Iterator[Watched]:
        if any(isinstance(one, Ingest) and metric in one.counted for one in parts.sections):
            yield from _pipelines(parts)

    return found


def _outputs(parts: Parts) -> Iterator[Watched]:
    """Each pipeline's output group; with two pipelines, each is the other's twin."""
    for channel in parts.of(medialive.Channel):
        (group,) = channel.EncoderSettings.OutputGroups
        numbers = pipelines(channel)

        def dimensions(number: int, of: Any = channel, name: str = group.Name) -> dict[str, Any]:
            return {"ChannelId": of.ref(), "Pipeline": str(number), "OutputGroupName": name}

        for number in numbers:
            yield Watched(
                title=f"Pipeline{number}",
                part=f"pipeline {number}",
                dimensions=dimensions(number),
                twin=dimensions(1 - number) if len(numbers) > 1 else None,
            )


def _twins(parts: Parts) -> Iterator[Watched]:
    yield from (one for one in _outputs(parts) if one.twin is not None)


def _packager(parts: Parts) -> Iterator[Watched]:
    for channel in parts.of(mediapackage.Channel):
        yield Watched(
            title="Packager",
            part="MediaPackage",
            dimensions={"ChannelGroup": channel.ChannelGroupName, "Channel": channel.ChannelName},
        )


def _distribution(parts: Parts) -> Iterator[Watched]:
    for one in parts.of(cloudfront.Distribution):
        yield Watched(
            title="CloudFront",
            part="CloudFront",
            dimensions={"DistributionId": one.ref(), **EVERYWHERE},
        )


def _edge_functions(parts: Parts) -> Iterator[Watched]:
    for one in parts.of(cloudfront.Function):
        yield Watched(
            title=str(one.title),
            part=f"the CloudFront function {one.title}",
            dimensions={"FunctionName": one.Name, **EVERYWHERE},
        )


def _api(parts: Parts) -> Iterator[Watched]:
    (rest_api,) = parts.of(apigateway.RestApi)
    (stage,) = parts.of(apigateway.Stage)
    (setting,) = stage.MethodSettings
    yield Watched(
        title="Api",
        part="the API",
        dimensions={"ApiName": rest_api.Name, "Stage": stage.StageName},
        limit=round(setting.ThrottlingRateLimit * MINUTE * NEAR_THE_RATE),
    )


def _functions(*titles: str) -> Callable[[Parts], Iterator[Watched]]:
    """The functions with these logical IDs; without one, all."""

    def found(parts: Parts) -> Iterator[Watched]:
        for one in parts.of(awslambda.Function):
            if not titles or one.title in titles:
                yield _function(one)

    return found


def _function(function: awslambda.Function) -> Watched:
    return Watched(
        title=str(function.title),
        part=f"the function {function.title}",
        dimensions={"FunctionName": function.ref()},
    )


def _signer(parts: Parts) -> Iterator[Watched]:
    yield _function(parts.signer)


def _other_functions(parts: Parts) -> Iterator[Watched]:
    """Those without rows of their own."""
    known = {*ROLES, parts.signer.title}
    yield from (one for one in _functions()(parts) if one.title not in known)


def _asynchronous(parts: Parts) -> Iterator[Watched]:
    """Those whose events Lambda keeps, retries and gives up."""
    kept = {str(one.FunctionName.data["Ref"]) for one in parts.of(awslambda.EventInvokeConfig)}
    yield from (one for one in _functions()(parts) if one.title in kept)


def _stack(_: Parts) -> Iterator[Watched]:
    """What the stack counts from its functions' logs has no dimensions."""
    yield Watched(title="", part="the stack", dimensions={})


def _guard_log(parts: Parts) -> Iterator[Watched]:
    if any(True for _ in KINDS["guard"](parts)):
        yield from _stack(parts)


def _guard_log_of_shows(parts: Parts) -> Iterator[Watched]:
    """The guard of a stream with planned shows makes up for starts and stops that failed."""
    if parts.of(scheduler.Schedule):
        yield from _stack(parts)


def _rotated_key(parts: Parts) -> Iterator[Watched]:
    """The signing key, if Secrets Manager rotates it."""
    for one in parts.sections:
        if isinstance(one, KeyAge) and one.most_days:
            yield Watched(title="", part="the signing key", dimensions={}, limit=one.most_days)


def _clients(parts: Parts) -> Iterator[Watched]:
    for one in parts.of(cognito.UserPoolClient):
        yield Watched(
            title="SignIn",
            part="Cognito",
            dimensions={"UserPool": one.UserPoolId, "UserPoolClient": one.ref()},
        )


def _providers(parts: Parts) -> Iterator[Watched]:
    for client in _clients(parts):
        for one in parts.of(cognito.UserPoolIdentityProvider):
            yield Watched(
                title=str(one.title),
                part=f"the identity provider {one.ProviderName}",
                dimensions={**client.dimensions, "IdentityProvider": one.ProviderName},
            )


KINDS: Mapping[str, Callable[[Parts], Iterator[Watched]]] = {
    "pipelines": _pipelines,
    "pipelines that count loss": _pipelines_that_count("InputLossSeconds"),
    "pipelines that count errors": _pipelines_that_count("ChannelInputErrorSeconds"),
    "outputs": _outputs,
    "twins": _twins,
    "packager": _packager,
    "distribution": _distribution,
    "edge functions": _edge_functions,
    "API": _api,
    "signer": _signer,
    "guard": _functions("ChannelGuardFunction"),
    "key function": _functions("SigningKeyFunction"),
    "key age function": _functions(AGE_FUNCTION),
    "other functions": _other_functions,
    "asynchronous functions": _asynchronous,
    "signer's log": _stack,
    "guard's log": _guard_log,
    "guard's log of shows": _guard_log_of_shows,
    "rotated key": _rotated_key,
    "clients": _clients,
    "identity providers": _providers,
}
"""The parts of each kind that a stack has."""
