"""ffmpeg command line: encodes all renditions of a ladder, as CMAF segments in a folder."""

import math
from collections.abc import Iterator, Sequence
from itertools import count, groupby

from preview.encoder.chosen_audio import ChosenAudio, chosen_audio
from preview.encoder.codecs import VIDEO_CODECS, encoder_options
from preview.encoder.ladder import Ladder, Rendition
from preview.encoder.source import Source

MANIFEST = "broadcast.mpd"
"""ffmpeg's MPD of its segments; viewers' manifests are derived from it."""
LONGEST_SLEEP = 30 * 24 * 3600
"""Seconds that this machine may sleep; missed frames are encoded when it wakes."""
LATE_SECONDS = 60
"""How long a segment stays in the folder after it has left the DVR window."""
TONES = (880, 660, 1100, 440, 1320, 550, 990, 770)
"""Hertz of the beeps that replace each audio rendition; from the ninth on, they repeat."""
BEEP = (
    "sine=frequency={tone}:sample_rate={rate},volume=eval=frame:volume=lt(mod(t+{late}\\,1)\\,0.1)"
)
SILENCE = "anullsrc=sample_rate={rate}:channel_layout=stereo"


def command(ladder: Ladder, source: Source) -> list[str]:
    """The command line; it writes into its working directory.

    Every file is first written under a temporary name, so that readers never see a partial file.
    GOPs are closed and equally long in every rendition, regardless of the content, so that a player
    can switch at any segment.
    """
    audios = chosen_audio(ladder, source.footage)
    return [
        *("ffmpeg", "-hide_banner", "-nostdin", "-nostats", "-loglevel", "error"),
        *([] if source.seconds is None else ["-benchmark", "-loglevel", "info"]),
        *_inputs(ladder, source, audios),
        *("-filter_complex_threads", "1", "-filter_complex", _filters(ladder, source, audios)),
        *_videos(ladder),
        *_audios(audios),
        *([] if source.seconds is None else ["-t", f"{source.seconds:g}"]),
        *("-output_ts_offset", f"{source.begins - source.origin:.3f}"),
        *_cut(ladder, source.name),
        *("-adaptation_sets", adaptation_sets(ladder)),
        MANIFEST,
    ]


def _inputs(ladder: Ladder, source: Source, audios: Sequence[ChosenAudio]) -> Iterator[str]:
    """The source, and what replaces each audio that it does not have."""
    if source.footage:
        yield from () if source.footage.is_live else ("-stream_loop", "-1")
        yield from ("-i", str(source.footage.path))
    else:
        top = _largest(ladder)
        picture = f"testsrc2=size={top.width}x{top.height}:rate={ladder.frames_per_second}"
        yield from ("-f", "lavfi", "-i", picture)
    for index, audio in enumerate(audios):
        if audio.stream is None:
            yield from ("-f", "lavfi", "-i", _replacement(audio, TONES[index % len(TONES)], source))


def _replacement(audio: ChosenAudio, tone: int, source: Source) -> str:
    rate = audio.sound.samples_per_second
    if audio.is_silent:
        return SILENCE.format(rate=rate)
    return BEEP.format(tone=tone, rate=rate, late=f"{source.begins % 1:.3f}")


def _filters(ladder: Ladder, source: Source, audios: Sequence[ChosenAudio]) -> str:
    """Draws the time on frames of the largest size, then scales them for each rendition.

    Where sizes are rounded, pixels are not exactly square, to keep the display aspect ratio.
    """
    top, copied = _largest(ladder), len(ladder.renditions)
    steps = [*_fitted(ladder, top)] if source.footage else []
    if source.seconds is None:
        steps += _paced(ladder, source)
    steps.append("format=yuv420p")
    if source.clock:
        steps.append(_clock(source.begins))
    copies = "".join(f"[copy{index}]" for index in range(copied))
    scaled = [
        f"[copy{index}]scale={one.width}:{one.height}:flags=fast_bilinear[video{index}]"
        for index, one in enumerate(ladder.renditions)
    ]
    pictures = f"[0:v:0]{','.join(steps)},split={copied}{copies}"
    return ";".join([pictures, *scaled, *_audio_filters(audios)])


def _audio_filters(audios: Sequence[ChosenAudio]) -> Iterator[str]:
    """One for each audio that is encoded; the first input is the source."""
    replacements = count(1)
    for index, audio in enumerate(audios):
        if not audio.is_copied:
            place = f"0:{audio.stream.index}" if audio.stream else f"{next(replacements)}:a:0"
            yield f"[{place}]aresample=async=1:first_pts=0[audio{index}]"


