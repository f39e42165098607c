"""MediaLive channel and encoder settings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from awacs.aws import Statement
from troposphere import NoValue, Output, Ref, medialive

from protected_stream.sections.channel_class import ChannelClass
from protected_stream.sections.channel_role import own_statements, trusted_channels
from protected_stream.sections.encoding.audio import (
    Audio,
    audio_description,
    audio_selectors,
    audio_streams,
    audios,
)
from protected_stream.sections.encoding.captions import (
    caption_channels,
    caption_descriptions,
    caption_selectors,
    caption_streams,
    in_video,
)
from protected_stream.sections.encoding.codecs import CODECS
from protected_stream.sections.encoding.frame_rate import RATIOS
from protected_stream.sections.encoding.ladder import Ladder, Rung, rung_names
from protected_stream.sections.encoding.options import EncodingOptions
from protected_stream.sections.ingest import Attachment, Ingest
from protected_stream.sections.packaging import EncodedStream, Packaging
from protected_stream.template.iam import Roles
from protected_stream.template.metadata import why
from protected_stream.template.names import physical_name
from protected_stream.template.section import Section

CHANNEL_NAME_LIMIT = 255
TAGS = {"guarded-by": Ref("AWS::StackId")}
"""Tags by which a policy selects the channels that a role may start and stop."""
DESTINATION = "packager"

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
    ladder, sound = options.chosen_ladder, audios(options)
    channel = medialive.Channel(
        options.pipelines.channel,
        Metadata=why("encodes the renditions"),
        Name=physical_name("channel", limit=CHANNEL_NAME_LIMIT),
        ChannelClass=options.channel_class,
        Tags=dict(TAGS),
        RoleArn=role.get_att("Arn"),
        InputAttachments=[_attachment(one, options, sound) for one in ingest.attachments],
        InputSpecification=medialive.InputSpecification(
            Codec=options.source_codec.upper(),
            Resolution=ladder.source_resolution,
            MaximumBitrate=ladder.source_bitrate,
        ),
        Destinations=[packaging.destination(DESTINATION)],
        LogLevel=LOG_LEVELS[options.log_level],
        EncoderSettings=_encoder_settings(options, ladder, sound, packaging),
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


def _attachment(
    attachment: Attachment, options: EncodingOptions, sound: tuple[Audio, ...]
) -> medialive.InputAttachment:
    return medialive.InputAttachment(
        InputAttachmentName=attachment.name,
        InputId=attachment.input.ref(),
        InputSettings=medialive.InputSettings(
            AudioSelectors=audio_selectors(sound),
            CaptionSelectors=list(caption_selectors(options)) or NoValue,
            **attachment.settings,
        ),
    )


def _encoder_settings(
    options: EncodingOptions, ladder: Ladder, sound: tuple[Audio, ...], packaging: Packaging
) -> medialive.EncoderSettings:
    names = rung_names(ladder.rungs)
    return medialive.EncoderSettings(
        TimecodeConfig=medialive.TimecodeConfig(Source="SYSTEMCLOCK"),
        GlobalConfiguration=_global_configuration(options.pipelines),
        ThumbnailConfiguration=medialive.ThumbnailConfiguration(
            State="AUTO" if options.thumbnails else "DISABLED"
        ),
        VideoDescriptions=[
            _video(name, rung, options) for name, rung in zip(names, ladder.rungs, strict=True)
        ],
        AudioDescriptions=[audio_description(one) for one in sound],
        CaptionDescriptions=list(caption_descriptions(options)) or NoValue,
        OutputGroups=[
            packaging.output_group(
                DESTINATION, _streams(options, names, sound), caption_channels(options)
            )
        ],
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


def _video(name: str, rung: Rung, options: EncodingOptions) -> medialive.VideoDescription:
    rate = RATIOS[options.frame_rate]
    return medialive.VideoDescription(
        Name=name,
        Width=rung.width,
        Height=rung.height,
        CodecSettings=CODECS[rung.codec].settings(rung, rate, options.gop_seconds),
    )


def _streams(
    options: EncodingOptions, videos: Sequence[str], sound: tuple[Audio, ...]
) -> tuple[EncodedStream, ...]:
    return (
        *(
            EncodedStream(
                name=name, descriptions={"VideoDescriptionName": name, **in_video(options)}
            )
            for name in videos
        ),
        *audio_streams(sound),
        *caption_streams(options),
    )
