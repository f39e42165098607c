"""SVG elements, and the width of text, for pictures that need no program to look right."""

from html import escape

FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif"
INK, GRAY, LINE, PAPER = "#16202e", "#5b6675", "#d5dbe3", "#ffffff"

WIDTHS = {
    **dict.fromkeys("ijl'|", 0.222),
    **dict.fromkeys("ft.,:;/!I[] \u00b7", 0.278),
    **dict.fromkeys("()-r", 0.333),
    **dict.fromkeys("ckszJvxy", 0.5),
    **dict.fromkeys("ABEKPSVXY&", 0.667),
    **dict.fromkeys("CDHNRUw", 0.722),
    **dict.fromkeys("GOQ", 0.778),
    **dict.fromkeys("FTZ", 0.611),
    **dict.fromkeys("mM", 0.833),
    **dict.fromkeys("@\u2192\u2026", 1.0),
    "W": 0.944,
    "%": 0.889,
}
"""Of Helvetica, in parts of the font's size; other characters are 0.556 wide.

Source: Adobe Font Metrics of Helvetica. Arial and Liberation Sans have the same widths.
"""
BOLD = 1.08
"""How much wider bold text is, at most, on average."""


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a line of text is, in pixels."""
    width = sum(WIDTHS.get(character, 0.556) for character in text) * size
    return width * BOLD if bold else width


def shortened(text: str, width: float, size: float) -> str:
    """The text, or as much of it as fits with an ellipsis."""
    if text_width(text, size) <= width:
        return text
    while text and text_width(f"{text}\u2026", size) > width:
        text = text[:-1]
    return f"{text.rstrip()}\u2026"


def element(name: str, content: str = "", /, **attributes: object) -> str:
    """An element; underscores in names of attributes stand for hyphens, class_ for class."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_plain(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{given}>{content}</{name}>" if content else f"<{name}{given}/>"


def text(
    x: float,
    y: float,
    content: str,
    size: float,
    *,
    fill: str = INK,
    anchor: str = "start",
    bold: bool = False,
    **attributes: object,
) -> str:
    """A line of text whose baseline is at y."""
    return element(
        "text",
        escape(content),
        x=x,
        y=y,
        font_size=size,
        fill=fill,
        text_anchor=None if anchor == "start" else anchor,
        font_weight="bold" if bold else None,
        **attributes,
    )


def picture(width: float, height: float, title: str, content: list[str]) -> str:
    """The whole file."""
    parts = [
        element("title", escape(title)),
        element("rect", width=width, height=height, fill=PAPER),
        *content,
    ]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_plain(width)} {_plain(height)}" '
        f'width="{_plain(width)}" height="{_plain(height)}" font-family="{FONT}" role="img">'
    )
    return "\n".join((head, *parts, "</svg>", ""))


def _plain(value: object) -> str:
    """Numbers with at most two digits after the point, the same on every machine."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
