"""The page's CSS colors, computed from an accent and a background; WCAG contrast.

Whatever the two colors are, the computed ones have the contrast that text needs. Only the two
themselves can be too similar: `contrast` measures them, and the stream file is refused.

Source: Web Content Accessibility Guidelines (WCAG) 2.2, success criteria 1.4.3 and 1.4.11, and the
definitions of contrast ratio and relative luminance.
"""

import re
from collections.abc import Callable, Iterator, Mapping

Rgb = tuple[int, int, int]

WHITE: Rgb = (255, 255, 255)
BLACK: Rgb = (0, 0, 0)
TEXT_CONTRAST = 4.5
"""What text needs against what is behind it."""
PART_CONTRAST = 3.0
"""What a focus ring, an icon or a slider needs against what is behind it."""
PERCENT = 100

DEFAULT_ACCENT = "#7cc4ff"
DEFAULT_BACKGROUND = "#0d1014"
# chosen by eye: the colors of a page that names none
DEFAULT_SURFACES = {
    "--ground": DEFAULT_BACKGROUND,
    "--raised": "#1a2027",
    "--line": "#39424d",
    "--text": "#e9edf1",
    "--quiet": "#a9b4c0",
}
DEFAULT_ON_ACCENT = "#06121c"


def palette(accent: str, background: str) -> Mapping[str, str]:
    """The CSS variables of the page, and `color-scheme`, by name.

    Args:
        accent: the color of buttons, links, sliders and focus rings, as #rrggbb.
        background: the color of the page, as #rrggbb.
    """
    surfaces = DEFAULT_SURFACES if background == DEFAULT_BACKGROUND else _surfaces(background)
    on_accent = DEFAULT_ON_ACCENT if accent == DEFAULT_ACCENT else _hex(_pole(_rgb(accent)))
    ground, text = _rgb(surfaces["--ground"]), _rgb(surfaces["--text"])
    return {
        **surfaces,
        "--accent": accent,
        "--on-accent": on_accent,
        "--accent-on-video": _hex(
            _first(_mixes(_rgb(accent), WHITE), lambda one: _ratio(one, BLACK) >= PART_CONTRAST)
        ),
        "--link": _hex(
            _first(_mixes(_rgb(accent), text), lambda one: _ratio(one, ground) >= TEXT_CONTRAST)
        ),
        "color-scheme": "dark" if _pole(ground) == WHITE else "light",
    }


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colors in #rrggbb, from 1 (equal) to 21 (black and white)."""
    return _ratio(_rgb(one), _rgb(other))


def _surfaces(background: str) -> Mapping[str, str]:
    """The page's colors without the accent: each is a mix of the background with white or black."""
    ground = _rgb(background)
    pole = _pole(ground)
    other = BLACK if pole == WHITE else WHITE
    # buttons and menus lie on the background: nearer to the text, unless that is too near
    raised = _first(
        (_mix(ground, pole, 6), *_mixes(ground, other)),
        lambda one: _ratio(one, pole) >= TEXT_CONTRAST,
    )

    def readable(softest: int) -> Rgb:
        return _first(
            (_mix(pole, ground, percent) for percent in range(softest, -1, -1)),
            lambda one: min(_ratio(one, ground), _ratio(one, raised)) >= TEXT_CONTRAST,
        )

    return {
        "--ground": background,
        "--raised": _hex(raised),
        "--line": _hex(_mix(ground, pole, 20)),
        "--text": _hex(readable(softest=8)),
        "--quiet": _hex(readable(softest=30)),
    }


def _pole(color: Rgb) -> Rgb:
    """White or black: the one that is easier to read on the color, at a ratio of at least 4.58."""
    return max((WHITE, BLACK), key=lambda pole: _ratio(pole, color))


def _mixes(color: Rgb, other: Rgb) -> Iterator[Rgb]:
    """The color, then with more and more of the other in it."""
    return (_mix(color, other, percent) for percent in range(PERCENT + 1))


def _first(colors: Iterator[Rgb] | tuple[Rgb, ...], fits: Callable[[Rgb], bool]) -> Rgb:
    return next(color for color in colors if fits(color))


def _mix(color: Rgb, other: Rgb, percent: int) -> Rgb:
    """The color with that much of the other in it."""
    red, green, blue = (
        round((one * (PERCENT - percent) + two * percent) / PERCENT)
        for one, two in zip(color, other, strict=True)
    )
    return (red, green, blue)


def _ratio(one: Rgb, other: Rgb) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: Rgb) -> float:
    """Relative luminance, from 0 (black) to 1 (white)."""
    red, green, blue = (_linear(part / 255) for part in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _rgb(text: str) -> Rgb:
    red, green, blue = (int(part, 16) for part in re.findall("[0-9a-fA-F]{2}", text))
    return (red, green, blue)


def _hex(color: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color)
