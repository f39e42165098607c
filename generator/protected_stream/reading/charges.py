"""What AWS charges for, read from an emitted template: one list, which `cost` sums up."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from protected_stream.reading.medialive_classes import (
    bitrates,
    input_class,
    is_alone,
    output_classes,
    outputs,
)

CHANNEL_CLASSES = {"STANDARD": ("standard", 2), "SINGLE_PIPELINE": ("single-pipeline", 1)}
"""The key of a class's prices, and how many pipelines deliver to the packager."""
# Source: AWS Elemental MediaLive User Guide, "Pricing in MediaLive": idle pull inputs are free
FREE_WHILE_IDLE = {"RTMP_PULL", "URL_PULL", "MP4_FILE", "SRT_CALLER"}

# What is not in the template, and assumed.
REQUESTS_A_SEGMENT = 4
"""Of a player with video and audio apart: a segment and a playlist of each."""
SEGMENT_SECONDS = 4
"""Of a stream that is on the air without the stack."""
PAGE_REQUESTS, PAGE_GIGABYTES = 20, 0.001
"""To show the page once: its files, of which the player's library is a megabyte."""
API_REQUESTS, SIGN_IN_RUNS = 3, 2
"""Of a viewer who signs in, watches and signs out: settings, cookies, no more cookies."""
RENEWED_AFTER = 0.8
"""The part of the cookies' lifetime after which the page renews them (docs/page.md)."""
RUN_SECONDS, RUN_LOG_GIGABYTES, REQUEST_LOG_GIGABYTES = 0.1, 1e-6, 5e-7
"""Of the function that signs cookies, its log, and a line of an access log."""

Per = Literal[
    "month",  # whether anyone broadcasts or not
    "idle hour",  # with the channel stopped
    "hour",  # with the channel running, whether anyone watches or not
    "watched hour",  # with the channel running and somebody watching
    "viewer-hour",  # of one viewer
    "viewer",  # each time that a viewer comes to a show
    "viewer-month",  # for each viewer who comes at least once in a month
]


class Charge(NamedTuple):
    """Something that AWS charges for."""

    service: str
    what: str
    per: Per
    quantity: float
    """How many units of the price."""
    key: str
    """Of the price."""


def charges(document: Mapping[str, Any], megabits: float | None = None) -> Iterator[Charge]:
    """Everything that AWS charges for, with and without a known price.

    Args:
        document: an emitted template.
        megabits: what each viewer receives, per second; None for the largest rendition.
    """
    yield from _medialive(document)
    yield from _mediapackage(document)
    yield from _cloudfront(document, megabits)
    yield from _web_acls(document, megabits)
    yield from _cookies_api(document, megabits)
    yield from _user_pool(document)
    yield from _keys(document)
    yield from _alarms(document)


