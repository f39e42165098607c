"""MediaLive channel and encoder settings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from awacs.aws import Statement
from pydantic import Field
from troposphere import NoValue, Output, Ref, medialive

from protected_stream.sections.channel_class import CHANNEL_CLASSES, ChannelClass, ChannelClassName
from protected_stream.sections.channel_role import own_statements, trusted_channels
from protected_stream.sections.frame_rate import RATIOS, FrameRate
from protected_stream.sections.ingest import Attachment, Ingest
from protected_stream.sections.ladder import LADDERS, Ladder, Rung
from protected_stream.sections.language import Language
from protected_stream.sections.packaging import EncodedStream, Packaging
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
AUDIO_SELECTOR = "default"
"""The audio of a source that has one only."""
AUDIO_BITS_PER_SECOND = 96_000
AUDIO_SAMPLES_PER_SECOND = 48_000


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
    frame_rate: FrameRate = Field(
        default=30,
        description="frames per second of every rendition; set the encoder to the same (23.976, "
        "29.97 and 59.94 are the exact ratios, such as 30000/1001)",
    )
    gop_seconds: int = Field(
        default=2,
        ge=1,
        le=4,
        description="GOP length in seconds; viewers can join at the start of a GOP",
    )
    audio_language: Language = Field(
        default="",
        max_length=35,
        description="language of the audio (RFC 5646), such as en; empty: as the source says, "
        "which RTMP does not",
    )
    log_level: Literal["off", "error", "warning", "info", "debug"] = Field(
        default="off",
        description="what MediaLive logs of the encoder, in the log group ElementalMediaLive, "
        "which all channels of the account share",
    )
    thumbnails: bool = Field(
        default=False,
        description="show the picture in MediaLive's console; the channel's role may then write to "
        "any S3 bucket, as the name of MediaLive's own is not documented",
    )

    @property
    def pipelines(self) -> ChannelClass:
        """The channel class and what depends on it."""
        return CHANNEL_CLASSES[self.channel_class]


LOG_LEVELS = {
    "off": NoValue,  # MediaLive's default
    "error": "ERROR",
    "warning": "WARNING",
    "info": "INFO",
    "debug": "DEBUG",
}


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
        statements: what its role must be allowed for what it reads and delivers to.
    """
    role = roles.role(
        "ChannelRole",
        trusted_channels(),
        [
            *statements,
            *own_statements(logs=options.log_level != "off", thumbnails=options.thumbnails),
        ],
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
        InputAttachments=[_attachment(one) for one in ingest.attachments],
        InputSpecification=medialive.InputSpecification(
            Codec="AVC", Resolution="HD", MaximumBitrate=ladder.source_bitrate
        ),
        Destinations=[packaging.destination(DESTINATION)],
        LogLevel=LOG_LEVELS[options.log_level],
        EncoderSettings=_encoder_settings(options, ladder, packaging),
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


def _attachment(attachment: Attachment) -> medialive.InputAttachment:
    return medialive.InputAttachment(
        InputAttachmentName=attachment.name,
        InputId=attachment.input.ref(),
        InputSettings=medialive.InputSettings(
            AudioSelectors=[medialive.AudioSelector(Name=AUDIO_SELECTOR)], **attachment.settings
        ),
    )


def _encoder_settings(
    options: EncodingOptions, ladder: Ladder, packaging: Packaging
) -> medialive.EncoderSettings:
    return medialive.EncoderSettings(
        TimecodeConfig=medialive.TimecodeConfig(Source="SYSTEMCLOCK"),
        GlobalConfiguration=_global_configuration(options.pipelines),
        ThumbnailConfiguration=medialive.ThumbnailConfiguration(
            State="AUTO" if options.thumbnails else "DISABLED"
        ),
        VideoDescriptions=[_video(rung, options) for rung in ladder.rungs],
        AudioDescriptions=[_audio(options.audio_language)],
        OutputGroups=[packaging.output_group(DESTINATION, _streams(ladder.rungs))],
    )


def _global_configuration(channel_class: ChannelClass) -> medialive.GlobalConfiguration:
    """MediaLive's clock sets the pace: an encoder's clock drifts from the viewers' clocks.

    Source: AWS Elemental MediaLive API, GlobalConfiguration, OutputTimingSource.
    """
    locking = _locked_pipelines() if channel_class.pipelines > 1 else {}
    return medialive.GlobalConfiguration(OutputTimingSource="SYSTEM_CLOCK", **locking)


def _locked_pipelines() -> dict[str, Any]:
    """Both pipelines cut their segments at the same frame, although RTMP carries no timecode.

    Source: AWS Elemental MediaLive API, PipelineLockingSettings: VIDEO_ALIGNMENT compares frames.
    """
    return {
        "OutputLockingMode": "PIPELINE_LOCKING",
        "OutputLockingSettings": medialive.OutputLockingSettings(
            PipelineLockingSettings=medialive.PipelineLockingSettings(
                PipelineLockingMethod="VIDEO_ALIGNMENT"
            )
        ),
    }


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
    rate = RATIOS[options.frame_rate]
    return medialive.H264Settings(
        RateControlMode="QVBR",
        MaxBitrate=rung.bitrate,
        BufSize=2 * rung.bitrate,
        QvbrQualityLevel=rung.quality,
        Profile=rung.profile,
        EntropyEncoding="CABAC",
        FramerateControl="SPECIFIED",
        FramerateNumerator=rate.numerator,
        FramerateDenominator=rate.denominator,
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


def _audio(language: str) -> medialive.AudioDescription:
    return medialive.AudioDescription(
        Name=AUDIO,
        AudioSelectorName=AUDIO_SELECTOR,
        AudioTypeControl="FOLLOW_INPUT",
        LanguageCodeControl="USE_CONFIGURED" if language else "FOLLOW_INPUT",
        LanguageCode=language or NoValue,
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


def _streams(rungs: tuple[Rung, ...]) -> tuple[EncodedStream, ...]:
    return (
        *(
            EncodedStream(name=rung.name, descriptions={"VideoDescriptionName": rung.name})
            for rung in rungs
        ),
        EncodedStream(name=AUDIO, descriptions={"AudioDescriptionNames": [AUDIO]}),
    )
