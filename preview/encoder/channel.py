"""A MediaLive channel on air: an encoder that is started again when it ends by itself."""

import time
from collections.abc import Callable
from pathlib import Path

from preview.encoder.benchmark import BenchmarkResult
from preview.encoder.encoder import Encoder, Past
from preview.encoder.ladder import Ladder
from preview.encoder.source import Footage

STARTS = 3
"""How often an encoder is started within a while."""
A_WHILE = 60.0
"""Seconds."""


class Channel:
    """One channel with pictures."""

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
            ladder: what the template asks for.
            footage: what is shown, if not a test picture.
            benchmark: what this machine can do.
            folder: where its encoders make their folders.
            past: what it has sent when it was on air before; it is kept up to date.
            say: takes a sentence when an encoder ends by itself.
        """
        self.ladder = ladder
        self.encoder: Encoder | None = None
        self._footage, self._benchmark, self._past = footage, benchmark, past
        self._folder, self._say = folder, say
        self._starts: list[float] = []

    def keep_up(self) -> None:
        """Starts an encoder when there is none, but not over and over."""
        if self.encoder is not None and (failure := self.encoder.failure()) is not None:
            self._say(f"ffmpeg has ended by itself and is started again: {failure}")
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
        """Ends the encoder: from this moment nothing is served."""
        ended, self.encoder = self.encoder, None
        if ended is not None:
            ended.close()
            self._past.ended = time.time()
