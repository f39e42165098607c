"""AAC audio in MediaLive: which bitrates each sample rate supports."""

from collections.abc import Iterator, Mapping

from protected_stream.lint.finding import Finding
from protected_stream.lint.properties import Property
from protected_stream.lint.rules import Rule

MONO, STEREO = "CODING_MODE_1_0", "CODING_MODE_2_0"

BITRATES: Mapping[tuple[str, str], Mapping[int, tuple[int, int] | None]] = {
    (MONO, "HEV1"): {
        22_050: (8_000, 12_000),
        24_000: (8_000, 12_000),
        32_000: (12_000, 64_000),
        44_100: (18_000, 64_000),
        48_000: (18_000, 64_000),
    },
    (MONO, "HEV2"): {},
    (MONO, "LC"): {
        8_000: (8_000, 14_000),
        12_000: (8_000, 14_000),
        16_000: (8_000, 28_000),
        22_050: (24_000, 28_000),
        24_000: (24_000, 28_000),
        32_000: (32_000, 192_000),
        44_100: (56_000, 256_000),
        48_000: (56_000, 288_000),
        88_200: (288_000, 288_000),
        96_000: (128_000, 288_000),
    },
    (STEREO, "LC"): {
        8_000: (16_000, 20_000),
        12_000: (16_000, 20_000),
        16_000: (16_000, 32_000),
        22_050: (32_000, 32_000),
        24_000: (32_000, 32_000),
        32_000: (40_000, 384_000),
        44_100: (64_000, 512_000),
        48_000: (64_000, 576_000),
        88_200: None,
        96_000: None,
    },
}
"""By coding mode and profile: samples per second to minimum and maximum bits per second.

None is a valid sample rate whose bitrates are not known here; a combination without a row, such as
5.1, is not checked.

Source: for mono, AWS Elemental MediaLive User Guide, "Supported sampling rate and bitrate for AAC
output"; for stereo, the same table as AWS Elemental MediaConvert publishes it ("AAC output
reference tables", equal for mono). The maximum at 48 kHz is twice mono's, as at 32 and 44.1 kHz.
"""


def aac_findings(channel: Property) -> Iterator[Finding]:
    """AAC audio whose sample rate or bitrate MediaLive rejects.

    Checks only literal values at a constant bitrate: VBR has quality levels instead.
    """
    for description in channel.at("EncoderSettings", "AudioDescriptions").each():
        settings = description.at("CodecSettings", "AacSettings")
        mode, profile = settings.at("CodingMode").text, settings.at("Profile").text
        rates = BITRATES.get((mode or "", profile or ""))
        if rates is not None and settings.at("RateControlMode").text != "VBR":
            yield from _rate_findings(settings, rates)


def _rate_findings(
    settings: Property, rates: Mapping[int, tuple[int, int] | None]
) -> Iterator[Finding]:
    sample_rate, bitrate = settings.at("SampleRate"), settings.at("Bitrate")
    if sample_rate.number is None:
        return
    if sample_rate.number not in rates:
        known = ", ".join(str(rate) for rate in rates) or "no"
        yield sample_rate.finding(
            Rule.AAC_SAMPLE_RATE, f"This profile and coding mode support {known} Hz."
        )
        return
    limits = rates[int(sample_rate.number)]
    if limits and bitrate.number is not None and not limits[0] <= bitrate.number <= limits[1]:
        yield bitrate.finding(
            Rule.AAC_BITRATE,
            f"Must be from {limits[0]} to {limits[1]} bits per second "
            f"at {sample_rate.number:g} Hz.",
        )
