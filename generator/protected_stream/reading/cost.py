"""AWS cost of the stream, estimated from the emitted template.

One list of what is charged, `charges`, is what the summary, docs/examples.md and the command `cost`
sum up. Every price has a published source (prices.py). What has none is left out and named, so the
totals are lower bounds.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from protected_stream.reading.prices import PRICES_IN, PRICES_OF, PUBLISHED, Prices

__all__ = [
    "PRICES_IN",
    "PRICES_OF",
    "Charge",
    "Cost",
    "Usage",
    "charges",
    "cost",
    "estimate",
    "has_bitrate",
]


class InputClass(NamedTuple):
    """What the price of an input depends on: the channel's InputSpecification.

    Source: AWS Elemental MediaLive pricing, https://aws.amazon.com/medialive/pricing/
    """

    codec: str
    resolution: str
    megabits: int
    """Per second, at most."""

    @property
    def meaning(self) -> str:
        """The class in words."""
        codec, resolution, megabits = self
        return f"{codec} {resolution} input of up to {megabits} Mbit/s"

    @property
    def key(self) -> str:
        """The last part of its price's key."""
        return f"{self.codec}-{self.resolution}-{self.megabits}".lower()


class OutputClass(NamedTuple):
    """What the price of an output of video depends on.

    Source: AWS Elemental MediaLive API, Reservation (ReservationResolution: SD is less than 720
    lines, UHD more than 1080). 1080 lines have the price of HD in the cost examples of AWS's
    solution.
    """

    codec: str
    resolution: str
    frames: int
    """Per second, at most."""
    megabits: int
    """Per second, at most."""

    @property
    def meaning(self) -> str:
        """The class in words."""
        codec, resolution, frames, megabits = self
        return f"{codec} {resolution} output of up to {frames} fps and {megabits} Mbit/s"

    @property
    def key(self) -> str:
        """The last part of its price's key."""
        return f"{self.codec}-{self.resolution}-{self.frames}-{self.megabits}".lower()


CODECS = {"H264Settings": "AVC", "H265Settings": "HEVC"}
FIRST_HD_LINES, LAST_HD_LINES = 720, 1080
FRAMES, MEGABITS = (30, 60), (10, 20, 50)
"""The largest values of each class, as in ReservationMaximumFramerate and -Bitrate."""
INPUT_MEGABITS = {"MAX_10_MBPS": 10, "MAX_20_MBPS": 20, "MAX_50_MBPS": 50}
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
MONTH_HOURS = 730

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


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What the operator expects of a show."""

    hours: float = 1
    viewers: int = 0
    """In each show, all of it, and the same ones in every show."""
    shows: float = 1
    """A month."""
    megabits: float | None = None
    """What each viewer receives, per second; None for the largest rendition."""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """US dollars, at least."""

    idle_month: float
    """With the channel stopped and nobody watching."""
    on_air_hour: float
    """With the channel running and nobody watching."""
    viewer_hour: float
    """For one viewer of the largest rendition, while it is on air; 0 without a channel."""
    received_gigabyte: float
    """For what viewers receive; `viewer_hour` is a part of it."""
    idle_without: tuple[str, ...]
    """What MediaLive charges for in an idle month at a price that is not known here."""
    on_air_without: tuple[str, ...]
    """The same in an hour on air."""

    @property
    def not_in_on_air_hour(self) -> str:
        """What `on_air_hour` does not include, and why; empty if it includes everything."""
        if not self.on_air_without:
            return ""
        return (
            "not included, as no published price is known here (docs/cost.md): "
            f"{', '.join(self.on_air_without)}"
        )


class Line(NamedTuple):
    """One line of an estimate."""

    service: str
    what: str
    quantity: float
    unit: str
    price: float | None
    """None for a line that is not a quantity at a price, such as a free allowance."""
    dollars: float


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What a show and a month cost, at least."""

    show: tuple[Line, ...]
    month: tuple[Line, ...]
    left_out: tuple[str, ...]
    """What is charged at a price that is not known here."""
    gigabytes: float
    """That viewers receive in a month."""
    requests: float
    """Of viewers to CloudFront in a month."""

    @property
    def show_dollars(self) -> float:
        """Of one show."""
        return sum(line.dollars for line in self.show)

    @property
    def month_dollars(self) -> float:
        """Of a month."""
        return sum(line.dollars for line in self.month)


