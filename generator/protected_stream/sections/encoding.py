"""MediaLive channel and encoder settings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from awacs.aws import Statement
from pydantic import Field
from troposphere import NoValue, Output, Ref, medialive

from protected_stream.sections.channel_class import CHANNEL_CLASSES, ChannelClass, ChannelClassName
from protected_stream.sections.ingest import Ingest
from protected_stream.sections.packaging import Packaging
from protected_stream.template.iam import Roles
from protected_stream.template.metadata import why
from protected_stream.template.names import physical_name
from protected_stream.template.options import Options
from protected_stream.template.section import Section

CHANNEL_NAME_LIMIT = 255
TAGS = {"guarded-by": Ref("AWS::StackId")}
"""Tags by which a policy selects the channels that a role may start and stop."""
DESTINATION = "packager"
AUDIO = "audio"
AUDIO_BITS_PER_SECOND = 96_000
AUDIO_SAMPLES_PER_SECOND = 48_000


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One rendition of the ladder."""

    width: int
    """Pixels."""
    height: int
    """Pixels."""
    bitrate: int
    """QVBR's maximum, in bits per second."""
    quality: int
    """QVBR quality level, from 1 to 10."""
    profile: Literal["MAIN", "HIGH"] = "MAIN"

    @property
    def name(self) -> str:
        """The name of the rendition's description and output."""
        return f"video-{self.width}x{self.height}"


# The rungs of the AWS solution "Live Streaming on AWS"
RUNGS = (
    Rung(width=1920, height=1080, bitrate=4_100_000, quality=8, profile="HIGH"),
    Rung(width=1280, height=720, bitrate=2_700_000, quality=8),
    Rung(width=960, height=540, bitrate=1_800_000, quality=7),
    Rung(width=768, height=432, bitrate=1_200_000, quality=7),
    Rung(width=640, height=360, bitrate=800_000, quality=7),
    Rung(width=512, height=288, bitrate=400_000, quality=6),
)


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """The renditions of a stream, and the source that they are encoded from."""

    rungs: tuple[Rung, ...]
    source_bitrate: Literal["MAX_10_MBPS", "MAX_20_MBPS"]


LADDERS = {
    "HD-1080p": Ladder(rungs=RUNGS, source_bitrate="MAX_20_MBPS"),
    "HD-720p": Ladder(rungs=RUNGS[1:], source_bitrate="MAX_10_MBPS"),
    "SD-540p": Ladder(rungs=RUNGS[2:], source_bitrate="MAX_10_MBPS"),
}


class EncodingOptions(Options):
    """How MediaLive encodes the source."""

    channel_class: ChannelClassName = Field(
        default="STANDARD",
        description="STANDARD: two pipelines, one continues if the other fails; SINGLE_PIPELINE: "
        "one, at lower cost",
    )
    ladder: Literal["HD-1080p", "HD-720p", "SD-540p"] = Field(
        default="HD-1080p", description="renditions, named after the largest"
    )
    frame_rate: Literal[24, 25, 30, 50, 60] = Field(
        default=30, description="frames per second of every rendition; set the encoder to the same"
    )
    gop_seconds: int = Field(
        default=2,
        ge=1,
        le=4,
        description="GOP length in seconds; viewers can join at the start of a GOP",
    )

    @property
    def pipelines(self) -> ChannelClass:
        """The channel class and what depends on it."""
        return CHANNEL_CLASSES[self.channel_class]


@dataclass(frozen=True, kw_only=True)
class Encoding(Section):
    """The channel that encodes the renditions."""

    channel: medialive.Channel


def encoding(
    options: EncodingOptions,
    ingest: Ingest,
    packaging: Packaging,
    roles: Roles,
    *,
    statements: Sequence[Statement],
) -> Encoding:
    """The channel, and the role with which it delivers its renditions to the packager.

    Args:
        options: the channel's class and encoder settings.
        ingest: what the channel reads.
        packaging: what it delivers to.
        roles: creates its role.
        statements: the role's policy statements.
    """
    role = roles.role(
        "ChannelRole",
        "medialive.amazonaws.com",
        statements,
        "the channel may deliver to its packager",
    )
    ladder = LADDERS[options.ladder]
    channel = medialive.Channel(
        options.pipelines.channel,
        Metadata=why("encodes the renditions"),
        Name=physical_name("channel", limit=CHANNEL_NAME_LIMIT),
        ChannelClass=options.channel_class,
        Tags=dict(TAGS),
        RoleArn=role.get_att("Arn"),
        InputAttachments=list(ingest.attachments),
        InputSpecification=medialive.InputSpecification(
            Codec="AVC", Resolution="HD", MaximumBitrate=ladder.source_bitrate
        ),
        Destinations=[packaging.destination(DESTINATION)],
        EncoderSettings=_encoder_settings(options, ladder, ingest.audio_selector),
    )
    return Encoding(
        source="encoding",
        resources=(role, channel),
        outputs=(
            Output(
                "ChannelId",
                Description="MediaLive channel: start it to go on air, stop it to stop paying",
                Value=channel.ref(),
            ),
        ),
        channel=channel,
    )


