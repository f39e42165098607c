"""What the encoding's tables refuse, and what they accept at the limit."""

import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest

from protected_stream.config import Stream, load
from protected_stream.errors import StreamError


def rendition(width: int, height: int, bitrate: int, *more: str) -> str:
    lines = ("[[encoding.renditions]]", f"width = {width}", f"height = {height}")
    return "\n".join((*lines, f"bitrate = {bitrate}", *more, ""))


def audio(language: str, *more: str) -> str:
    return "\n".join(("[[encoding.audio]]", f'language = "{language}"', *more, ""))


def captions(language: str, *more: str) -> str:
    return "\n".join(("[[encoding.captions]]", f'language = "{language}"', *more, ""))


TELETEXT = 'source = "teletext"'
TRACK = 'form = "track"'
FILE = '[ingest]\ntype = "mp4-file"\n'
STREAM = '[ingest]\ntype = "rtp-push"\n'
HD = rendition(1920, 1080, 4_000_000)
HEVC = 'codec = "hevc"'
REFUSED = [
    pytest.param(
        '[encoding]\nladder = "HD-1080p"\n' + HD,
        "3: encoding.renditions: is given together with encoding.ladder "
        '("HD-1080p"), which it replaces: leave one of them out',
        id="ladder and renditions",
    ),
    pytest.param(
        rendition(1281, 720, 2_000_000),
        "2: encoding.renditions.0.width: must be even, as MediaLive encodes no other sizes "
        "(MediaLive API, VideoDescription); got 1281",
        id="odd width",
    ),
    pytest.param(
        HD + rendition(1280, 721, 2_000_000),
        "7: encoding.renditions.1.height: must be even, as MediaLive encodes no other sizes "
        "(MediaLive API, VideoDescription); got 721",
        id="odd height",
    ),
    pytest.param(
        rendition(4098, 2160, 20_000_000),
        "2: encoding.renditions.0.width: must be between 32 and 4096, got 4098",
        id="too wide",
    ),
    pytest.param(
        rendition(1920, 1080, 4_000),
        "4: encoding.renditions.0.bitrate: must be between 50000 and 50000000, got 4000",
        id="kilobits",
    ),
    pytest.param(
        rendition(3840, 2160, 40_000_001, HEVC),
        "4: encoding.renditions.0.bitrate: must be between 100000 and 40000000 with "
        'codec = "hevc" (MediaLive API, H265Settings.MaxBitrate); got 40000001',
        id="too many bits for HEVC",
    ),
    pytest.param(
        rendition(256, 144, 99_999, HEVC),
        "4: encoding.renditions.0.bitrate: must be between 100000 and 40000000 with "
        'codec = "hevc" (MediaLive API, H265Settings.MaxBitrate); got 99999',
        id="too few bits for HEVC",
    ),
    pytest.param(
        HD + rendition(1920, 1080, 4_000_000),
        "8: encoding.renditions.1.bitrate: must be less than that of the avc rendition before it "
        "(4000000): order renditions of a codec from the largest to the smallest, no two alike; "
        "got 4000000",
        id="two alike",
    ),
    pytest.param(
        rendition(1280, 720, 4_000_000) + rendition(1920, 1080, 3_000_000),
        "6: encoding.renditions.1.width: makes the picture larger than that of the avc rendition "
        "before it (1280x720), which has a higher bitrate: order renditions of a codec from the "
        "largest to the smallest; got 1920x1080",
        id="larger with fewer bits",
    ),
    pytest.param(
        rendition(1920, 1080, 4_000_000, HEVC, 'profile = "high"'),
        '6: encoding.renditions.0.profile: "high" is not a profile of codec = "hevc", which has '
        "main and main-10bit",
        id="AVC's profile for HEVC",
    ),
    pytest.param(
        rendition(1920, 1080, 4_000_000, 'profile = "main-10bit"'),
        '5: encoding.renditions.0.profile: "main-10bit" is not a profile of codec = "avc", which '
        "has main and high",
        id="HEVC's profile for AVC",
    ),
    pytest.param(
        rendition(1280, 720, 4_000_000, 'level = "6"'),
        '5: encoding.renditions.0.level: "6" is not a level of codec = "avc", which has 1, 1.1, '
        "1.2, 1.3, 2, 2.1, 2.2, 3, 3.1, 3.2, 4, 4.1, 4.2, 5, 5.1, 5.2",
        id="HEVC's level for AVC",
    ),
    pytest.param(
        rendition(1280, 720, 4_000_000, 'level = "9"'),
        "5: encoding.renditions.0.level: must be one of auto, 1, 1.1, 1.2, 1.3, 2, 2.1, 2.2, 3, "
        '3.1, 3.2, 4, 4.1, 4.2, 5, 5.1, 5.2, 6, 6.1, 6.2; got "9"',
        id="no level",
    ),
    pytest.param(
        rendition(1920, 1080, 4_000_000, 'level = "3.1"'),
        '5: encoding.renditions.0.level: "3.1" of avc allows 3,600 macroblocks in a picture '
        "(Recommendation ITU-T H.264, Table A-1); this rendition has 8,160",
        id="level too low for the size",
    ),
    pytest.param(
        "[encoding]\nframe_rate = 60\n" + rendition(1280, 720, 4_000_000, 'level = "3.1"'),
        '7: encoding.renditions.0.level: "3.1" of avc allows 108,000 macroblocks per second '
        "(Recommendation ITU-T H.264, Table A-1); this rendition has 216,000 at frame_rate = 60",
        id="level too low for the frame rate",
    ),
    pytest.param(
        rendition(1280, 720, 10_000_001, HEVC, 'level = "3.1"'),
        '6: encoding.renditions.0.level: "3.1" of hevc allows 10,000,000 bits per second as '
        "bitrate (Recommendation ITU-T H.265, Tables A.8 and A.9); this rendition has 10,000,001",
        id="level too low for the bitrate",
    ),
    pytest.param(
        '[encoding]\nsource_codec = "hevc"',
        '2: encoding.source_codec: "hevc" cannot arrive with ingest.type = "rtmp-push", which '
        "carries avc",
        id="HEVC over RTMP",
    ),
    pytest.param(
        '[encoding]\naudio_language = "en"\n' + audio("en"),
        "2: encoding.audio_language: is given together with encoding.audio, whose tables have a "
        "language each: leave one of them out",
        id="language and audio",
    ),
    pytest.param(
        FILE + audio("English"),
        '4: encoding.audio.0.language: must be a language tag such as "en" or "pt-BR" (RFC 5646); '
        'got "English"',
        id="name as a language",
    ),
    pytest.param(
        audio(""),
        '2: encoding.audio.0.language: must be a language tag such as "en" or "pt-BR" (RFC 5646); '
        'got ""',
        id="no language",
    ),
    pytest.param(
        STREAM + audio("de", 'source_language = "de"'),
        "5: encoding.audio.0.source_language: must be a language code of three letters, such as "
        '"eng" or "deu" (ISO 639-2); got "de"',
        id="two letters",
    ),
    pytest.param(
        audio("en", "name = 'the \"best\"'"),
        "3: encoding.audio.0.name: must have no quotation marks or line breaks; got "
        '"the \\"best\\""',
        id="quotation marks",
    ),
    pytest.param(
        STREAM + audio("en", "pid = 8191"),
        "5: encoding.audio.0.pid: must be between 16 and 8190, got 8191",
        id="PID of padding",
    ),
    pytest.param(
        FILE + audio("en", "default = true") + audio("de", "track = 2", "default = true"),
        "9: encoding.audio.1.default: cannot be true, as encoding.audio.0 is, and one only is the "
        "default",
        id="two defaults",
    ),
    pytest.param(
        FILE + audio("en", "track = 2") + audio("de", "track = 2"),
        "6: encoding.audio.1: is the same audio of the source as encoding.audio.0: select another "
        "with track, pid or source_language",
        id="one track twice",
    ),
    pytest.param(
        FILE + audio("en") + audio("de"),
        "5: encoding.audio.1: is the same audio of the source as encoding.audio.0: select another "
        "with track, pid or source_language",
        id="first audio twice",
    ),
    pytest.param(
        FILE + audio("en") + audio("de", "track = 1"),
        "5: encoding.audio.1: is the same audio of the source as encoding.audio.0: select another "
        "with track, pid or source_language",
        id="first audio and first track",
    ),
    pytest.param(
        FILE + audio("en", "dolby = true"),
        '5: encoding.audio.0.dolby: cannot arrive with ingest.type = "mp4-file", which carries no '
        "AC-3 or E-AC-3",
        id="Dolby of a file",
    ),
    pytest.param(
        FILE + audio("en", "track = 2", 'name = "Original"') + audio("de", 'name = "original"'),
        "9: encoding.audio.1.name: must differ from that of encoding.audio.0, or players cannot "
        "tell them apart (RFC 8216, section 4.3.4.1.1)",
        id="two languages of one name",
    ),
    pytest.param(
        FILE + audio("en", "track = 1") + audio("en", "track = 2"),
        "6: encoding.audio.1.name: must differ from that of encoding.audio.0, or players "
        "cannot tell them apart (RFC 8216, section 4.3.4.1.1)",
        id="two of one name",
    ),
    pytest.param(
        STREAM + audio("en", "pid = 33", 'source_language = "eng"'),
        "3: encoding.audio.0: selects its source by pid and source_language: give one of them",
        id="two selections",
    ),
    pytest.param(
        FILE + audio("en", "pid = 33"),
        '5: encoding.audio.0.pid: cannot select an audio with ingest.type = "mp4-file": select by '
        "track",
        id="PID of a file",
    ),
    pytest.param(
        FILE + audio("en", 'source_language = "eng"'),
        '5: encoding.audio.0.source_language: cannot select an audio with ingest.type = "mp4-file":'
        " select by track",
        id="language of a file",
    ),
    pytest.param(
        STREAM + audio("en", "track = 1"),
        '5: encoding.audio.0.track: cannot select an audio with ingest.type = "rtp-push": select '
        "by pid or source_language",
        id="track of a transport stream",
    ),
    pytest.param(
        audio("en", "track = 1"),
        '3: encoding.audio.0.track: cannot select an audio with ingest.type = "rtmp-push": it '
        "carries one audio",
        id="track over RTMP",
    ),
    pytest.param(
        audio("en", "dolby = true"),
        '3: encoding.audio.0.dolby: cannot arrive with ingest.type = "rtmp-push", which carries no '
        "AC-3 or E-AC-3",
        id="Dolby over RTMP",
    ),
    pytest.param(
        STREAM + "".join(audio("en", f'name = "{pid}"', f"pid = {pid}") for pid in range(33, 38)),
        "3: encoding: has 6 video + 5 audio = 11 tracks, and MediaPackage takes at most 10 "
        "(MediaPackage v2 User Guide, Quotas): leave out renditions, audios or captions",
        id="too many tracks",
    ),
    pytest.param(
        captions("en"),
        "2: encoding.captions.0.language: must be a language code of three letters, such as "
        '"eng" or "deu" (ISO 639-2); got "en"',
        id="captions in two letters",
    ),
    pytest.param(
        captions("eng", "channel = 5"),
        "3: encoding.captions.0.channel: must be between 1 and 4, got 5",
        id="fifth channel",
    ),
    pytest.param(
        STREAM + captions("deu", TELETEXT, "page = 888"),
        '3: encoding.captions.0.form: "embedded" is not possible with source = "teletext": '
        'MediaLive makes a track of teletext (form = "track")',
        id="teletext in the video",
    ),
    pytest.param(
        STREAM + captions("deu", TELETEXT, TRACK),
        '3: encoding.captions.0: needs page, as source is "teletext"',
        id="teletext without a page",
    ),
    pytest.param(
        STREAM + captions("deu", TELETEXT, TRACK, "page = 900"),
        "7: encoding.captions.0.page: must be between 100 and 899, got 900",
        id="no page",
    ),
    pytest.param(
        STREAM + captions("deu", TELETEXT, TRACK, "page = 888", "channel = 1"),
        '8: encoding.captions.0.channel: is not for source = "teletext", which has a page',
        id="channel of teletext",
    ),
    pytest.param(
        STREAM + captions("eng", "page = 888"),
        '5: encoding.captions.0.page: is not for source = "embedded", which has channels',
        id="page of embedded captions",
    ),
    pytest.param(
        captions("deu", TELETEXT, TRACK, "page = 888"),
        '3: encoding.captions.0.source: "teletext" cannot arrive with ingest.type = "rtmp-push", '
        "which carries captions that are embedded",
        id="teletext over RTMP",
    ),
    pytest.param(
        '[ingest]\ntype = "url-pull"\n' + captions("deu", TELETEXT, TRACK, "page = 888"),
        '5: encoding.captions.0.source: "teletext" cannot arrive with ingest.type = "url-pull", '
        "which carries captions that are embedded",
        id="teletext in HLS",
    ),
    pytest.param(
        FILE + captions("deu", TELETEXT, TRACK, "page = 888"),
        '5: encoding.captions.0.source: "teletext" cannot arrive with ingest.type = "mp4-file", '
        "which carries captions that are embedded",
        id="teletext in a file",
    ),
    pytest.param(
        captions("eng") + captions("spa", "channel = 1"),
        "3: encoding.captions.1: are the same captions of the source as encoding.captions.0: "
        "select others with channel or page",
        id="one channel twice",
    ),
    pytest.param(
        captions("eng") + captions("eng", "channel = 2"),
        "3: encoding.captions.1.name: must differ from that of encoding.captions.0, or players "
        "cannot tell them apart (RFC 8216, section 4.3.4.1.1)",
        id="two captions of one name",
    ),
    pytest.param(
        "".join(captions("eng", TRACK, f'name = "{n}"', f"channel = {n}") for n in range(1, 5)),
        "1: encoding: has 6 video + 1 audio + 4 captions = 11 tracks, and MediaPackage "
        "takes at most 10 (MediaPackage v2 User Guide, Quotas): leave out renditions, audios or "
        "captions",
        id="too many tracks of captions",
    ),
    pytest.param(
        '[encoding]\nladder = "UHD-2160p"\n[packaging]\nformats = ["hls", "hls-ts"]',
        '4: packaging.formats: "hls-ts" needs a rendition with codec = "avc" in '
        "encoding.renditions or encoding.ladder, as MediaPackage serves no others with TS "
        "segments; the codecs are hevc",
        id="TS of HEVC alone",
    ),
    pytest.param(
        '[packaging]\nformats = ["hls", "mss"]\n' + HD + rendition(1280, 720, 1_000_000, HEVC),
        '2: packaging.formats: "mss" needs all renditions with codec = "avc" in '
        "encoding.renditions or encoding.ladder, as MediaPackage serves no others with ISM "
        "segments; the codecs are avc and hevc",
        id="Smooth Streaming of HEVC",
    ),
]