def _of_type(document: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    """The properties of the template's resources of that type."""
    return [
        resource.get("Properties", {})
        for resource in document["Resources"].values()
        if resource["Type"] == kind
    ]


def _medialive(document: Mapping[str, Any]) -> Iterator[Charge]:
    channels = _of_type(document, "AWS::MediaLive::Channel")
    if channels:
        key = "medialive.idle.channel"
        yield Charge("MediaLive", "idle channel", "idle hour", len(channels), key)
    for one in _of_type(document, "AWS::MediaLive::Input"):
        if one["Type"] not in FREE_WHILE_IDLE:
            yield Charge("MediaLive", "idle input", "idle hour", 1, "medialive.idle.input")
    for channel in channels:
        yield from _running(channel)


def _running(channel: Mapping[str, Any]) -> Iterator[Charge]:
    prefix = f"medialive.{CHANNEL_CLASSES[channel['ChannelClass']][0]}"
    source = input_class(channel)
    what, key = f"the {source.meaning}", f"{prefix}.input.{source.key}"
    yield Charge("MediaLive", what, "hour", 1, key)
    for one, count in Counter(output_classes(channel)).items():
        key = f"{prefix}.output.{one.key}"
        yield Charge("MediaLive", _counted(count, one.meaning), "hour", count, key)
    for kind, member in (
        ("audio", "AudioDescriptionNames"),
        ("caption", "CaptionDescriptionNames"),
    ):
        count = sum(1 for output in outputs(channel) if is_alone(output, member))
        if count:
            key = f"{prefix}.output.{kind}"
            yield Charge("MediaLive", _counted(count, f"{kind} output"), "hour", count, key)


def _mediapackage(document: Mapping[str, Any]) -> Iterator[Charge]:
    for channel in _of_type(document, "AWS::MediaLive::Channel"):
        gigabytes = _gigabytes_an_hour(sum(bitrates(channel)))
        pipelines = CHANNEL_CLASSES[channel["ChannelClass"]][1]
        what = "ingest of both pipelines" if pipelines > 1 else "ingest"
        key = "mediapackage.ingest"
        yield Charge("MediaPackage", what, "hour", gigabytes * pipelines, key)
        endpoints = len(_of_type(document, "AWS::MediaPackageV2::OriginEndpoint"))
        what = "origination, each segment once"
        key = "mediapackage.origination"
        yield Charge("MediaPackage", what, "watched hour", gigabytes * endpoints, key)


def _cloudfront(document: Mapping[str, Any], megabits: float | None) -> Iterator[Charge]:
    received = _received(document, megabits)
    requests = _requests_an_hour(document, megabits) / 1e6
    if received:
        what = "data to viewers, the stream"
        yield Charge("CloudFront", what, "viewer-hour", received, "cloudfront.data")
        what = "requests, the stream"
        yield Charge("CloudFront", what, "viewer-hour", requests, "cloudfront.requests")
    what = "data to viewers, the page"
    yield Charge("CloudFront", what, "viewer", PAGE_GIGABYTES, "cloudfront.data")
    once = (PAGE_REQUESTS + API_REQUESTS) / 1e6
    what = "requests, the page and its API"
    yield Charge("CloudFront", what, "viewer", once, "cloudfront.requests")
    if received and _has_functions(document):
        what = "CloudFront Functions, the stream"
        yield Charge("CloudFront", what, "viewer-hour", requests, "cloudfront.functions")
    if _has_origin_shield(document):
        what, key = "requests that Origin Shield handles", "cloudfront.origin-shield"
        yield Charge("CloudFront", what, "watched hour", _fetched_an_hour(document) / 1e6, key)
    if received and _of_type(document, "AWS::Logs::Delivery"):
        size = requests * 1e6 * REQUEST_LOG_GIGABYTES
        yield Charge("CloudFront", "access logs", "viewer-hour", size, "logs.access-logs")


def _web_acls(document: Mapping[str, Any], megabits: float | None) -> Iterator[Charge]:
    for acl in _of_type(document, "AWS::WAFv2::WebACL"):
        yield Charge("WAF", "web ACL", "month", 1, "waf.web-acl")
        rules = len(acl.get("Rules", ()))
        yield Charge("WAF", "rules of the web ACL", "month", rules, "waf.rule")
    if any("WebACLId" in one["DistributionConfig"] for one in _distributions(document)):
        requests = _requests_an_hour(document, megabits) / 1e6
        if _received(document, megabits):
            what = "requests, the stream"
            yield Charge("WAF", what, "viewer-hour", requests, "waf.requests")
        once = (PAGE_REQUESTS + API_REQUESTS) / 1e6
        yield Charge("WAF", "requests, the page and its API", "viewer", once, "waf.requests")
    elif _of_type(document, "AWS::WAFv2::WebACLAssociation"):
        yield Charge("WAF", "requests of the API", "viewer", API_REQUESTS / 1e6, "waf.requests")


def _cookies_api(document: Mapping[str, Any], megabits: float | None) -> Iterator[Charge]:
    """API Gateway, the function that signs cookies, its key and its log."""
    if not _of_type(document, "AWS::ApiGateway::RestApi"):
        return
    parts: tuple[tuple[Per, float, float], ...] = (("viewer", API_REQUESTS, SIGN_IN_RUNS),)
    if _received(document, megabits):
        renewals = _renewals_an_hour(document)
        parts = (("viewer-hour", renewals, renewals), *parts)
    for per, requests, runs in parts:
        key = "apigateway.requests"
        yield Charge("API Gateway", "requests to sign in and renew", per, requests / 1e6, key)
        yield from _signing(document, per, runs)
        yield from _logs(document, per, requests, runs)


def _signing(document: Mapping[str, Any], per: Per, runs: float) -> Iterator[Charge]:
    yield Charge("Lambda", "runs that sign cookies", per, runs / 1e6, "lambda.requests")
    seconds = runs * RUN_SECONDS * _cookies_function(document).get("MemorySize", 128) / 1024
    yield Charge("Lambda", "their computing time", per, seconds, "lambda.compute")
    specs = {
        key.get("KeySpec")
        for key in _of_type(document, "AWS::KMS::Key")
        if key.get("KeyUsage") == "SIGN_VERIFY"
    }
    for spec in sorted(map(str, specs))[:1]:
        key = "kms.sign-rsa-2048" if spec == "RSA_2048" else "kms.sign-other"
        yield Charge("KMS", "signatures of cookies", per, runs / 1e6, key)


def _logs(document: Mapping[str, Any], per: Per, requests: float, runs: float) -> Iterator[Charge]:
    size = runs * RUN_LOG_GIGABYTES
    if any("AccessLogSetting" in one for one in _of_type(document, "AWS::ApiGateway::Stage")):
        size += requests * REQUEST_LOG_GIGABYTES
    yield Charge("CloudWatch Logs", "logs of the API and its function", per, size, "logs.ingested")


def _user_pool(document: Mapping[str, Any]) -> Iterator[Charge]:
    for pool in _of_type(document, "AWS::Cognito::UserPool"):
        plan = str(pool.get("UserPoolTier", "ESSENTIALS"))
        what = f"monthly active users, plan {plan.capitalize()}"
        yield Charge("Cognito", what, "viewer-month", 1, f"cognito.{plan.lower()}")


def _keys(document: Mapping[str, Any]) -> Iterator[Charge]:
    secrets = len(_of_type(document, "AWS::SecretsManager::Secret"))
    if secrets:
        what, key = _counted(secrets, "secret"), "secretsmanager.secret"
        yield Charge("Secrets Manager", what, "month", secrets, key)
    keys = len(_of_type(document, "AWS::KMS::Key"))
    if keys:
        yield Charge("KMS", _counted(keys, "key"), "month", keys, "kms.key")


def _alarms(document: Mapping[str, Any]) -> Iterator[Charge]:
    """Alarms are charged by the metrics that they read, and composite alarms each.

    Source: Amazon CloudWatch pricing, https://aws.amazon.com/cloudwatch/pricing/
    """
    alarms = _of_type(document, "AWS::CloudWatch::Alarm")
    metrics = sum(
        max(sum("MetricStat" in one for one in alarm.get("Metrics", ())), 1) for alarm in alarms
    )
    for kind, what, count in (
        ("alarm", "metrics with alarms", metrics),
        ("composite-alarm", "composite alarms", _count(document, "CompositeAlarm")),
        ("dashboard", "dashboard", _count(document, "Dashboard")),
        ("metric", "metrics from logs", len({_own_metric(one) for one in alarms} - {None})),
    ):
        if count:
            yield Charge("CloudWatch", what, "month", count, f"cloudwatch.{kind}")


def _own_metric(alarm: Mapping[str, Any]) -> str | None:
    """The name of the stack's own metric that an alarm reads; None if it reads another."""
    if str(alarm.get("Namespace", "AWS/")).startswith("AWS/"):
        return None
    return str(alarm["MetricName"])


def _count(document: Mapping[str, Any], kind: str) -> int:
    return len(_of_type(document, f"AWS::CloudWatch::{kind}"))


def _distributions(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return _of_type(document, "AWS::CloudFront::Distribution")


def _has_functions(document: Mapping[str, Any]) -> bool:
    """Whether a function runs for each request for media."""
    return any(
        behavior.get("FunctionAssociations")
        for one in _distributions(document)
        for behavior in one["DistributionConfig"].get("CacheBehaviors", ())
        if "TrustedKeyGroups" in behavior or "TrustedSigners" in behavior
    )


def _has_origin_shield(document: Mapping[str, Any]) -> bool:
    return any(
        "OriginShield" in origin
        for one in _distributions(document)
        for origin in one["DistributionConfig"].get("Origins", ())
    )


def _received(document: Mapping[str, Any], megabits: float | None) -> float:
    """Gigabytes that a viewer receives in an hour; 0 if no bitrate is known."""
    if megabits is not None:
        return _gigabytes_an_hour(megabits * 1e6)
    channels = _of_type(document, "AWS::MediaLive::Channel")
    return _gigabytes_an_hour(
        max((bitrate for channel in channels for bitrate in bitrates(channel)), default=0)
    )


def has_bitrate(document: Mapping[str, Any]) -> bool:
    """Whether the template says what viewers receive."""
    return bool(_received(document, None))


def _requests_an_hour(document: Mapping[str, Any], megabits: float | None) -> float:
    """A viewer's requests for the stream."""
    if not _received(document, megabits):
        return 0
    return 3600 / _segment_seconds(document) * REQUESTS_A_SEGMENT


def _segment_seconds(document: Mapping[str, Any]) -> int:
    seconds = [
        int(endpoint["Segment"]["SegmentDurationSeconds"])
        for endpoint in _of_type(document, "AWS::MediaPackageV2::OriginEndpoint")
    ]
    return min(seconds, default=SEGMENT_SECONDS)


def _fetched_an_hour(document: Mapping[str, Any]) -> float:
    """Requests to the packager, if each segment and playlist of each track is fetched once."""
    channels = _of_type(document, "AWS::MediaLive::Channel")
    tracks = sum(1 for channel in channels for _ in outputs(channel)) or 2
    return 3600 / _segment_seconds(document) * 2 * tracks


def _cookies_function(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The properties of the function that signs cookies: it knows for how long."""
    functions = _of_type(document, "AWS::Lambda::Function")
    return next((one for one in functions if "COOKIE_SECONDS" in _variables(one)), {})


def _variables(function: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = function.get("Environment", {}).get("Variables", {})
    return found


def _renewals_an_hour(document: Mapping[str, Any]) -> float:
    seconds = int(_variables(_cookies_function(document)).get("COOKIE_SECONDS", 3600))
    return 3600 / (seconds * RENEWED_AFTER)


def _counted(count: int, what: str) -> str:
    if count == 1:
        return f"{count} {what}"
    return f"{count} {what.replace('output', 'outputs', 1)}{'' if 'output' in what else 's'}"


def _gigabytes_an_hour(bits_per_second: float) -> float:
    return bits_per_second / 8 * 3600 / 1e9
