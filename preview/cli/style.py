"""Layout of the console's lines on a terminal: color, line breaks, and the box with the sign-in."""

import re
import textwrap
from collections.abc import Mapping, Sequence

STAMPED = re.compile(r"(\d\d:\d\d:\d\d )(.*)", re.DOTALL)
"""A line about an event, and its time stamp."""
INDENT = " " * len("hh:mm:ss ")
"""What the further lines of an event begin with."""
NARROWEST = 20
"""The columns for an event in a terminal that has hardly any."""

DIM, RED, GREEN, YELLOW = 2, 31, 32, 33
"""ECMA-48, 8.3.117 (SGR); the terminal decides what they look like on its background."""
COLORS: Mapping[str, int] = {
    **dict.fromkeys(("created", "updated", "deleted", "kept"), DIM),
    **dict.fromkeys(("Ready", "on air", "playing", "signed in", "started"), GREEN),
    **dict.fromkeys(("disabled", "failing", "revoked", "signed out", "stopped"), YELLOW),
    **dict.fromkeys(("Unknown command", "ffmpeg", "no media", "no page", "refused"), RED),
}
"""The color of an event, by the words that it begins with; other events have none."""

FRAMES = ("┌─┐│└┘", "+-+|++")
"""The corners and lines of the box: one for terminals with Unicode, one for others."""


def has_color(variables: Mapping[str, str], *, is_terminal: bool) -> bool:
    """Whether output is colored, given the environment: https://no-color.org/ ."""
    dumb = variables.get("TERM", "dumb") in ("", "dumb")
    return is_terminal and not dumb and not variables.get("NO_COLOR")


def laid_out(text: str, *, width: int, color: bool) -> str:
    """The text, as it appears on a terminal with that many columns.

    Events are broken between words; everything else is printed as it is, and so are the words:
    URLs and commands stay whole, to be copied.
    """
    found = STAMPED.fullmatch(text)
    if not found:
        return text
    stamp, event = found.groups()
    parts = event.split(f"\n{INDENT}")
    first, *rest = [line for part in parts for line in _broken(part, width)]
    if color:
        word = next((word for word in COLORS if first.startswith(word)), "")
        first = f"{_painted(word, COLORS.get(word, 0))}{first.removeprefix(word)}"
        stamp = _painted(stamp, DIM)
    return f"\n{INDENT}".join([f"{stamp}{first}", *rest])


def _broken(line: str, width: int) -> list[str]:
    columns = max(width - len(INDENT), NARROWEST)
    return textwrap.wrap(line, columns, break_long_words=False, break_on_hyphens=False) or [""]


def _painted(text: str, code: int) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if text and code else text


def box(rows: Sequence[tuple[str, str]], *, width: int | None, encoding: str) -> str:
    """The rows of names and values in a box.

    Args:
        rows: a row without a name is a line of its own.
        width: the columns of the terminal; in fewer than the box needs, it has no frame. None: any.
        encoding: of the output; a frame that it cannot represent is drawn in ASCII.
    """
    names = max(len(name) for name, _ in rows)
    lines = [f"{name:{names}}  {value}" if name else value for name, value in rows]
    inside = max(map(len, lines))
    if width is not None and inside + 4 > width:
        return "\n".join(lines)
    left, line, right, side, low_left, low_right = _frame(encoding)
    edge = line * (inside + 2)
    middle = [f"{side} {one:{inside}} {side}" for one in lines]
    return "\n".join([f"{left}{edge}{right}", *middle, f"{low_left}{edge}{low_right}"])


def _frame(encoding: str) -> tuple[str, ...]:
    for frame in FRAMES:
        try:
            frame.encode(encoding)
        except (LookupError, UnicodeEncodeError):
            continue
        return tuple(frame)
    return tuple(FRAMES[-1])
