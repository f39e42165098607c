"""One ffmpeg that makes a channel's renditions, and the folder that it writes them into."""

import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from preview.encoder.benchmark import BenchmarkResult
from preview.encoder.binaries import last_line
from preview.encoder.dash import AVAILABILITY_START
from preview.encoder.ffmpeg import command
from preview.encoder.ladder import Ladder
from preview.encoder.source import Footage, Source
from preview.encoder.tracks import Timeline
from preview.local.supervised_process import SupervisedProcess

MEDIA = (".mp4", ".m4s")
"""How the names of files end that viewers may have: initialization and media segments."""
STARTING_SECONDS = 0.2
"""About how long it takes until the first frame comes out of ffmpeg."""
SEGMENTS_AHEAD = 3
"""How many segments there are from the beginning, as if it had begun earlier.

A player begins three target durations before the end of a playlist (RFC 8216, 6.3.3), and one that
begins nearer to it, since there is no more, stays there and waits for every segment.
"""


@dataclass(kw_only=True)
class Past:
    """What a channel has sent."""

    encoders: int = 0
    """How many encoders it has had."""
    ended: float = 0.0
    """When the last one was ended, in epoch seconds: no other's pictures are older."""


class Encoder:
    """Runs from the beginning until it is closed, or ends for a reason of its own."""

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
            ladder: what the template asks for.
            footage: what is shown, if not a test picture.
            benchmark: what this machine can do.
            folder: where it makes a folder of its own.
            past: what the channel has sent before.
        """
        # in this machine's time, not the account's: it is players that compare it with theirs
        now, origin = time.time() + STARTING_SECONDS, AVAILABILITY_START.timestamp()
        begins = max(now - SEGMENTS_AHEAD * ladder.segment_seconds, past.ended)
        name = f"segment_{round(begins * 1000)}"
        self.ladder = ladder.scaled(benchmark.factor)
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
        """Why it has ended, in ffmpeg's words; None while it runs."""
        code = self._process.poll()
        return None if code is None else f"{last_line(self._log)} (exit code {code})"

    def file(self, name: str) -> bytes | None:
        """A file that viewers may have; None when there is none of that name.

        Only what the folder lists is opened: a name that is a path is in no folder.
        """
        try:
            there = name.endswith(MEDIA) and name in os.listdir(self.folder)  # noqa: PTH208
            return (self.folder / name).read_bytes() if there else None
        except OSError:  # deleted in this moment
            return None

    def close(self) -> None:
        """Ends it and deletes its files."""
        self._process.stop(grace_seconds=0)
        shutil.rmtree(self.folder, ignore_errors=True)
