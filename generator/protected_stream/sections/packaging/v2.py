"""MediaPackage v2: one channel, one CMAF endpoint with HLS and DASH manifests."""

from dataclasses import dataclass
from typing import Any

from awacs import mediapackagev2 as may
from awacs.aws import Allow, PolicyDocument, Statement
from pydantic import Field, model_validator
from troposphere import Output, cloudfront, medialive
from troposphere import mediapackagev2 as mediapackage

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
# Source: AWS Elemental MediaTailor User Guide, "Caching optimizations for CDN and MediaPackage"
FILTER_QUERIES = ("aws.manifestfilter",)
STARTOVER_QUERIES = ("start", "end", "time_delay")


class PackagingOptions(Options):
    """How MediaPackage packages the stream."""

    segment_seconds: int = Field(
        default=4,
        ge=1,
        le=30,
        description="segment length; players start about three segments behind",
    )
    dvr_window_seconds: int = Field(
        default=300, ge=30, le=900, description="how far back a viewer can seek"
    )
    startover_hours: int = Field(
        default=0, ge=0, le=336, description="how long MediaPackage keeps content for startover"
    )

    @model_validator(mode="after")
    def _window_holds_what_players_buffer(self) -> "PackagingOptions":
        """Source: RFC 8216, section 6.2.2: a live playlist holds at least three segments."""
        if self.dvr_window_seconds < 3 * self.segment_seconds:
            raise ValueError("dvr_window_seconds must be at least three times segment_seconds")
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


def packaging(options: PackagingOptions) -> MediaPackageV2:
    """The stream's packager; nobody can read from it until `restrict_to` names a distribution."""
    group = mediapackage.ChannelGroup(
        "PackagerGroup",
        Metadata=why("its egress domain is the origin of the media"),
        ChannelGroupName=physical_name("live", limit=GROUP_NAME_LIMIT),
    )
    channel = _channel(group)
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
        behaviors=_behaviors(_origin(group, access), group),
        page_settings={"hls": hls_manifest, "dash": dash_manifest},
        media_path=media_path(group, "*"),
        manifest_queries=FILTER_QUERIES + (STARTOVER_QUERIES if options.startover_hours else ()),
        hls_manifest=hls_manifest,
        dash_manifest=dash_manifest,
    )


def _channel(group: mediapackage.ChannelGroup) -> mediapackage.Channel:
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
    )


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
        SuggestedPresentationDelaySeconds=3 * options.segment_seconds,
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
    group: mediapackage.ChannelGroup, access: cloudfront.OriginAccessControl
) -> cloudfront.Origin:
    return cloudfront.Origin(
        Id="packager",
        DomainName=group.get_att("EgressDomain"),
        OriginAccessControlId=access.get_att("Id"),
        CustomOriginConfig=cloudfront.CustomOriginConfig(
            OriginProtocolPolicy="https-only", OriginSSLProtocols=["TLSv1.2"]
        ),
    )
