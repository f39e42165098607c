"""The page's colors: what WCAG requires holds for every accent and background."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from protected_stream.page.colors import (
    DEFAULT_ACCENT,
    DEFAULT_BACKGROUND,
    PART_CONTRAST,
    TEXT_CONTRAST,
    contrast,
    palette,
)

COLORS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
TEXTS = (
    ("--text", "--ground"),
    ("--text", "--raised"),
    ("--quiet", "--ground"),
    ("--quiet", "--raised"),
    ("--link", "--ground"),
    ("--on-accent", "--accent"),
)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.478),
        ("#767676", "#ffffff", 4.542),
        ("#ff0000", "#ffffff", 3.998),
        ("#7cc4ff", "#7cc4ff", 1.0),
    ],
)
def test_contrast_is_wcag_s(one: str, other: str, ratio: float) -> None:
    """The ratios are those of https://webaim.org/resources/contrastchecker/, with more digits."""
    assert contrast(one, other) == pytest.approx(ratio, abs=0.001)
    assert contrast(other, one) == contrast(one, other)


@given(accent=COLORS, background=COLORS)
@example(accent=DEFAULT_ACCENT, background=DEFAULT_BACKGROUND)
@example(accent="#767676", background="#757575")
@example(accent="#000000", background="#ffffff")
@example(accent="#ffffff", background="#000000")
def test_text_can_be_read_on_every_background(accent: str, background: str) -> None:
    colors = palette(accent, background)
    ratios = {pair: contrast(*(colors[name] for name in pair)) for pair in TEXTS}
    assert {pair: ratio for pair, ratio in ratios.items() if ratio < TEXT_CONTRAST} == {}
    assert contrast(colors["--accent-on-video"], "#000000") >= PART_CONTRAST
    assert (colors["--accent"], colors["--ground"]) == (accent, background)


def test_an_accent_is_lightened_for_the_video_only_as_far_as_needed() -> None:
    assert palette("#ff8800", "#000000")["--accent-on-video"] == "#ff8800"
    lightened = palette("#0000aa", "#ffffff")["--accent-on-video"]
    assert PART_CONTRAST <= contrast(lightened, "#000000") < PART_CONTRAST + 0.1


@pytest.mark.parametrize(
    ("background", "scheme"), [("#ffffff", "light"), ("#f4f1ea", "light"), ("#101820", "dark")]
)
def test_a_background_is_dark_or_light(background: str, scheme: str) -> None:
    assert palette("#cc0000", background)["color-scheme"] == scheme


def test_without_colors_the_page_looks_as_before() -> None:
    assert palette(DEFAULT_ACCENT, DEFAULT_BACKGROUND) == {
        "--ground": "#0d1014",
        "--raised": "#1a2027",
        "--line": "#39424d",
        "--text": "#e9edf1",
        "--quiet": "#a9b4c0",
        "--accent": "#7cc4ff",
        "--on-accent": "#06121c",
        "--accent-on-video": "#7cc4ff",
        "--link": "#7cc4ff",
        "color-scheme": "dark",
    }
