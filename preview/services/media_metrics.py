"""MediaLive and MediaPackage: the metrics that they publish each minute.

A pipeline of a running channel publishes `HEALTHY`, changed by what fails there (`FAULTS`); a
channel that is idle publishes nothing. What each metric means and when it has no data, as far as it
is documented:

https://docs.aws.amazon.com/medialive/latest/ug/eml-metrics-gen-info.html
https://docs.aws.amazon.com/mediapackage/latest/userguide/metrics-cloudwatch.html
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from preview.resource import Resource
from preview.resources import Resources
from preview.services.alarms import MINUTE
from preview.services.measured import Measured
from preview.services.media import Media, packager_channels
from preview.services.media_inputs import inputs_of

MEDIALIVE, MEDIAPACKAGE = "AWS/MediaLive", "AWS/MediaPackage"
CHANNEL = "AWS::MediaLive::Channel"
PIPELINES: Mapping[str, int] = {"STANDARD": 2, "SINGLE_PIPELINE": 1}
EVERY: frozenset[str] = frozenset()
RTP = frozenset({"RTP_PUSH", "MEDIACONNECT"})
PACKETS = RTP | {"SRT_CALLER", "SRT_LISTENER"}


@dataclass(frozen=True, kw_only=True)
class Published:
    """A metric of a pipeline, or of the packager that it delivers to."""

    namespace: str = MEDIALIVE
    of: str = "pipeline"
    """Whose it is: a key of `DIMENSIONS`."""
    unit: str
    healthy: float | None
    """Of a minute in which all is well; None: there is no data."""
    inputs: frozenset[str] = EVERY
    """The types of inputs that have it; empty for all."""


HEALTHY: Mapping[str, Published] = {
    "ActiveAlerts": Published(unit="Count", healthy=0),
    "NetworkIn": Published(unit="Megabits per second", healthy=8),
    "NetworkOut": Published(unit="Megabits per second", healthy=12),
    "InputVideoFrameRate": Published(unit="Frames per second", healthy=50),
    "InputLossSeconds": Published(unit="Seconds", healthy=0, inputs=RTP),
    "ChannelInputErrorSeconds": Published(unit="Count", healthy=0, inputs=PACKETS),
    "FillMsec": Published(unit="Count", healthy=0),
    "MqcsBlackFrameDetected": Published(unit="None", healthy=100),
    "MqcsFillFrameInsertion": Published(unit="None", healthy=100),
    "MqcsFreezeFrameDetected": Published(unit="None", healthy=100),
    "MqcsSvq": Published(unit="None", healthy=100),
    "MqcsVideoFrameDrops": Published(unit="None", healthy=100),
    "MinMQCS": Published(of="output", unit="None", healthy=100),
    "Output4xxErrors": Published(of="output", unit="Count", healthy=0),
    "Output5xxErrors": Published(of="output", unit="Count", healthy=0),
    "IngressBytes": Published(
        namespace=MEDIAPACKAGE, of="packager", unit="Bytes", healthy=60_000_000
    ),
    "EgressRequestCount": Published(
        namespace=MEDIAPACKAGE, of="packager's server errors", unit="Count", healthy=None
    ),
    "EgressResponseTime": Published(
        namespace=MEDIAPACKAGE, of="packager", unit="Milliseconds", healthy=50
    ),
}
"""What a pipeline of a running channel publishes, by name."""

FILLER: Mapping[str, float | None] = {"MqcsFillFrameInsertion": 0, "MinMQCS": 0}
NEVER_ARRIVED = "the input never arrived"
FAULTS: Mapping[str, Mapping[str, float | None]] = {
    # output goes on with filler; a dead picture may be noticed in every way, so all are assumed
    "the input is lost": {
        **FILLER,
        "NetworkIn": 0.1,
        "InputVideoFrameRate": 0,
        "FillMsec": 60_000,
        "InputLossSeconds": 60,
        "MqcsBlackFrameDetected": 0,
        "MqcsFreezeFrameDetected": 0,
        "MqcsVideoFrameDrops": 0,
        "ActiveAlerts": 1,
    },
    # no output, and so no score and nothing for MediaPackage
    NEVER_ARRIVED: {
        "NetworkIn": 0.1,
        "NetworkOut": 0.2,
        "InputVideoFrameRate": None,
        "FillMsec": None,
        "InputLossSeconds": 60,
        "MqcsBlackFrameDetected": None,
        "MqcsFillFrameInsertion": None,
        "MqcsFreezeFrameDetected": None,
        "MqcsSvq": None,
        "MqcsVideoFrameDrops": None,
        "MinMQCS": None,
        "IngressBytes": None,
        "EgressResponseTime": None,
        "ActiveAlerts": 1,
    },
    "frames stop": {"InputVideoFrameRate": 0},
    "black": {"MqcsBlackFrameDetected": 0, "MinMQCS": 0},
    "frozen": {"MqcsFreezeFrameDetected": 0, "MinMQCS": 0},
    "packets are late": {"InputLossSeconds": 20},
    "packets are lost": {"ChannelInputErrorSeconds": 20},
    "an alert": {"ActiveAlerts": 1},
    "a low score": {"MinMQCS": 50},
    "frames are dropped": {"MqcsVideoFrameDrops": 0, "MinMQCS": 0},
    "too slow": {"MqcsSvq": 0, "MinMQCS": 0},
    "deliveries are refused": {"Output4xxErrors": 30, "IngressBytes": None, "ActiveAlerts": 1},
    "deliveries fail": {"Output5xxErrors": 30, "IngressBytes": None, "ActiveAlerts": 1},
    "nothing is delivered": {"IngressBytes": None},
    "the packager answers with errors": {"EgressRequestCount": 30},
    "the packager is slow": {"EgressResponseTime": 5_000},
}
"""What is different from `HEALTHY` on a pipeline; None: there is no data."""


@dataclass(kw_only=True)
class MediaMetrics:
    """The metrics of the account's channels."""

    media: Media
    resources: Resources
    faults: dict[int, str] = field(default_factory=dict)
    """What fails on which pipeline of every channel: keys of `FAULTS`."""

    def of(self, end: float) -> Iterator[Measured]:
        """What is published for the minute that ends then, in epoch seconds."""
        for channel in self.resources.of_type(CHANNEL):
            if self.media.state(channel.ref, end - MINUTE / 2) == "RUNNING":
                for pipeline in range(PIPELINES[channel.properties["ChannelClass"]]):
                    yield from self._of_pipeline(
                        channel, str(pipeline), self._values(channel, pipeline)
                    )

    def _values(self, channel: Resource, pipeline: int) -> Mapping[str, float | None]:
        fault = self.faults.get(pipeline) if self.media.is_fed(channel) else NEVER_ARRIVED
        healthy = {name: one.healthy for name, one in HEALTHY.items()}
        return {**healthy, **(FAULTS[fault] if fault else {})}

    def _of_pipeline(
        self, channel: Resource, pipeline: str, values: Mapping[str, float | None]
    ) -> Iterator[Measured]:
        types = {one.properties["Type"] for one in inputs_of(self.resources, channel)}
        for name, one in HEALTHY.items():
            value = values[name]
            if value is None or (one.inputs and not one.inputs & types):
                continue
            for dimensions in DIMENSIONS[one.of](self.resources, channel, pipeline):
                yield Measured(
                    namespace=one.namespace, metric=name, value=value, dimensions=dimensions
                )


