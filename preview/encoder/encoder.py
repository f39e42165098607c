"""MediaLive encoder: one ffmpeg process that encodes a channel's renditions, and its folder."""

import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from preview.encoder.benchmark import BenchmarkResult
from preview.encoder.binaries import last_line
from preview.encoder.chosen_audio import with_source_languages
from preview.encoder.dash import AVAILABILITY_START
from preview.encoder.ffmpeg import command
from preview.encoder.ladder import Ladder
from preview.encoder.source import Footage, Source
from preview.encoder.tracks import Timeline
from preview.local.supervised_process import SupervisedProcess

MEDIA = (".mp4", ".m4s")
"""Suffixes of the files that viewers may fetch: initialization and media segments."""
STARTING_SECONDS = 0.2
"""Approximate time until ffmpeg's first frame."""
SEGMENTS_AHEAD = 3
"""Number of segments available at the start, as if encoding had started earlier.

A player starts three target durations before the end of a playlist (RFC 8216, 6.3.3). If the
playlist is shorter, the player stays closer to the live edge and waits for every segment.
"""


@dataclass(kw_only=True)
class Past:
    """What a channel has sent."""

    encoders: int = 0
    """Number of encoders so far."""
    ended: float = 0.0
    """When the last one was stopped, in epoch seconds: later encoders have no older frames."""


class Encoder:
    """Runs until it is closed or ffmpeg exits."""

    def __init__(
        self,
        *,
        ladder: Ladder,
        footage: Footage | None,
        benchmark: BenchmarkResult,
        folder: Path,
        past: Past,
    ) -> None:
        """Starts it.

        Args:
            ladder: the template's renditions.
            footage: the video file; None: a test pattern.
            benchmark: what this machine can encode.
            folder: the parent of the encoder's folder.
            past: what the channel has sent before.
        """
        # this machine's time, not the account's: players compare it with their own clock
        now, origin = time.time() + STARTING_SECONDS, AVAILABILITY_START.timestamp()
        begins = max(now - SEGMENTS_AHEAD * ladder.segment_seconds, past.ended)
        name = f"segment_{round(begins * 1000)}"
        self.stated = with_source_languages(ladder, footage)
        self.ladder = self.stated.scaled(benchmark.factor)
        self.timeline = Timeline(
            name=name, origin=origin, begins=begins - origin, gaps=past.encoders
        )
        self.folder = folder / name
        self.folder.mkdir(parents=True, exist_ok=True)
        self._log = self.folder / "log"
        source = Source(
            footage=footage,
            clock=benchmark.clock,
            begins=begins,
            ahead=now - begins,
            origin=origin,
            name=name,
        )
        with self._log.open("wb") as log:
            self._process = SupervisedProcess(
                command(self.ladder, source), cwd=self.folder, stdout=log, stderr=log
            )

    def failure(self) -> str | None:
        """Why ffmpeg exited, from its output; None while it runs."""
        code = self._process.poll()
        return None if code is None else f"{last_line(self._log)} (exit code {code})"

    def file(self, name: str) -> bytes | None:
        """A file that viewers may fetch; None if it does not exist.

        Only names that the folder lists are opened, which excludes paths.
        """
        try:
            there = name.endswith(MEDIA) and name in os.listdir(self.folder)  # noqa: PTH208
            return (self.folder / name).read_bytes() if there else None
        except OSError:  # deleted in the meantime
            return None

    def close(self) -> None:
        """Stops ffmpeg and deletes its files."""
        self._process.stop(grace_seconds=0)
        shutil.rmtree(self.folder, ignore_errors=True)
