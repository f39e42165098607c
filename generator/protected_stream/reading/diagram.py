"""Diagram of an emitted template, as SVG and as Mermaid."""

from collections.abc import Iterator, Mapping
from typing import Any

from protected_stream.reading.connections import Connection, Kind
from protected_stream.reading.diagram_cards import Card, Picture, picture_of, said
from protected_stream.reading.diagram_layout import (
    MARGIN,
    PADDING,
    Arrow,
    Box,
    Layout,
    Point,
    Words,
    card_lines,
    layout_of,
)
from protected_stream.reading.svg import GRAY, INK, LINE, PAPER, element, picture, text

COLORS: Mapping[Kind, str] = {
    "media": "#c2410c",
    "origin": "#2563c9",
    "trigger": "#b45309",
    "policy": "#7c3aed",
}
MEANINGS: Mapping[Kind, str] = {
    "media": "video, page and sign-in",
    "origin": "CloudFront's origin",
    "trigger": "starts or asks",
    "policy": "policy, role or key allows",
}
LEGEND_STEP = 230


def as_svg(document: Mapping[str, Any]) -> str:
    """The picture; the same template gives the same bytes.

    Every connection is in the attribute `data-connections` of what is drawn for it.
    """
    drawn = picture_of(document)
    layout = layout_of(drawn)
    name = str(document["Metadata"]["Generator"]["Name"])
    count = len(document["Resources"])
    start = "the camera" if "camera" in layout.boxes else "an origin on the air"
    content = [
        element("defs", "".join(_markers())),
        text(MARGIN, 44, f"Protected stream \u201c{name}\u201d", 24, bold=True),
        text(MARGIN, 68, f"{count} resources, from {start} to the viewer", 14, fill=GRAY),
        *_legend(layout),
        *(_line(one) for one in layout.arrows),
        *(part for card in drawn.cards for part in _card(card, layout)),
        *(part for one in layout.arrows for part in _labels(one)),
    ]
    return picture(layout.width, layout.height, f"Protected stream {name}", content)


def _markers() -> Iterator[str]:
    for kind, color in COLORS.items():
        shape = element("path", d="M0 0L8 4L0 8z", fill=color)
        yield element(
            "marker",
            shape,
            id=f"{kind}-end",
            viewBox="0 0 8 8",
            refX=7,
            refY=4,
            markerWidth=9,
            markerHeight=9,
            markerUnits="userSpaceOnUse",
            orient="auto-start-reverse",
        )


def _legend(layout: Layout) -> Iterator[str]:
    y = layout.height - 26
    for number, (kind, meaning) in enumerate(MEANINGS.items()):
        x = MARGIN + number * LEGEND_STEP
        yield element("path", d=f"M{x} {y - 4}H{x + 28}", **_stroke(kind))
        yield text(x + 38, y, meaning, 12, fill=GRAY)


def _stroke(kind: Kind) -> dict[str, object]:
    return {
        "stroke": COLORS[kind],
        "fill": "none",
        "stroke_width": 3 if kind == "media" else 2,
        "stroke_dasharray": "5 4" if kind == "policy" else None,
    }


def _line(arrow: Arrow) -> str:
    kind = min((one.kind for one in arrow.connections), key=list(COLORS).index)
    leading = [one for one in arrow.connections if one.kind == kind]
    return element(
        "path",
        d=_rounded(arrow.points),
        marker_end=f"url(#{kind}-end)" if arrow.forward else None,
        marker_start=f"url(#{kind}-end)" if arrow.backward else None,
        data_connections=_listed(arrow.connections),
        data_kind=leading[0].kind,
        **_stroke(kind),
    )


def _rounded(points: tuple[Point, ...]) -> str:
    """The path, with round corners."""
    parts = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        start, end = _toward(corner, before), _toward(corner, after)
        parts.append(f"L{start[0]:.1f} {start[1]:.1f}")
        parts.append(f"Q{corner[0]:.1f} {corner[1]:.1f} {end[0]:.1f} {end[1]:.1f}")
    parts.append(f"L{points[-1][0]:.1f} {points[-1][1]:.1f}")
    return "".join(parts)


