"""MediaPackage v2: one channel, and an endpoint for each container that the formats need."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Annotated, Any, Literal

from awacs import mediapackagev2 as may
from awacs.aws import Allow, PolicyDocument, Statement
from pydantic import AfterValidator, Field, model_validator
from troposphere import AWSHelperFn, NoValue, Output, cloudfront, medialive
from troposphere import mediapackagev2 as mediapackage

from protected_stream.sections.channel_class import ChannelClass
from protected_stream.sections.packaging.formats import (
    DEFAULT_FORMATS,
    FORMATS,
    SEGMENTS_BEHIND,
    Container,
    Format,
    Timing,
)
from protected_stream.sections.packaging.interface import (
    CaptionChannel,
    EncodedStream,
    Manifest,
    MediaOptions,
    Packaging,
)
from protected_stream.sections.packaging.v2_names import (
    channel_name,
    endpoint_name,
    group_name,
    manifest_path,
    media_path,
)
from protected_stream.template.behavior import Behavior
from protected_stream.template.iam import allowed_to
from protected_stream.template.metadata import why
from protected_stream.template.names import name_within_parent, physical_name
from protected_stream.template.options import TOML_LIST, Mistake
from protected_stream.template.origin_access import origin_access
from protected_stream.template.section import Section
from protected_stream.template.troposphere_ext import OriginEndpointPolicy
from protected_stream.template.validation_errors import shown

GROUP_NAME_LIMIT = 256
# Query strings that change a manifest; others are neither forwarded nor in the cache key.
# Source: AWS Elemental MediaPackage v2 User Guide, "Manifest filtering" and "Time-shifted query
# parameters" (start, end, time_delay and manifest_window_seconds are values of the second one)
MANIFEST_QUERIES = ("aws.manifestfilter", "aws.manifestsettings")
LEAST_SEGMENTS = 2 * SEGMENTS_BEHIND
"""The shortest window in segments, half of which a viewer can seek in."""
LONGEST_WINDOW_SECONDS = 86_400
"""Ours: a day."""
CONNECTION_ATTEMPTS = 2
CONNECTION_SECONDS = 2


def _known(name: str) -> str:
    if name not in FORMATS:
        raise ValueError(f"must be one of {', '.join(FORMATS)}; got {shown(name)}")
    return name


def _each_once(formats: tuple[str, ...]) -> tuple[str, ...]:
    if not formats or len(set(formats)) < len(formats):
        raise ValueError("must name at least one format, and each once")
    playable = [name for name, one in FORMATS.items() if one.page_setting]
    if not set(formats) & set(playable):
        raise ValueError(f"must have one that the page can play: {', '.join(playable)}")
    return formats


FormatName = Annotated[
    str, AfterValidator(_known), Field(json_schema_extra={"enum": list(FORMATS)})
]


class NewPackagingOptions(MediaOptions):
    """How MediaPackage packages the stream."""

    mode: Literal["new"] = Field(
        default="new",
        exclude_if=lambda mode: mode == "new",
        description="new: the stack has a channel and a packager of its own",
    )
    formats: Annotated[tuple[FormatName, ...], TOML_LIST, AfterValidator(_each_once)] = Field(
        default=DEFAULT_FORMATS,
        json_schema_extra={"minItems": 1, "uniqueItems": True},
        description="what players can request",
    )
    segment_seconds: int = Field(
        default=4,
        ge=1,
        le=30,
        description="segment length; players start about three segments behind",
    )
    dvr_window_seconds: int = Field(
        default=300,
        ge=30,
        le=LONGEST_WINDOW_SECONDS,
        description="how far back from live a viewer can seek; at least six segments, three of "
        "which players stay behind; more than 900 needs a higher quota, which the summary names",
    )
    startover_hours: int = Field(
        default=0,
        ge=0,
        le=336,
        description="how long MediaPackage keeps content for requests with "
        "`?aws.manifestsettings=start:…`",
    )

    @model_validator(mode="after")
    def _window_holds_what_players_buffer(self) -> "NewPackagingOptions":
        """With three segments, all of them are buffered, so that a viewer cannot even pause."""
        least = LEAST_SEGMENTS * self.segment_seconds
        if self.dvr_window_seconds < least:
            raise ValueError(
                f"dvr_window_seconds must be at least six times segment_seconds ({least}), got "
                f"{self.dvr_window_seconds}: players stay three segments behind live"
            )
        return self

    def gop_mistakes(self, gop_seconds: int) -> Iterator[Mistake]:
        """A segment is whole groups of pictures."""
        if self.segment_seconds % gop_seconds:
            yield (
                ("packaging", "segment_seconds"),
                f"must be a multiple of encoding.gop_seconds ({gop_seconds}), "
                f"got {self.segment_seconds}",
            )

    def codec_mistakes(self, codecs: Collection[str]) -> Iterator[Mistake]:
        """The formats that cannot be made of renditions with these codecs.

        Source: AWS Elemental MediaPackage v2 User Guide, "Supported inputs and outputs".
        https://docs.aws.amazon.com/mediapackage/latest/userguide/supported-inputs.html

        Args:
            codecs: those of the renditions, by their names in the stream file.
        """
        for name in self.formats:
            container = FORMATS[name].container
            served = [codec for codec in codecs if codec in container.codecs]
            if not served or (len(served) < len(codecs) and not container.leaves_out):
                needed = "a rendition" if container.leaves_out else "all renditions"
                yield (
                    ("packaging", "formats"),
                    f'"{name}" needs {needed} with codec = "{container.codecs[0]}" in '
                    "encoding.renditions or encoding.ladder, as MediaPackage serves no others with "
                    f"{container.type} segments; the codecs are {' and '.join(codecs)}",
                )


@dataclass(frozen=True, kw_only=True)
class MediaPackageV2(Packaging):
    """MediaPackage v2, which CloudFront reads through origin access control."""

    channel: mediapackage.Channel
    endpoints: tuple[mediapackage.OriginEndpoint, ...]
    segment_seconds: int

    def destination(self, name: str) -> medialive.OutputDestination:
        """The destination of all pipelines; MediaLive maps them to the ingest endpoints.

        Source: AWS Elemental MediaLive User Guide, "Creating a MediaPackage output group".
        """
        return medialive.OutputDestination(
            Id=name,
            MediaPackageSettings=[
                medialive.MediaPackageOutputDestinationSettings(
                    ChannelGroup=group_name(self.channel), ChannelName=channel_name(self.channel)
                )
            ],
        )

    def output_group(
        self,
        destination: str,
        streams: Sequence[EncodedStream],
        captions: Sequence[CaptionChannel] = (),
    ) -> medialive.OutputGroup:
        """One stream in each output, as CMAF ingest requires, in the endpoint's segments.

        With shorter segments, MediaPackage would have to join them, which
        aws-cdk-mediaservices-refarch (docs/troubleshooting.md) warns of.

        Source: AWS Elemental MediaLive User Guide, "Creating a MediaPackage output group".
        """
        return medialive.OutputGroup(
            Name=destination,
            OutputGroupSettings=medialive.OutputGroupSettings(
                MediaPackageGroupSettings=medialive.MediaPackageGroupSettings(
                    Destination=medialive.OutputLocationRef(DestinationRefId=destination),
                    MediapackageV2GroupSettings=medialive.MediaPackageV2GroupSettings(
                        SegmentLength=self.segment_seconds,
                        SegmentLengthUnits="SECONDS",
                        CaptionLanguageMappings=_mappings(captions) or NoValue,
                    ),
                )
            ),
            Outputs=[
                medialive.Output(
                    OutputName=stream.name,
                    OutputSettings=medialive.OutputSettings(
                        MediaPackageOutputSettings=_output_settings(stream)
                    ),
                    **stream.descriptions,
                )
                for stream in streams
            ],
        )

    def restrict_to(self, reader: cloudfront.Distribution) -> Section:
        """The endpoints' policies: without one, MediaPackage denies everyone.

        Source: Amazon CloudFront Developer Guide, "Restrict access to an AWS Elemental
        MediaPackage v2 origin".
        """
        policies = (self._policy(endpoint, reader) for endpoint in self.endpoints)
        return Section(source=self.source, resources=tuple(policies))

    def _policy(
        self, endpoint: mediapackage.OriginEndpoint, reader: cloudfront.Distribution
    ) -> OriginEndpointPolicy:
        return OriginEndpointPolicy(
            f"{endpoint.title}Policy",
            Metadata=why("only this stack's distribution reads the packager"),
            ChannelGroupName=group_name(self.channel),
            ChannelName=channel_name(self.channel),
            OriginEndpointName=endpoint_name(endpoint),
            Policy=PolicyDocument(
                Version="2012-10-17",
                Statement=[
                    allowed_to(reader, [may.GetObject, may.GetHeadObject], [endpoint.ref()])
                ],
            ),
        )


def _mappings(captions: Sequence[CaptionChannel]) -> list[medialive.CaptionLanguageMapping]:
    """What players learn of the captions in the video.

    Source: AWS Elemental MediaLive API, MediaPackageV2GroupSettings, CaptionLanguageMappings.
    https://docs.aws.amazon.com/medialive/latest/apireference/channels.html
    """
    return [
        medialive.CaptionLanguageMapping(
            CaptionChannel=one.number, LanguageCode=one.language, LanguageDescription=one.name
        )
        for one in captions
    ]


def _output_settings(stream: EncodedStream) -> medialive.MediaPackageOutputSettings:
    """What an HLS playlist says of the stream; MediaPackage decides what is left out.

    Source: AWS Elemental MediaLive API, MediaPackageV2DestinationSettings (one audio at most is the
    default, and one the automatic choice).
    https://docs.aws.amazon.com/medialive/latest/apireference/channels.html
    """
    if stream.is_default is None:
        return medialive.MediaPackageOutputSettings()
    return medialive.MediaPackageOutputSettings(
        MediaPackageV2DestinationSettings=medialive.MediaPackageV2DestinationSettings(
            HlsDefault="YES" if stream.is_default else "NO",
            HlsAutoSelect="YES" if stream.is_default else NoValue,
        )
    )


def media_package_v2(
    options: NewPackagingOptions,
    channel_class: ChannelClass,
    *,
    shield: cloudfront.OriginShield | AWSHelperFn,
) -> MediaPackageV2:
    """MediaPackage v2 as the stream's packager; the arguments are those of `packaging`."""
    group = mediapackage.ChannelGroup(
        "PackagerGroup",
        Metadata=why("its egress domain is the origin of the media"),
        ChannelGroupName=physical_name("live", limit=GROUP_NAME_LIMIT),
    )
    channel = _channel(group, channel_class)
    formats = [FORMATS[name] for name in options.formats]
    endpoints = {
        container.type: _endpoint(
            channel, container, options, [one for one in formats if one.container is container]
        )
        for container in dict.fromkeys(one.container for one in formats)
    }
    access = origin_access(
        "PackagerAccess",
        "CloudFront signs its requests to the packager",
        role="packager",
        origin_type="mediapackagev2",
    )
    paths = {
        one.output: manifest_path(group, channel, endpoints[one.container.type], one.file)
        for one in formats
    }
    return MediaPackageV2(
        source="packaging",
        resources=(group, channel, *endpoints.values(), access),
        outputs=tuple(
            Output(f"{one.title}Arn", Description="MediaPackage endpoint", Value=one.ref())
            for one in endpoints.values()
        ),
        channel=channel,
        endpoints=tuple(endpoints.values()),
        channel_statements=(_channel_statement(channel),),
        behaviors=_behaviors(_origin(options, group, access, shield), group, formats),
        segment_seconds=options.segment_seconds,
        page_settings={one.page_setting: paths[one.output] for one in formats if one.page_setting},
        media_path=media_path(group, "*"),
        manifest_queries=(*MANIFEST_QUERIES, *(query for one in formats for query in one.queries)),
        manifests=tuple(
            Manifest(output=one.output, meaning=one.meaning, path=paths[one.output])
            for one in formats
        ),
    )


