"""MediaLive channel: H.264 and H.265 levels, which bound picture size, frame rate and bitrate."""

from collections.abc import Iterator, Mapping

from protected_stream.lint.finding import Finding
from protected_stream.lint.levels import H264, H265, Levels, Stated, excesses
from protected_stream.lint.media.timing import frame_rate
from protected_stream.lint.properties import Property
from protected_stream.lint.rules import Rule

CODECS: Mapping[str, tuple[Levels, Rule]] = {
    "H264Settings": (H264, Rule.LEVEL_TOO_LOW),
    "H265Settings": (H265, Rule.HEVC_LEVEL_TOO_LOW),
}
"""By the member of CodecSettings: the codec's levels, and the rule that a low one violates."""


def level_findings(channel: Property) -> Iterator[Finding]:
    """Literal levels whose decoders need not be able to decode the video."""
    for description in channel.at("EncoderSettings", "VideoDescriptions").each():
        for name, (levels, rule) in CODECS.items():
            settings = description.at("CodecSettings", name)
            level = settings.at("Level")
            limits = levels.of(level.text or "")
            if limits is None:
                continue
            video = _stated(description, settings)
            if video.is_high_tier and not limits.high_tier:
                yield settings.at("Tier").finding(rule, f"{level.text} has no High tier.")
                continue
            for what, there, most in excesses(levels, limits, video):
                yield level.finding(
                    rule, f"The level allows {most:g} {what}; this video has {there:g}."
                )


def _stated(description: Property, settings: Property) -> Stated:
    """What is literal of what a level limits."""
    return Stated(
        width=description.at("Width").number,
        height=description.at("Height").number,
        rate=frame_rate(settings),
        profile=settings.at("Profile").text or "",
        bitrates={name: settings.at(name).number for name in ("Bitrate", "MaxBitrate")},
        is_high_tier=settings.at("Tier").text == "HIGH",
    )