def mistakes(text: str, folder: Path) -> list[str]:
    """The error lines when this text is loaded, without the name of the file."""
    path = folder / "stream.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StreamError) as raised:
        load(path)
    return [line.removeprefix(f"{path}:") for line in raised.value.lines]


@pytest.mark.parametrize(("text", "line"), REFUSED)
def test_a_mistake_is_reported_alone_with_its_line_and_rule(
    text: str, line: str, tmp_path: Path
) -> None:
    assert mistakes(text, tmp_path) == [line]


@pytest.mark.parametrize(
    "renditions",
    [
        (HD, rendition(1920, 1080, 4_000_000, HEVC), rendition(1920, 1080, 3_999_999)),
        (rendition(4096, 2160, 40_000_000, HEVC), rendition(32, 32, 100_000, HEVC)),
        (rendition(4096, 2160, 50_000_000), rendition(32, 32, 50_000)),
        (rendition(1280, 720, 14_000_000, 'level = "3.1"'),),
        (rendition(1280, 720, 10_000_000, HEVC, 'level = "3.1"', 'profile = "main-10bit"'),),
    ],
)
def test_renditions_at_the_limits_are_accepted(renditions: Sequence[str]) -> None:
    Stream.model_validate(tomllib.loads("".join(renditions)))


def test_several_mistakes_are_reported_at_once_in_their_order(tmp_path: Path) -> None:
    text = "[[encoding.renditions]]\nwidth = 1281\n" + rendition(1279, 720, 1, "color = 3")
    assert [line.split(": ")[:2] for line in mistakes(text, tmp_path)] == [
        ["1", "encoding.renditions.0.height"],
        ["1", "encoding.renditions.0.bitrate"],
        ["6", "encoding.renditions.1.bitrate"],
        ["7", "encoding.renditions.1.color"],
    ]