def cost(document: Mapping[str, Any], prices: Prices = PUBLISHED) -> Cost:
    """The cost of the stream that the template describes."""
    found = tuple(charges(document))

    def dollars(per: Per) -> float:
        return sum(prices.first(one.key, one.quantity) for one in found if one.per == per)

    def without(per: Per) -> tuple[str, ...]:
        return tuple(
            one.what
            for one in found
            if one.service == "MediaLive" and one.per == per and prices[one.key].dollars is None
        )

    free = sum(prices.free(one.key, one.quantity) for one in found if one.per == "month")
    return Cost(
        idle_month=dollars("month") - free,
        on_air_hour=dollars("hour"),
        viewer_hour=dollars("viewer-hour"),
        received_gigabyte=prices["cloudfront.data"].dollars or 0,
        idle_without=tuple(one.removeprefix("idle ") for one in without("idle hour")),
        on_air_without=without("hour"),
    )


def estimate(document: Mapping[str, Any], usage: Usage, prices: Prices = PUBLISHED) -> Estimate:
    """What a show and a month of such shows cost.

    A month is the shows, what is charged besides them, and less where a price falls with the
    quantity or an account has some of it free of charge.
    """
    found = tuple(charges(document, usage.megabits))
    show = tuple(_lines(found, _times(usage), prices))
    times = _times_of_month(usage)
    month = (*_lines(found, times, prices), *_less(found, times, prices))

    def total(key: str) -> float:
        return sum(one.quantity * times[one.per] for one in found if one.key == key)

    return Estimate(
        show=show,
        month=month,
        left_out=tuple(_left_out(found, times, prices)),
        gigabytes=total("cloudfront.data"),
        requests=total("cloudfront.requests") * 1e6,
    )


def _times(usage: Usage) -> Mapping[str, float]:
    """How often each charge is due in one show; what is charged by the month is not in it."""
    return Counter(
        {
            "hour": usage.hours,
            "watched hour": usage.hours if usage.viewers else 0,
            "viewer-hour": usage.hours * usage.viewers,
            "viewer": usage.viewers,
        }
    )


def _times_of_month(usage: Usage) -> Mapping[str, float]:
    times = {per: count * usage.shows for per, count in _times(usage).items()}
    return {
        **times,
        "month": 1,
        "idle hour": max(0.0, MONTH_HOURS - usage.hours * usage.shows),
        "viewer-month": usage.viewers if usage.shows else 0,
    }


def _lines(found: Iterable[Charge], times: Mapping[str, float], prices: Prices) -> Iterator[Line]:
    quantities: dict[tuple[str, str, str], float] = {}
    for one in found:
        same = (one.service, one.what, one.key)
        quantities[same] = quantities.get(same, 0) + one.quantity * times.get(one.per, 0)
    for (service, what, key), quantity in quantities.items():
        price = prices[key]
        if quantity and price.dollars is not None:
            dollars = prices.first(key, quantity)
            yield Line(service, what, quantity, price.unit, price.dollars, dollars)


def _less(found: Iterable[Charge], times: Mapping[str, float], prices: Prices) -> Iterator[Line]:
    """What a month is cheaper than its lines."""
    quantities: dict[str, float] = {}
    services: dict[str, str] = {}
    for one in found:
        due = one.quantity * times.get(one.per, 0)
        quantities[one.key] = quantities.get(one.key, 0) + due
        services.setdefault(one.key, one.service)
    for key, quantity in quantities.items():
        cheaper = prices.in_a_month(key, quantity) - prices.first(key, quantity)
        free = prices.free(key, quantity)
        unit = prices[key].unit
        if cheaper < 0:
            yield Line(services[key], "lower prices of large quantities", 0, unit, None, cheaper)
        if free:
            count = prices[key].free
            what = f"free in every account: {count:,.0f} {_plural(unit, count)} a month"
            yield Line(services[key], what, 0, unit, None, -free)


