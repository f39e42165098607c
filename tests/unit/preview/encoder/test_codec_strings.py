"""Codec strings: RFC 6381, and ISO/IEC 14496-15, E.3 for HEVC."""

import pytest

from preview.encoder.codec_strings import codec_string

MAIN = "01 01 60000000 900000000000 5D"
MAIN_10 = "01 02 20000000 900000000000 1E"
HIGH_TIER_WITH_SPACE = "01 62 20000000 B00000000500 7B"


@pytest.mark.parametrize(
    ("entry", "record", "string"),
    [
        ("hvc1", MAIN, "hvc1.1.6.L93.90"),
        ("hev1", MAIN, "hev1.1.6.L93.90"),
        ("hvc1", MAIN_10, "hvc1.2.4.L30.90"),
        ("hvc1", HIGH_TIER_WITH_SPACE, "hvc1.A2.4.H123.B0.0.0.0.5"),
    ],
)
def test_hevc_has_its_profile_and_level(entry: str, record: str, string: str) -> None:
    initialization = b"\0\0\0\x7bhvcC" + bytes.fromhex(record) + b"\xf0\0"
    assert codec_string(entry, initialization) == string


@pytest.mark.parametrize("stated", ["avc1.64001f", "mp4a.40.2", "ec-3"])
def test_other_codecs_are_as_ffmpeg_states_them(stated: str) -> None:
    assert codec_string(stated, b"\0\0\0\x7bhvcC" + bytes.fromhex(MAIN)) == stated


def test_without_a_configuration_record_nothing_is_added() -> None:
    assert codec_string("hvc1", b"ftyp") == "hvc1"
