"""An encoder that exits is restarted, but only a few times."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from preview.encoder import channel as module
from preview.encoder.benchmark import BenchmarkResult
from preview.encoder.channel import A_WHILE, STARTS, Channel
from preview.encoder.encoder import Past
from tests.preview.encoder.resources import two_rungs


class Encoder:
    """An encoder that runs until the test sets `ended`."""

    def __init__(self, *, past: Past, **_: Any) -> None:
        self.before, self.ended, self.closed = past.encoders, False, False

    def failure(self) -> str | None:
        return "no memory (exit code 1)" if self.ended else None

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """This machine's time, as the channel sees it."""
    made = SimpleNamespace(now=1000.0)
    time = SimpleNamespace(monotonic=lambda: made.now, time=lambda: 7 + made.now)
    monkeypatch.setattr(module, "Encoder", Encoder)
    monkeypatch.setattr(module, "time", time)
    return made


def channel(said: list[str], past: Past | None = None) -> Channel:
    return Channel(
        ladder=two_rungs(),
        footage=None,
        benchmark=BenchmarkResult(factor=1, clock=True),
        folder=Path("nowhere"),
        past=past or Past(),
        say=said.append,
    )


def of(kept: Channel) -> Encoder:
    """The channel's encoder, which must exist."""
    assert isinstance(kept.encoder, Encoder)
    return kept.encoder


@pytest.mark.usefixtures("clock")
def test_a_running_encoder_is_kept() -> None:
    said: list[str] = []
    kept = channel(said)
    kept.keep_up()
    first = of(kept)
    kept.keep_up()
    assert of(kept) is first
    assert said == []
    kept.close()
    assert first.closed
    assert kept.encoder is None


def test_an_encoder_that_exits_is_reported_and_restarted(clock: SimpleNamespace) -> None:
    said: list[str] = []
    past = Past(encoders=4, ended=0)
    kept = channel(said, past)
    kept.keep_up()
    first = of(kept)
    first.ended = True
    kept.keep_up()
    assert said == ["ffmpeg exited and is restarted: no memory (exit code 1)"]
    assert first.closed
    assert (first.before, of(kept).before) == (4, 5)
    assert past == Past(encoders=6, ended=7 + clock.now)


def test_the_number_of_restarts_is_limited(clock: SimpleNamespace) -> None:
    said: list[str] = []
    kept = channel(said)
    started = 0
    for _ in range(100):
        kept.keep_up()
        if kept.encoder is not None:
            started += 1
            of(kept).ended = True
        clock.now += 0.5
    assert started == STARTS
    assert len(said) == STARTS
    clock.now += A_WHILE
    kept.keep_up()
    assert kept.encoder is not None