def _plural(unit: str, count: float) -> str:
    if count == 1 or unit.endswith("s"):
        return unit
    return f"{unit}s"


def _left_out(found: Iterable[Charge], times: Mapping[str, float], prices: Prices) -> Iterator[str]:
    for one in found:
        if prices[one.key].dollars is None and times.get(one.per, 0):
            yield f"{one.service}: {one.what} ({one.key})"


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
    source = _input(channel)
    what, key = f"the {source.meaning}", f"{prefix}.input.{source.key}"
    yield Charge("MediaLive", what, "hour", 1, key)
    for one, count in Counter(_video_outputs(channel)).items():
        key = f"{prefix}.output.{one.key}"
        yield Charge("MediaLive", _counted(count, one.meaning), "hour", count, key)
    for kind, member in (
        ("audio", "AudioDescriptionNames"),
        ("caption", "CaptionDescriptionNames"),
    ):
        count = sum(1 for output in _outputs(channel) if _is_alone(output, member))
        if count:
            key = f"{prefix}.output.{kind}"
            yield Charge("MediaLive", _counted(count, f"{kind} output"), "hour", count, key)


def _mediapackage(document: Mapping[str, Any]) -> Iterator[Charge]:
    for channel in _of_type(document, "AWS::MediaLive::Channel"):
        gigabytes = _gigabytes_an_hour(sum(_bitrates(channel)))
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
        ("metric", "metrics from logs", len(_of_type(document, "AWS::Logs::MetricFilter"))),
    ):
        if count:
            yield Charge("CloudWatch", what, "month", count, f"cloudwatch.{kind}")


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
        max((bitrate for channel in channels for bitrate in _bitrates(channel)), default=0)
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
    tracks = sum(1 for channel in channels for _ in _outputs(channel)) or 2
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


def _outputs(channel: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every output of every group: each is charged."""
    for group in channel["EncoderSettings"]["OutputGroups"]:
        yield from group["Outputs"]


def _is_alone(output: Mapping[str, Any], member: str) -> bool:
    return bool(output.get(member)) and "VideoDescriptionName" not in output


def _input(channel: Mapping[str, Any]) -> InputClass:
    given = channel["InputSpecification"]
    return InputClass(given["Codec"], given["Resolution"], INPUT_MEGABITS[given["MaximumBitrate"]])


def _video_outputs(channel: Mapping[str, Any]) -> Iterator[OutputClass]:
    descriptions = {one["Name"]: one for one in channel["EncoderSettings"]["VideoDescriptions"]}
    for output in _outputs(channel):
        if "VideoDescriptionName" in output:
            yield _class(descriptions[output["VideoDescriptionName"]])


def _class(video: Mapping[str, Any]) -> OutputClass:
    ((name, settings),) = video["CodecSettings"].items()
    lines = video["Height"]
    resolution = "SD" if lines < FIRST_HD_LINES else "HD" if lines <= LAST_HD_LINES else "UHD"
    rate = settings["FramerateNumerator"] / settings["FramerateDenominator"]
    return OutputClass(
        codec=CODECS[name],
        resolution=resolution,
        frames=_smallest(FRAMES, rate),
        megabits=_smallest(MEGABITS, settings["MaxBitrate"] / 1e6),
    )


def _smallest(classes: tuple[int, ...], value: float) -> int:
    """The smallest class for the value."""
    return next(one for one in classes if value <= one)


def _bitrates(channel: Mapping[str, Any]) -> list[int]:
    """The maximum of each rendition, in bits per second."""
    return [
        settings["MaxBitrate"]
        for video in channel["EncoderSettings"]["VideoDescriptions"]
        for settings in video["CodecSettings"].values()
    ]


def _gigabytes_an_hour(bits_per_second: float) -> float:
    return bits_per_second / 8 * 3600 / 1e9
