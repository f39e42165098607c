"""The benchmark finds the frame size that a third of a core can encode."""

import math
from pathlib import Path

import pytest

from preview.encoder import benchmark as module
from preview.encoder.benchmark import (
    BUDGET,
    BenchmarkResult,
    Cost,
    NoPictures,
    affordable,
    benchmark,
)
from preview.encoder.source import Footage, Source
from tests.preview.encoder.resources import two_rungs
from tests.preview.required_programs import needs_ffmpeg


def cost(factor: float) -> Cost:
    """A tenth of a core for any size, plus a whole core for the full size."""
    return Cost(factor=factor, seconds=0.1 + factor**2)


def test_two_costs_separate_the_fixed_part_from_the_rest() -> None:
    factor = affordable([cost(0.25), cost(0.5)], 0.5)
    assert factor == pytest.approx(math.sqrt(0.4))
    assert cost(factor).seconds == pytest.approx(0.5)


def test_one_cost_is_assumed_to_grow_with_the_frame_size() -> None:
    assert affordable([Cost(factor=0.5, seconds=1)], 0.25) == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("seconds", "factor"), [((math.inf,), 0), ((0.1, 0.1), math.inf), ((0.2, 0.1), math.inf)]
)
def test_it_accepts_every_measurement(seconds: tuple[float, ...], factor: float) -> None:
    costs = [
        Cost(factor=size, seconds=one) for size, one in zip((0.25, 0.5), seconds, strict=False)
    ]
    assert affordable(costs, BUDGET) == factor


@pytest.mark.parametrize(
    ("each", "factor"),
    [(0.001, 1.0), (1.0, math.sqrt(1 / 3)), (1000.0, 128 / 180)],
    ids=["never larger than the template's", "as large as possible", "never too small"],
)
def test_the_factor_has_bounds(
    each: float, factor: float, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ladder = two_rungs()
    if each == 1.0:
        ladder = ladder.scaled(4)
    monkeypatch.setattr(
        module,
        "_cost",
        lambda _ladder, size, _source, _folder: Cost(factor=size, seconds=each * size**2),
    )
    expected = max(factor, ladder.smallest_factor)
    assert benchmark(ladder, None, tmp_path).factor == pytest.approx(expected)


def test_without_a_font_there_is_no_clock(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def no_font(_ladder: object, size: float, source: Source, _folder: Path) -> Cost:
        if source.clock:
            raise NoPictures("no font")
        return Cost(factor=size, seconds=size)

    monkeypatch.setattr(module, "_cost", no_font)
    assert benchmark(two_rungs(), None, tmp_path).clock is False


@needs_ffmpeg
def test_it_measures_and_leaves_no_files(tmp_path: Path) -> None:
    found = benchmark(two_rungs(), None, tmp_path)
    assert isinstance(found, BenchmarkResult)
    assert two_rungs().smallest_factor <= found.factor <= 1
    assert list(tmp_path.iterdir()) == []


@needs_ffmpeg
def test_the_error_quotes_ffmpeg(tmp_path: Path) -> None:
    text = tmp_path / "film.mp4"
    text.write_text("no film")
    with pytest.raises(NoPictures, match=r"ffmpeg cannot encode video .*: .*film\.mp4"):
        benchmark(two_rungs(), Footage(path=text), tmp_path)
    assert list(tmp_path.iterdir()) == [text]


@needs_ffmpeg
def test_a_machine_that_is_too_slow_gets_the_smallest_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LONGEST", 0.01)
    assert benchmark(two_rungs(), None, tmp_path).factor == two_rungs().smallest_factor
    assert list(tmp_path.iterdir()) == []