def _channel(group: mediapackage.ChannelGroup, channel_class: ChannelClass) -> mediapackage.Channel:
    fixed: dict[str, Any] = {
        "ChannelGroupName": group_name(group),
        "InputType": "CMAF",
        # one Region, so a changed frame rate or segment length needs no new channel
        "OutputLockingMode": "NON_EPOCH_LOCKED",
    }
    return mediapackage.Channel(
        "PackagerChannel",
        Metadata=why("receives the renditions"),
        ChannelName=name_within_parent("channel", fixed),
        **fixed,
        InputSwitchConfiguration=_switched_by_quality() if channel_class.pipelines > 1 else NoValue,
    )


def _switched_by_quality() -> mediapackage.InputSwitchConfiguration:
    """Serves the pipeline with the better picture, and the first one if they are equal.

    Otherwise MediaPackage switches only if segments are missing, and MediaLive fills the loss of
    its input with black frames: viewers would see them although the other pipeline is fine.

    Source: AWS Elemental MediaLive User Guide, "Media quality confidence score"; AWS Elemental
    MediaPackage v2 API, InputSwitchConfiguration.
    """
    return mediapackage.InputSwitchConfiguration(MQCSInputSwitching=True, PreferredInput=1)


def _endpoint(
    channel: mediapackage.Channel,
    container: Container,
    options: NewPackagingOptions,
    formats: Sequence[Format],
) -> mediapackage.OriginEndpoint:
    """The endpoint; its container type is immutable too, although the schema does not say so.

    Source: AWS Elemental MediaPackage v2 API, CreateOriginEndpoint, ContainerType.
    """
    fixed: dict[str, Any] = {
        "ChannelGroupName": group_name(channel),
        "ChannelName": channel_name(channel),
        "ContainerType": container.type,
    }
    timing = Timing(
        segment_seconds=options.segment_seconds, window_seconds=options.dvr_window_seconds
    )
    manifests: dict[str, Any] = {one.property: [one.configure(timing)] for one in formats}
    return mediapackage.OriginEndpoint(
        container.endpoint,
        Metadata=why(container.meaning.format(formats=" and ".join(one.label for one in formats))),
        OriginEndpointName=name_within_parent(container.type.lower(), fixed),
        **fixed,
        Segment=mediapackage.Segment(
            SegmentDurationSeconds=options.segment_seconds, **container.segment
        ),
        ForceEndpointErrorConfiguration=_gone_when_it_stands(),
        StartoverWindowSeconds=options.startover_hours * 3600,
        **manifests,
    )


