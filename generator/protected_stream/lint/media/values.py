"""MediaLive channel: checks of values that exclude or require one another."""

import re
from collections.abc import Callable, Iterator

from protected_stream.lint.finding import Finding
from protected_stream.lint.media.output_groups import codec, output_groups
from protected_stream.lint.properties import Property
from protected_stream.lint.rules import Rule

RATE_CONTROL = {"QVBR": ("MaxBitrate",), "CBR": ("Bitrate",), "VBR": ("Bitrate", "MaxBitrate")}
"""The bitrates that a rate control mode requires."""

FULL_HD_LINES = 1080
MOST_B_FRAMES = 2
"""Of H.265 with more lines."""

LOCKING = {
    "PipelineLockingSettings": "PIPELINE_LOCKING",
    "EpochLockingSettings": "EPOCH_LOCKING",
    "DisabledLockingSettings": "DISABLED",
}
"""The mode that each kind of OutputLockingSettings belongs to."""

DESTINATION_ID = r"[A-Za-z0-9]+(-+[A-Za-z0-9]+)*"
OUTPUT_NAME = r"[A-Za-z0-9_-]+"


def value_findings(channel: Property) -> Iterator[Finding]:
    """Every value of the channel that conflicts with another."""
    for check in VALUE_CHECKS:
        yield from check(channel)


def frame_sizes_are_even(channel: Property) -> Iterator[Finding]:
    """Width and height are even."""
    for description in _videos(channel):
        for size in (description.at("Width"), description.at("Height")):
            if size.number is not None and size.number % 2:
                yield size.finding(Rule.ODD_FRAME_SIZE, f"{size.number} is not even.")


def rate_control_has_its_bitrates(channel: Property) -> Iterator[Finding]:
    """A rate control mode has the bitrates that it requires."""
    for description in _videos(channel):
        for settings in codec(description):
            mode = settings.at("RateControlMode").text or ""
            for name in RATE_CONTROL.get(mode, ()):
                if settings.at(name).is_absent:
                    yield settings.at(name).finding(
                        Rule.BITRATE_MISSING, f"RateControlMode {mode} needs {name}."
                    )


def entropy_coding_fits_the_profile(channel: Property) -> Iterator[Finding]:
    """The Baseline profile does not support CABAC; a High profile should use it."""
    for description in _videos(channel):
        settings = description.at("CodecSettings", "H264Settings")
        coding, profile = settings.at("EntropyEncoding"), settings.at("Profile").text or ""
        if coding.text == "CABAC" and profile == "BASELINE":
            yield coding.finding(Rule.CABAC_IN_BASELINE, "CABAC needs the profile MAIN or HIGH.")
        if coding.text == "CAVLC" and profile.startswith("HIGH"):
            yield coding.finding(Rule.CAVLC_IN_HIGH, f"The profile {profile} needs CABAC.")


def large_hevc_has_few_b_frames(channel: Property) -> Iterator[Finding]:
    """H.265 above 1080p: two B-frames, to which no frame refers, in sub-GOPs of a fixed length."""
    for description in _videos(channel):
        settings = description.at("CodecSettings", "H265Settings")
        lines = description.at("Height").number
        if not lines or lines <= FULL_HD_LINES:
            continue
        frames = settings.at("GopNumBFrames")
        if frames.number is not None and frames.number > MOST_B_FRAMES:
            yield frames.finding(Rule.HEVC_B_FRAMES, f"Must be {MOST_B_FRAMES} with {lines} lines.")
        for name, wrong, right in (
            ("GopBReference", "ENABLED", "DISABLED"),
            ("SubgopLength", "DYNAMIC", "FIXED"),
        ):
            if settings.at(name).text == wrong:
                yield settings.at(name).finding(
                    Rule.HEVC_B_FRAMES, f"Must be {right} with {lines} lines."
                )


def locking_settings_fit_the_mode(channel: Property) -> Iterator[Finding]:
    """Settings of a locking mode, such as VIDEO_ALIGNMENT, need that mode."""
    configuration = channel.at("EncoderSettings", "GlobalConfiguration")
    mode = configuration.at("OutputLockingMode")
    for settings in configuration.at("OutputLockingSettings").members():
        wanted = LOCKING.get(settings.name)
        if wanted and mode.text != wanted and not mode.is_unknown:
            yield mode.finding(
                Rule.LOCKING_OF_ANOTHER_MODE, f"{settings.path} needs OutputLockingMode {wanted}."
            )


def names_have_allowed_characters(channel: Property) -> Iterator[Finding]:
    """Destination IDs and output names have only allowed characters."""
    identifiers = [destination.at("Id") for destination in channel.at("Destinations").each()]
    outputs = [
        output.at("OutputName")
        for group in output_groups(channel)
        for output in group.at("Outputs").each()
    ]
    for rule, found, pattern, wanted in (
        (
            Rule.CHARACTERS_OF_DESTINATION_ID,
            identifiers,
            DESTINATION_ID,
            "letters and digits, and hyphens between them",
        ),
        (
            Rule.CHARACTERS_OF_OUTPUT_NAME,
            outputs,
            OUTPUT_NAME,
            "letters, digits, hyphens and underscores",
        ),
    ):
        for name in found:
            if name.text is not None and not re.fullmatch(pattern, name.text):
                yield name.finding(rule, f'"{name.text}" may have only {wanted}.')


VALUE_CHECKS: tuple[Callable[[Property], Iterator[Finding]], ...] = (
    frame_sizes_are_even,
    rate_control_has_its_bitrates,
    entropy_coding_fits_the_profile,
    large_hevc_has_few_b_frames,
    locking_settings_fit_the_mode,
    names_have_allowed_characters,
)


def _videos(channel: Property) -> Iterator[Property]:
    return channel.at("EncoderSettings", "VideoDescriptions").each()
