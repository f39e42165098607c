"""ffmpeg command line: encodes all renditions of a ladder, as CMAF segments in a folder."""

import math
from collections.abc import Iterator, Sequence

from preview.encoder.ladder import Ladder, Rendition
from preview.encoder.source import Source

MANIFEST = "broadcast.mpd"
"""ffmpeg's MPD of its segments; viewers' manifests are derived from it."""
LONGEST_SLEEP = 30 * 24 * 3600
"""Seconds that this machine may sleep; missed frames are encoded when it wakes."""
LATE_SECONDS = 60
"""How long a segment stays in the folder after it has left the DVR window."""
# Profile features that ultrafast turns off: https://www.itu.int/rec/T-REC-H.264, annex A
PROFILES = {"BASELINE": "cabac=0", "MAIN": "cabac=1", "HIGH": "cabac=1:8x8dct=1"}
BEEP = "sine=frequency=880:sample_rate={rate},volume=eval=frame:volume=lt(mod(t+{late}\\,1)\\,0.1)"


def command(ladder: Ladder, source: Source) -> list[str]:
    """The command line; it writes into its working directory.

    Every file is first written under a temporary name, so that readers never see a partial file.
    GOPs are closed and equally long in every rendition, regardless of the content, so that a player
    can switch at any segment.
    """
    return [
        *("ffmpeg", "-hide_banner", "-nostdin", "-nostats", "-loglevel", "error"),
        *([] if source.seconds is None else ["-benchmark", "-loglevel", "info"]),
        *_inputs(ladder, source),
        *("-filter_complex_threads", "1", "-filter_complex", _filters(ladder, source)),
        *_streams(ladder),
        *([] if source.seconds is None else ["-t", f"{source.seconds:g}"]),
        *("-output_ts_offset", f"{source.begins - source.origin:.3f}"),
        *_cut(ladder, source.name),
        MANIFEST,
    ]


def _inputs(ladder: Ladder, source: Source) -> Iterator[str]:
    if source.footage:
        yield from () if source.footage.is_live else ("-stream_loop", "-1")
        yield from ("-i", str(source.footage.path))
    else:
        top = _largest(ladder)
        picture = f"testsrc2=size={top.width}x{top.height}:rate={ladder.frames_per_second}"
        yield from ("-f", "lavfi", "-i", picture)
    if not (source.footage and source.footage.has_sound):
        beep = BEEP.format(rate=ladder.sound.samples_per_second, late=f"{source.begins % 1:.3f}")
        yield from ("-f", "lavfi", "-i", beep)


def _filters(ladder: Ladder, source: Source) -> str:
    """Draws the time on frames of the largest size, then scales them for each rendition.

    Where sizes are rounded, pixels are not exactly square, to keep the display aspect ratio.
    """
    top, count = _largest(ladder), len(ladder.renditions)
    steps = [*_fitted(ladder, top)] if source.footage else []
    if source.seconds is None:
        steps += _paced(ladder, source)
    steps.append("format=yuv420p")
    if source.clock:
        steps.append(_clock(source.begins))
    copies = "".join(f"[copy{index}]" for index in range(count))
    scaled = [
        f"[copy{index}]scale={one.width}:{one.height}:flags=fast_bilinear[video{index}]"
        for index, one in enumerate(ladder.renditions)
    ]
    has_sound = source.footage and source.footage.has_sound
    sound = f"[{0 if has_sound else 1}:a:0]aresample=async=1:first_pts=0[audio]"
    return ";".join([f"[0:v:0]{','.join(steps)},split={count}{copies}", *scaled, sound])


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


def _streams(ladder: Ladder) -> Iterator[str]:
    """H.264 for each rendition, and AAC."""
    gop = str(ladder.gop_frames)
    for index, one in enumerate(ladder.renditions):
        yield from ("-map", f"[video{index}]", f"-b:v:{index}", str(one.bitrate))
        yield from (f"-maxrate:v:{index}", str(one.bitrate), f"-bufsize:v:{index}")
        yield from (str(one.bitrate), f"-x264-params:v:{index}", PROFILES.get(one.profile, ""))
    yield from ("-c:v", "libx264", "-preset", "ultrafast", "-threads:v", "1")
    yield from ("-g", gop, "-keyint_min", gop, "-sc_threshold", "0", "-flags:v", "+cgop")
    yield from ("-map", "[audio]", "-c:a", "aac", "-b:a", str(ladder.sound.bitrate), "-ac", "2")
    yield from ("-ar", str(ladder.sound.samples_per_second))
    if ladder.sound.language:
        yield from ("-metadata:s:a:0", f"language={ladder.sound.language}")


def _cut(ladder: Ladder, name: str) -> Iterator[str]:
    """CMAF tracks with the media time in `tfdt`, too (frag_discont), one file per segment."""
    yield from ("-f", "dash", "-seg_duration", f"{ladder.segment_seconds:.6f}")
    yield from ("-use_template", "1", "-use_timeline", "1", "-streaming", "0", "-ldash", "0")
    yield from ("-window_size", str(ladder.window_segments))
    yield from ("-extra_window_size", str(math.ceil(LATE_SECONDS / ladder.segment_seconds)))
    yield from ("-adaptation_sets", "id=0,streams=v id=1,streams=a")
    yield from ("-format_options", "movflags=+cmaf+frag_discont")
    yield from ("-init_seg_name", f"{name}_$RepresentationID$_init.mp4")
    yield from ("-media_seg_name", f"{name}_$RepresentationID$_$Number$.m4s")