def _gone_when_it_stands() -> mediapackage.ForceEndpointErrorConfiguration:
    """Answers 404 for a stale manifest, which tells the page that the stream has ended.

    Source: AWS Elemental MediaPackage v2 API, ForceEndpointErrorConfiguration, STALE_MANIFEST.
    """
    return mediapackage.ForceEndpointErrorConfiguration(EndpointErrorConditions=["STALE_MANIFEST"])


def _channel_statement(channel: mediapackage.Channel) -> Statement:
    """MediaLive looks up the ingest endpoints before it delivers to them.

    Source: aws-samples/aws-cdk-mediaservices-refarch, release notes of LEF 1.0.4: without
    GetChannel MediaLive cannot deliver through a MediaPackage output group.
    """
    return Statement(Effect=Allow, Action=[may.GetChannel, may.PutObject], Resource=[channel.ref()])


def _behaviors(
    origin: cloudfront.Origin, group: mediapackage.ChannelGroup, formats: Sequence[Format]
) -> tuple[Behavior, ...]:
    """The manifests, and everything else that the group serves."""
    manifests = [
        Behavior(content="manifests", origin=origin, path=media_path(group, path), signed=True)
        for path in dict.fromkeys(path for one in formats for path in one.paths)
    ]
    rest = Behavior(content="segments", origin=origin, path=media_path(group, "*"), signed=True)
    return (*manifests, rest)


def _origin(
    options: NewPackagingOptions,
    group: mediapackage.ChannelGroup,
    access: cloudfront.OriginAccessControl,
    shield: cloudfront.OriginShield | AWSHelperFn,
) -> cloudfront.Origin:
    """Both attempts together wait for about a segment, as a player's buffer lasts for three.

    The connection stays open until the next segment is requested.

    Source: Amazon CloudFront Developer Guide, "Origin settings" (a timeout is tried again).
    """
    return cloudfront.Origin(
        Id="packager",
        DomainName=group.get_att("EgressDomain"),
        OriginAccessControlId=access.get_att("Id"),
        ConnectionAttempts=CONNECTION_ATTEMPTS,
        ConnectionTimeout=CONNECTION_SECONDS,
        OriginShield=shield,
        CustomOriginConfig=cloudfront.CustomOriginConfig(
            OriginProtocolPolicy="https-only",
            OriginSSLProtocols=["TLSv1.2"],
            OriginReadTimeout=max(
                CONNECTION_SECONDS, ceil(options.segment_seconds / CONNECTION_ATTEMPTS)
            ),
            OriginKeepaliveTimeout=options.segment_seconds + 1,
        ),
    )