def _encoder_settings(
    options: EncodingOptions, ladder: Ladder, audio_selector: str
) -> medialive.EncoderSettings:
    return medialive.EncoderSettings(
        TimecodeConfig=medialive.TimecodeConfig(Source="SYSTEMCLOCK"),
        GlobalConfiguration=_locked_pipelines() if options.pipelines.pipelines > 1 else NoValue,
        VideoDescriptions=[_video(rung, options) for rung in ladder.rungs],
        AudioDescriptions=[_audio(audio_selector)],
        OutputGroups=[_output_group(ladder.rungs, options.gop_seconds)],
    )


def _locked_pipelines() -> medialive.GlobalConfiguration:
    """Both pipelines cut their segments at the same frame, although RTMP carries no timecode.

    Source: AWS Elemental MediaLive API, PipelineLockingSettings: VIDEO_ALIGNMENT compares frames.
    """
    return medialive.GlobalConfiguration(
        OutputLockingMode="PIPELINE_LOCKING",
        OutputLockingSettings=medialive.OutputLockingSettings(
            PipelineLockingSettings=medialive.PipelineLockingSettings(
                PipelineLockingMethod="VIDEO_ALIGNMENT"
            )
        ),
    )


def _video(rung: Rung, options: EncodingOptions) -> medialive.VideoDescription:
    return medialive.VideoDescription(
        Name=rung.name,
        Width=rung.width,
        Height=rung.height,
        CodecSettings=medialive.VideoCodecSettings(H264Settings=_h264(rung, options)),
    )


def _h264(rung: Rung, options: EncodingOptions) -> medialive.H264Settings:
    """Every rendition has the same frame rate and GOPs, so that a player can switch at any segment.

    Settings that are left out have MediaLive's defaults.

    Source: AWS Elemental MediaLive API, H264Settings.
    """
    return medialive.H264Settings(
        RateControlMode="QVBR",
        MaxBitrate=rung.bitrate,
        BufSize=2 * rung.bitrate,
        QvbrQualityLevel=rung.quality,
        Profile=rung.profile,
        EntropyEncoding="CABAC",
        FramerateControl="SPECIFIED",
        FramerateNumerator=options.frame_rate,
        FramerateDenominator=1,
        ParControl="SPECIFIED",
        ParNumerator=1,
        ParDenominator=1,
        ScanType="PROGRESSIVE",
        GopSize=options.gop_seconds,
        GopSizeUnits="SECONDS",
        GopClosedCadence=1,
        GopNumBFrames=3,
        GopBReference="ENABLED",
        # an I-frame at a scene change would not be in every rendition
        SceneChangeDetect="DISABLED",
        AdaptiveQuantization="AUTO",
        LookAheadRateControl="HIGH",
        QualityLevel="STANDARD_QUALITY",  # the enhanced one is priced separately
    )


def _audio(selector: str) -> medialive.AudioDescription:
    return medialive.AudioDescription(
        Name=AUDIO,
        AudioSelectorName=selector,
        AudioTypeControl="FOLLOW_INPUT",
        LanguageCodeControl="FOLLOW_INPUT",
        CodecSettings=medialive.AudioCodecSettings(
            AacSettings=medialive.AacSettings(
                Bitrate=AUDIO_BITS_PER_SECOND,
                SampleRate=AUDIO_SAMPLES_PER_SECOND,
                CodingMode="CODING_MODE_2_0",
                InputType="NORMAL",
                Profile="LC",
                RateControlMode="CBR",
                RawFormat="NONE",
                Spec="MPEG4",
            )
        ),
    )


def _output_group(rungs: tuple[Rung, ...], segment_seconds: int) -> medialive.OutputGroup:
    """One stream in each output, as CMAF ingest requires.

    Source: AWS Elemental MediaLive User Guide, "Creating a MediaPackage output group".
    """
    return medialive.OutputGroup(
        Name=DESTINATION,
        OutputGroupSettings=medialive.OutputGroupSettings(
            MediaPackageGroupSettings=medialive.MediaPackageGroupSettings(
                Destination=medialive.OutputLocationRef(DestinationRefId=DESTINATION),
                MediapackageV2GroupSettings=medialive.MediaPackageV2GroupSettings(
                    SegmentLength=segment_seconds, SegmentLengthUnits="SECONDS"
                ),
            )
        ),
        Outputs=[
            *(_output(rung.name, VideoDescriptionName=rung.name) for rung in rungs),
            _output(AUDIO, AudioDescriptionNames=[AUDIO]),
        ],
    )


def _output(name: str, **stream: Any) -> medialive.Output:
    return medialive.Output(
        OutputName=name,
        OutputSettings=medialive.OutputSettings(
            MediaPackageOutputSettings=medialive.MediaPackageOutputSettings()
        ),
        **stream,
    )
