"""An input type and a packager that do not exist, as a new module would add them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from awacs.aws import Allow, Statement
from awacs.mediaconnect import DescribeFlow
from awacs.secretsmanager import GetSecretValue
from pydantic import Field
from troposphere import NoValue, Parameter, Ref, Sub, cloudfront, medialive, secretsmanager

from protected_stream import Stream
from protected_stream.sections.channel_class import ChannelClass
from protected_stream.sections.ingest import Attachment, Ingest
from protected_stream.sections.ingest.carries import TRANSPORT_STREAM, Carries
from protected_stream.sections.packaging import (
    CaptionChannel,
    EncodedStream,
    Manifest,
    MediaOptions,
    Packaging,
)
from protected_stream.template.behavior import Behavior
from protected_stream.template.iam import Roles, trusted_service
from protected_stream.template.metadata import why
from protected_stream.template.options import Options
from protected_stream.template.section import LabelledParameter, Section


class FictitiousInputOptions(Options):
    """How a stream arrives that needs a password and a role of its own."""

    carries: ClassVar[Carries] = TRANSPORT_STREAM

    type: Literal["fictitious"] = "fictitious"


class FictitiousPackagingOptions(MediaOptions):
    """How somebody else packages the stream."""

    segment_seconds: int = Field(default=6, ge=1, le=10)


class FictitiousStream(Stream):
    """A stream file with both."""

    ingest: FictitiousInputOptions = FictitiousInputOptions()  # type: ignore[assignment]
    packaging: FictitiousPackagingOptions = FictitiousPackagingOptions()  # type: ignore[assignment]


def fictitious_input(
    _: FictitiousInputOptions, channel_class: ChannelClass, roles: Roles
) -> Ingest:
    """An input with a secret that the channel reads, and a role that the input assumes."""
    flow = Parameter("FlowArn", Type="String", Description="ARN of the flow.")
    secret = secretsmanager.Secret(
        "InputPassword",
        Metadata=why("the source asks for it"),
        GenerateSecretString=secretsmanager.GenerateSecretString(),
    )
    role = roles.role(
        "InputRole",
        trusted_service("medialive.amazonaws.com"),
        [Statement(Effect=Allow, Action=[DescribeFlow], Resource=["*"])],
        "MediaLive reads the flow",
    )
    input_ = medialive.Input(
        channel_class.input,
        Metadata=why("the source of the stream"),
        Name=Sub("${AWS::StackName}-source"),
        Type="MEDIACONNECT",
        RoleArn=role.get_att("Arn"),
        MediaConnectFlows=[
            medialive.MediaConnectFlowRequest(FlowArn=Ref(flow))
            for _ in range(channel_class.pipelines)
        ],
    )
    return Ingest(
        source="ingest",
        heading="The source",
        parameters=(LabelledParameter("Flow", flow),),
        resources=(secret, role, input_),
        channel_statements=(
            Statement(Effect=Allow, Action=[GetSecretValue], Resource=[secret.ref()]),
        ),
        attachments=(Attachment(name="source", input=input_),),
    )


@dataclass(frozen=True, kw_only=True)
class FictitiousPackager(Packaging):
    """A packager that takes HLS by HTTP and lets CloudFront read with a secret header."""

    segment_seconds: int

    def destination(self, name: str) -> medialive.OutputDestination:
        """One address for each pipeline."""
        return medialive.OutputDestination(
            Id=name,
            Settings=[
                medialive.OutputDestinationSettings(Url=f"https://{host}.example.com/live/index")
                for host in ("a", "b")
            ],
        )

    def output_group(
        self,
        destination: str,
        streams: Sequence[EncodedStream],
        captions: Sequence[CaptionChannel] = (),
    ) -> medialive.OutputGroup:
        """An HLS output group."""
        del captions
        where = medialive.OutputLocationRef(DestinationRefId=destination)
        return medialive.OutputGroup(
            Name=destination,
            OutputGroupSettings=medialive.OutputGroupSettings(
                HlsGroupSettings=medialive.HlsGroupSettings(
                    Destination=where, SegmentLength=self.segment_seconds
                )
            ),
            Outputs=[
                medialive.Output(
                    OutputName=stream.name,
                    OutputSettings=medialive.OutputSettings(HlsOutputSettings=_hls(stream)),
                    **stream.descriptions,
                )
                for stream in streams
            ],
        )

    def restrict_to(self, reader: cloudfront.Distribution) -> Section:
        """Nothing: the header does it."""
        del reader
        return Section(source=self.source)


def _hls(stream: EncodedStream) -> medialive.HlsOutputSettings:
    is_audio = "AudioDescriptionNames" in stream.descriptions
    fmp4 = medialive.Fmp4HlsSettings(AudioRenditionSets=stream.name if is_audio else "audio")
    return medialive.HlsOutputSettings(
        NameModifier=f"-{stream.name}",
        HlsSettings=medialive.HlsSettings(Fmp4HlsSettings=fmp4),
    )


def fictitious_packaging(
    options: FictitiousPackagingOptions, channel_class: ChannelClass, *, shield: Any
) -> Packaging:
    """Two origins, three paths, a secret header, no origin access control."""
    del channel_class
    secret = secretsmanager.Secret(
        "OriginHeader",
        Metadata=why("only this stack's distribution sends it"),
        GenerateSecretString=secretsmanager.GenerateSecretString(),
    )
    manifests, segments = (_origin(name, secret, shield) for name in ("manifests", "segments"))
    return FictitiousPackager(
        source="packaging",
        resources=(secret,),
        segment_seconds=options.segment_seconds,
        behaviors=(
            *(
                Behavior(content="manifests", origin=manifests, path=f"/live/{path}", signed=True)
                for path in ("*.m3u8", "*.mpd")
            ),
            Behavior(content="segments", origin=segments, path="/live/*", signed=True),
        ),
        media_path=Sub("/live/*"),
        manifest_queries=("from",),
        manifests=(Manifest(output="HlsManifest", meaning="HLS", path=Sub("/live/index.m3u8")),),
        page_settings={"hls": "/live/index.m3u8"},
    )


def _origin(name: str, secret: secretsmanager.Secret, shield: Any) -> cloudfront.Origin:
    return cloudfront.Origin(
        Id=name,
        DomainName=f"{name}.example.com",
        OriginShield=shield or NoValue,
        OriginCustomHeaders=[
            cloudfront.OriginCustomHeader(
                HeaderName="X-Secret",
                HeaderValue=Sub("{{resolve:secretsmanager:${Secret}}}", Secret=secret.ref()),
            )
        ],
        CustomOriginConfig=cloudfront.CustomOriginConfig(
            OriginProtocolPolicy="https-only", OriginSSLProtocols=["TLSv1.2"]
        ),
    )
