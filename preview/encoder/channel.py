"""MediaLive channel on air: an encoder that is restarted if it exits."""

import time
from collections.abc import Callable
from pathlib import Path

from preview.encoder.benchmark import BenchmarkResult
from preview.encoder.encoder import Encoder, Past
from preview.encoder.ladder import Ladder
from preview.encoder.source import Footage

STARTS = 3
"""Maximum number of encoder starts within `A_WHILE`."""
A_WHILE = 60.0
"""Seconds."""


class Channel:
    """One channel and its encoder."""

    def __init__(
        self,
        *,
        ladder: Ladder,
        footage: Footage | None,
        benchmark: BenchmarkResult,
        folder: Path,
        past: Past,
        say: Callable[[str], None],
    ) -> None:
        """A channel without an encoder yet.

        Args:
            ladder: the template's renditions.
            footage: the video file; None: a test pattern.
            benchmark: what this machine can encode.
            folder: the parent of the encoders' folders.
            past: what the channel has sent before; it is kept up to date.
            say: prints a line when an encoder exits.
        """
        self.ladder = ladder
        self.encoder: Encoder | None = None
        self._footage, self._benchmark, self._past = footage, benchmark, past
        self._folder, self._say = folder, say
        self._starts: list[float] = []

    def keep_up(self) -> None:
        """Starts an encoder if none runs, up to `STARTS` times within `A_WHILE`."""
        if self.encoder is not None and (failure := self.encoder.failure()) is not None:
            self._say(f"ffmpeg exited and is restarted: {failure}")
            self.close()
        now = time.monotonic()
        self._starts = [start for start in self._starts if now - start < A_WHILE]
        if self.encoder is None and len(self._starts) < STARTS:
            self._starts.append(now)
            self.encoder = Encoder(
                ladder=self.ladder,
                footage=self._footage,
                benchmark=self._benchmark,
                folder=self._folder,
                past=self._past,
            )
            self._past.encoders += 1

    def close(self) -> None:
        """Stops the encoder; nothing is served from then on."""
        ended, self.encoder = self.encoder, None
        if ended is not None:
            ended.close()
            self._past.ended = time.time()