def _largest(ladder: Ladder) -> Rendition:
    return max(ladder.renditions, key=lambda one: one.height)


def _fitted(ladder: Ladder, top: Rendition) -> Sequence[str]:
    """Converts any video to the stream's frame rate and size, with bars if its shape differs."""
    size = f"{top.width}:{top.height}"
    return (
        f"fps={ladder.frames_per_second}",
        f"scale={size}:force_original_aspect_ratio=decrease:flags=fast_bilinear",
        f"pad={size}:-1:-1",
        "setsar=1",
    )


def _paced(ladder: Ladder, source: Source) -> Sequence[str]:
    """Outputs frames in real time, except for the first `ahead` seconds.

    The filter delays frames relative to the first frame. With the first timestamp set `ahead`
    seconds later, the next frames are late and not delayed; after that, each frame is on time.
    After the machine has slept, ffmpeg also encodes the missed frames without delay.
    """
    time = f"N/({ladder.frames_per_second})/TB"
    return (
        rf"setpts={time}+eq(N\,0)*{source.ahead:.3f}/TB",
        f"realtime=limit={LONGEST_SLEEP}",
        f"setpts={time}",
    )


def _clock(begins: float) -> str:
    """Draws the frame's time, as in the manifests, not the time of its encoding."""
    text = rf"%{{pts\:gmtime\:{begins:.3f}}} UTC"
    place = "x=(w-text_w)/2:y=h-2*text_h:fontsize=h/12"
    return f"drawtext=text='{text}':{place}:fontcolor=white:box=1:boxcolor=black:boxborderw=4"


def _videos(ladder: Ladder) -> Iterator[str]:
    """Each rendition in its codec."""
    for index, one in enumerate(ladder.renditions):
        codec = VIDEO_CODECS[one.codec]
        rate = str(one.bitrate)
        options = {
            **{"c": codec.encoder, "b": rate, "maxrate": rate, "bufsize": rate},
            **codec.options(one, ladder.gop_frames),
        }
        yield from ("-map", f"[video{index}]")
        for name, value in options.items():
            yield from (f"-{name}:v:{index}", value)
    yield from ("-preset", "ultrafast", "-threads:v", "1")


def _audios(audios: Sequence[ChosenAudio]) -> Iterator[str]:
    """Each audio rendition in its codec."""
    for index, audio in enumerate(audios):
        copied = f"0:{audio.stream.index}" if audio.stream and audio.is_copied else ""
        yield from ("-map", copied or f"[audio{index}]")
        for name, value in ({"c": "copy"} if copied else encoder_options(audio.sound)).items():
            yield from (f"-{name}:a:{index}", value)
        if audio.sound.language:
            yield from (f"-metadata:s:a:{index}", f"language={audio.sound.language}")


def _cut(ladder: Ladder, name: str) -> Iterator[str]:
    """CMAF tracks with the media time in `tfdt`, too (frag_discont), one file per segment."""
    yield from ("-f", "dash", "-seg_duration", f"{ladder.segment_seconds:.6f}")
    yield from ("-use_template", "1", "-use_timeline", "1", "-streaming", "0", "-ldash", "0")
    yield from ("-window_size", str(ladder.window_segments))
    yield from ("-extra_window_size", str(math.ceil(LATE_SECONDS / ladder.segment_seconds)))
    yield from ("-format_options", "movflags=+cmaf+frag_discont")
    yield from ("-init_seg_name", f"{name}_$RepresentationID$_init.mp4")
    yield from ("-media_seg_name", f"{name}_$RepresentationID$_$Number$.m4s")


def adaptation_sets(ladder: Ladder) -> str:
    """The DASH muxer's option: one set for each video codec, as players switch only in it.

    Each audio has a set of its own, as a viewer chooses between them (ISO/IEC 23009-1, 5.3.3).
    """
    videos = sorted(enumerate(ladder.renditions), key=lambda numbered: numbered[1].codec)
    sets = [
        ",".join(str(index) for index, _ in numbered)
        for _, numbered in groupby(videos, key=lambda numbered: numbered[1].codec)
    ]
    sets += [str(len(ladder.renditions) + index) for index in range(len(ladder.sounds))]
    return " ".join(f"id={number},streams={streams}" for number, streams in enumerate(sets))