Dimensions = Callable[[Resources, Resource, str], Iterator[Mapping[str, str]]]


def _of_pipeline(_: Resources, channel: Resource, pipeline: str) -> Iterator[Mapping[str, str]]:
    yield {"ChannelId": channel.ref, "Pipeline": pipeline}


def _of_outputs(
    resources: Resources, channel: Resource, pipeline: str
) -> Iterator[Mapping[str, str]]:
    for group in channel.properties["EncoderSettings"]["OutputGroups"]:
        for one in _of_pipeline(resources, channel, pipeline):
            yield {**one, "OutputGroupName": group["Name"]}


def _of_packager(resources: Resources, channel: Resource, _: str) -> Iterator[Mapping[str, str]]:
    """Each pipeline has its share."""
    for one in packager_channels(resources, channel):
        yield {
            "ChannelGroup": one.properties["ChannelGroupName"],
            "Channel": one.properties["ChannelName"],
        }


def _of_server_errors(
    resources: Resources, channel: Resource, pipeline: str
) -> Iterator[Mapping[str, str]]:
    for one in _of_packager(resources, channel, pipeline):
        yield {**one, "StatusCode": "5xx"}


DIMENSIONS: Mapping[str, Dimensions] = {
    "pipeline": _of_pipeline,
    "output": _of_outputs,
    "packager": _of_packager,
    "packager's server errors": _of_server_errors,
}
