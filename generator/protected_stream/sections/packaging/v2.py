"""MediaPackage v2: one channel, one CMAF endpoint with HLS and DASH manifests."""

from dataclasses import dataclass
from math import ceil
from typing import Any

from awacs import mediapackagev2 as may
from awacs.aws import Allow, PolicyDocument, Statement
from pydantic import Field, model_validator
from troposphere import AWSHelperFn, NoValue, Output, cloudfront, medialive
from troposphere import mediapackagev2 as mediapackage

from protected_stream.sections.channel_class import ChannelClass
from protected_stream.sections.packaging.interface import Packaging
from protected_stream.sections.packaging.v2_names import (
    MANIFEST,
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
from protected_stream.template.options import Options
from protected_stream.template.origin_access import origin_access
from protected_stream.template.section import Section
from protected_stream.template.troposphere_ext import OriginEndpointPolicy

GROUP_NAME_LIMIT = 256
# Query strings that change a manifest; others are neither forwarded nor in the cache key.
# Source: AWS Elemental MediaPackage v2 User Guide, "Manifest filtering" and "Time-shifted query
# parameters" (start, end, time_delay and manifest_window_seconds are values of the second one)
MANIFEST_QUERIES = ("aws.manifestfilter", "aws.manifestsettings")
SEGMENTS_BEHIND = 3
"""How many segments players stay behind live; RFC 8216, section 6.3.3."""
LEAST_SEGMENTS = 2 * SEGMENTS_BEHIND
"""The shortest window in segments, half of which a viewer can seek in."""
CONNECTION_ATTEMPTS = 2
CONNECTION_SECONDS = 2


class PackagingOptions(Options):
    """How MediaPackage packages the stream."""

    segment_seconds: int = Field(
        default=4,
        ge=1,
        le=30,
        description="segment length; players start about three segments behind",
    )
    dvr_window_seconds: int = Field(
        default=300,
        ge=30,
        le=900,
        description="how far back from live a viewer can seek; at least six segments, three of "
        "which players stay behind",
    )
    startover_hours: int = Field(
        default=0,
        ge=0,
        le=336,
        description="how long MediaPackage keeps content for requests with "
        "`?aws.manifestsettings=start:…`",
    )

    @model_validator(mode="after")
    def _window_holds_what_players_buffer(self) -> "PackagingOptions":
        """With three segments, all of them are buffered, so that a viewer cannot even pause."""
        least = LEAST_SEGMENTS * self.segment_seconds
        if self.dvr_window_seconds < least:
            raise ValueError(
                f"dvr_window_seconds must be at least six times segment_seconds ({least}), got "
                f"{self.dvr_window_seconds}: players stay three segments behind live"
            )
        return self


@dataclass(frozen=True, kw_only=True)
class MediaPackageV2(Packaging):
    """MediaPackage v2, which CloudFront reads through origin access control."""

    channel: mediapackage.Channel
    endpoint: mediapackage.OriginEndpoint

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

    def restrict_to(self, reader: cloudfront.Distribution) -> Section:
        """The endpoint's policy: without one, MediaPackage denies everyone.

        Source: Amazon CloudFront Developer Guide, "Restrict access to an AWS Elemental
        MediaPackage v2 origin".
        """
        policy = OriginEndpointPolicy(
            "PackagerEndpointPolicy",
            Metadata=why("only this stack's distribution reads the packager"),
            ChannelGroupName=group_name(self.channel),
            ChannelName=channel_name(self.channel),
            OriginEndpointName=endpoint_name(self.endpoint),
            Policy=PolicyDocument(
                Version="2012-10-17",
                Statement=[
                    allowed_to(reader, [may.GetObject, may.GetHeadObject], [self.endpoint.ref()])
                ],
            ),
        )
        return Section(source=self.source, resources=(policy,))


def packaging(
    options: PackagingOptions,
    channel_class: ChannelClass,
    *,
    shield: cloudfront.OriginShield | AWSHelperFn,
) -> MediaPackageV2:
    """The stream's packager; nobody can read from it until `restrict_to` names a distribution.

    Args:
        options: segments, manifests and start-over.
        channel_class: how many pipelines deliver to it.
        shield: Origin Shield of its origin, or NoValue.
    """
    group = mediapackage.ChannelGroup(
        "PackagerGroup",
        Metadata=why("its egress domain is the origin of the media"),
        ChannelGroupName=physical_name("live", limit=GROUP_NAME_LIMIT),
    )
    channel = _channel(group, channel_class)
    endpoint = _endpoint(channel, options)
    access = origin_access(
        "PackagerAccess",
        "CloudFront signs its requests to the packager",
        role="packager",
        origin_type="mediapackagev2",
    )
    hls_manifest = manifest_path(group, channel, endpoint, "m3u8")
    dash_manifest = manifest_path(group, channel, endpoint, "mpd")
    return MediaPackageV2(
        source="packaging",
        resources=(group, channel, endpoint, access),
        outputs=(
            Output(
                "PackagerEndpointArn",
                Description="MediaPackage endpoint",
                Value=endpoint.ref(),
            ),
        ),
        channel=channel,
        endpoint=endpoint,
        channel_statements=(_channel_statement(channel),),
        behaviors=_behaviors(_origin(options, group, access, shield), group),
        segment_seconds=options.segment_seconds,
        page_settings={"hls": hls_manifest, "dash": dash_manifest},
        media_path=media_path(group, "*"),
        manifest_queries=MANIFEST_QUERIES,
        hls_manifest=hls_manifest,
        dash_manifest=dash_manifest,
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
    channel: mediapackage.Channel, options: PackagingOptions
) -> mediapackage.OriginEndpoint:
    """The endpoint; its container type is immutable too, although the schema does not say so.

    Source: AWS Elemental MediaPackage v2 API, CreateOriginEndpoint, ContainerType.
    """
    fixed: dict[str, Any] = {
        "ChannelGroupName": group_name(channel),
        "ChannelName": channel_name(channel),
        "ContainerType": "CMAF",
    }
    return mediapackage.OriginEndpoint(
        "PackagerEndpoint",
        Metadata=why("serves HLS and DASH from one set of CMAF segments"),
        OriginEndpointName=name_within_parent("cmaf", fixed),
        **fixed,
        Segment=mediapackage.Segment(SegmentDurationSeconds=options.segment_seconds),
        ForceEndpointErrorConfiguration=_gone_when_it_stands(),
        StartoverWindowSeconds=options.startover_hours * 3600,
        HlsManifests=[_hls(options)],
        DashManifests=[_dash(options)],
    )


def _gone_when_it_stands() -> mediapackage.ForceEndpointErrorConfiguration:
    """Answers 404 for a stale manifest, which tells the page that the stream has ended.

    Source: AWS Elemental MediaPackage v2 API, ForceEndpointErrorConfiguration, STALE_MANIFEST.
    """
    return mediapackage.ForceEndpointErrorConfiguration(EndpointErrorConditions=["STALE_MANIFEST"])


def _hls(options: PackagingOptions) -> mediapackage.HlsManifestConfiguration:
    """URLs in the playlists are encoded so that CloudFront can sign requests for them (SigV4).

    Source: AWS Elemental MediaPackage v2 User Guide, "Creating an origin endpoint".
    """
    return mediapackage.HlsManifestConfiguration(
        ManifestName=MANIFEST,
        ManifestWindowSeconds=options.dvr_window_seconds,
        ProgramDateTimeIntervalSeconds=options.segment_seconds,
        UrlEncodeChildManifest=True,
    )


def _dash(options: PackagingOptions) -> mediapackage.DashManifestConfiguration:
    """Players stay three segments behind live and buffer two, as in the HLS manifest.

    Source: RFC 8216, section 6.3.3 (three target durations), applied to DASH.
    """
    return mediapackage.DashManifestConfiguration(
        ManifestName=MANIFEST,
        ManifestWindowSeconds=options.dvr_window_seconds,
        MinUpdatePeriodSeconds=options.segment_seconds,
        MinBufferTimeSeconds=2 * options.segment_seconds,
        SuggestedPresentationDelaySeconds=SEGMENTS_BEHIND * options.segment_seconds,
        SegmentTemplateFormat="NUMBER_WITH_TIMELINE",
        UtcTiming=mediapackage.DashUtcTiming(TimingMode="UTC_DIRECT"),
    )


def _channel_statement(channel: mediapackage.Channel) -> Statement:
    """MediaLive looks up the ingest endpoints before it delivers to them.

    Source: aws-samples/aws-cdk-mediaservices-refarch, release notes of LEF 1.0.4: without
    GetChannel MediaLive cannot deliver through a MediaPackage output group.
    """
    return Statement(Effect=Allow, Action=[may.GetChannel, may.PutObject], Resource=[channel.ref()])


def _behaviors(origin: cloudfront.Origin, group: mediapackage.ChannelGroup) -> tuple[Behavior, ...]:
    """The manifests, and everything else that the group serves."""
    manifests = [
        Behavior(content="manifests", origin=origin, path=media_path(group, name), signed=True)
        for name in ("*.m3u8", "*.mpd")
    ]
    rest = Behavior(content="segments", origin=origin, path=media_path(group, "*"), signed=True)
    return (*manifests, rest)


def _origin(
    options: PackagingOptions,
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