def _toward(corner: Point, other: Point) -> Point:
    """A point near the corner on the way to the other one."""
    x, y = other[0] - corner[0], other[1] - corner[1]
    length = abs(x) + abs(y)
    part = min(8.0, length / 2) / length if length else 0
    return corner[0] + x * part, corner[1] + y * part


def _listed(found: tuple[Connection, ...]) -> str:
    return "; ".join(f"{one.kind} {one.source} > {one.target}: {one.what}" for one in found)


def _card(card: Card, layout: Layout) -> Iterator[str]:
    box = layout.boxes[card.key]
    yield element(
        "rect",
        x=box.x,
        y=box.y,
        width=box.width,
        height=box.height,
        rx=10,
        fill="#fbfcfe",
        stroke=LINE,
        stroke_width=1.5,
        data_card=card.key,
        data_connections=_listed(card.inner) or None,
    )
    bar = f"M{box.x + 10} {box.y}H{box.right - 10}"
    yield element("path", d=bar, stroke=card.place.color, stroke_width=4)
    title, service, *small = layout.lines[card.key]
    yield _words(title, INK)
    yield _words(service, card.place.color)
    for words, line in zip(small, card_lines(card), strict=True):
        if line.kind and line.is_first:
            mark = COLORS[line.kind]
            yield element("circle", cx=box.x + PADDING + 3, cy=words.box.y + 8, r=3, fill=mark)
        yield _words(words, INK if line.kind else GRAY)


def _labels(arrow: Arrow) -> Iterator[str]:
    kinds = [kind for kind in COLORS if any(one.kind == kind for one in arrow.connections)]
    for number, words in enumerate(arrow.labels):
        is_policy = words.text.startswith("may ") or kinds == ["policy"]
        yield _behind(words.box)
        yield _words(words, COLORS["policy" if is_policy else kinds[min(number, len(kinds) - 1)]])


def _behind(box: Box) -> str:
    """Paper behind a label, so that no line runs through it."""
    return element("rect", x=box.x - 2, y=box.y, width=box.width + 4, height=box.height, fill=PAPER)


def _words(words: Words, fill: str) -> str:
    y = words.box.y + words.size
    return text(words.box.x, y, words.text, words.size, fill=fill, bold=words.bold)


def as_mermaid(document: Mapping[str, Any]) -> str:
    """The same as a flowchart of Mermaid: each resource with a connection is a node."""
    drawn = picture_of(document)
    name = str(document["Metadata"]["Generator"]["Name"])
    lines = ["---", f"title: Protected stream {name}", "---", "flowchart LR"]
    connected = _connected(drawn)
    for card in drawn.cards:
        names = [one for one in (*card.resources, *card.outside) if one in connected]
        if names:
            title = ": ".join(filter(None, (card.place.title, card.service)))
            lines.append(f'  subgraph card_{_identifier(card.key)}["{title}"]')
            lines += [f'    {_identifier(one)}["{said(one)}"]' for one in names]
            lines.append("  end")
    for one in _all(drawn):
        arrow = ARROWS[one.kind]
        what = one.what.replace("*", "every operation")
        lines.append(f'  {_identifier(one.source)} {arrow}|"{what}"| {_identifier(one.target)}')
    return "\n".join((*lines, ""))


ARROWS: Mapping[Kind, str] = {
    "media": "==>",
    "origin": "-->",
    "trigger": "-->",
    "policy": "-.->",
}


def _all(drawn: Picture) -> Iterator[Connection]:
    for card in drawn.cards:
        yield from card.inner
    for found in drawn.links.values():
        yield from found


def _connected(drawn: Picture) -> set[str]:
    return {name for one in _all(drawn) for name in (one.source, one.target)}


def _identifier(name: str) -> str:
    """The name of a node: letters, digits and underscores."""
    plain = "".join(one if one.isalnum() else "_" for one in name)
    return f"outside{plain}" if name.startswith("@") else plain
