"""Codec strings of manifests that ffmpeg leaves incomplete (RFC 6381)."""

HEVC_ENTRIES = ("hvc1", "hev1")
CONFIGURATION = b"hvcC"
"""The box with the decoder configuration record, ISO/IEC 14496-15, 8.3.2."""
PROFILE_SPACES = ("", "A", "B", "C")
TIERS = ("L", "H")


def codec_string(stated: str, initialization: bytes) -> str:
    """The codec with its profile and level, such as hvc1.1.6.L93.90.

    ISO/IEC 14496-15, E.3: profile space and profile, compatibility flags in reverse bit order, tier
    and level, and the constraint flags without trailing zero bytes.

    Args:
        stated: ffmpeg's string.
        initialization: the track's initialization segment.
    """
    _, box, rest = initialization.partition(CONFIGURATION)
    if stated not in HEVC_ENTRIES or not box:
        return stated
    profile, compatibility, constraints, level = rest[1], rest[2:6], rest[6:12], rest[12]
    flags = int(f"{int.from_bytes(compatibility, 'big'):032b}"[::-1], 2)
    return ".".join(
        [
            stated,
            f"{PROFILE_SPACES[profile >> 6]}{profile & 31}",
            f"{flags:X}",
            f"{TIERS[profile >> 5 & 1]}{level}",
            *(f"{byte:X}" for byte in constraints.rstrip(b"\0")),
        ]
    )