@pytest.mark.parametrize("name", ["hls-ts", "mss"])
def test_formats_of_other_segments_play_avc(name: str) -> None:
    Stream.model_validate({"packaging": {"formats": ["hls", name]}})


def test_ts_segments_leave_out_hevc() -> None:
    text = '[packaging]\nformats = ["hls-ts"]\n' + HD + rendition(1920, 1080, 3_000_000, HEVC)
    Stream.model_validate(tomllib.loads(text))


def test_options_that_came_later_change_the_digest_only_if_they_are_used() -> None:
    """So that no line of an existing stream's template changes without a reason."""
    later = {"renditions", "audio", "captions", "source_codec"}
    assert not later & Stream().encoding.model_dump().keys()
    used = Stream.model_validate(tomllib.loads(HD))
    assert used.digest != Stream().digest


def test_several_audios_over_rtmp_are_refused(tmp_path: Path) -> None:
    assert mistakes(audio("en") + audio("de", "track = 2"), tmp_path) == [
        '3: encoding.audio.1: cannot arrive with ingest.type = "rtmp-push", which carries one '
        "audio only",
        '5: encoding.audio.1.track: cannot select an audio with ingest.type = "rtmp-push": it '
        "carries one audio",
    ]


@pytest.mark.parametrize(
    "text",
    [
        audio("en", 'name = "English"', "default = true"),
        FILE + audio("en", "track = 1") + audio("en", "track = 64", 'name = "x"'),
        STREAM + audio("en", "pid = 16") + audio("de", "pid = 8190"),
        STREAM + audio("en") + audio("de", 'source_language = "deu"'),
        # six renditions and two audios with Dolby are ten tracks
        STREAM + audio("en", "dolby = true") + audio("de", "pid = 33", "dolby = true"),
    ],
)
def test_audios_that_can_arrive_are_accepted(text: str) -> None:
    Stream.model_validate(tomllib.loads(text))


@pytest.mark.parametrize(
    "text",
    [
        "".join(captions("eng", f'name = "{n}"', f"channel = {n}") for n in range(1, 5)),
        captions("eng") + captions("eng", TRACK),
        STREAM + captions("deu", TELETEXT, TRACK, "page = 100"),
        STREAM + captions("deu", TELETEXT, TRACK, "page = 899") + captions("eng", "channel = 4"),
    ],
)
def test_captions_that_can_arrive_are_accepted(text: str) -> None:
    Stream.model_validate(tomllib.loads(text))
