"""Layout of the diagram: boxes in a grid, and arrows that run between them, never through them.

Between two columns and between two rows is a gap. An arrow between neighbors crosses the gap. Any
other one leaves its box at the top, has a lane of its own in each gap that it runs through, and
arrives at the top or the bottom of the other box. Each lane has room for the arrow's label, so that
no two texts meet.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from protected_stream.reading.connections import KINDS, Connection, Kind
from protected_stream.reading.diagram_cards import Card, Picture, said
from protected_stream.reading.svg import shortened, text_width

MARGIN, HEADER, FOOTER = 40, 92, 56
CARD_WIDTH, COLUMN_GAP = 236, 132
PADDING, TITLE, SMALL, STEP = 14, 17, 11.5, 15
"""Pixels inside a card, sizes of its text, and from line to line."""
LANE, PORTS = 10, 30
"""Room around a lane, and between two arrows at the same side of a box."""
LONGEST_LABEL = 215
SPARE = 1.16
"""Fonts that browsers take instead of Helvetica are up to a sixth wider."""

Point = tuple[float, float]
Pair = tuple[str, str]


@dataclass(frozen=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x of the right side."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The y of the lower side."""
        return self.y + self.height

    def meets(self, other: "Box") -> bool:
        """Whether they have a part in common."""
        return (
            self.x < other.right
            and other.x < self.right
            and self.y < other.bottom
            and other.y < self.bottom
        )


@dataclass(frozen=True)
class Words:
    """A line of text and the box around it."""

    text: str
    box: Box
    size: float = SMALL
    bold: bool = False


@dataclass(frozen=True)
class Arrow:
    """What is drawn for all connections between two cards."""

    pair: Pair
    connections: tuple[Connection, ...]
    points: tuple[Point, ...]
    labels: tuple[Words, ...]
    forward: bool
    """Whether a connection goes from the first card of the pair to the second."""
    backward: bool


@dataclass(frozen=True)
class Layout:
    """Where everything is."""

    width: float
    height: float
    boxes: Mapping[str, Box]
    lines: Mapping[str, tuple[Words, ...]]
    """The text in each card."""
    arrows: tuple[Arrow, ...]


def width_of(text: str, size: float = SMALL) -> float:
    """How wide a line of text may become."""
    return text_width(text, size) * SPARE


def wrapped(text: str, width: float, size: float = SMALL) -> list[str]:
    """The text in lines of at most that width; a word that is longer is shortened."""
    lines: list[str] = []
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(joined, size) <= width:
            lines[-1] = joined
        else:
            lines.append(shortened(word, width / SPARE, size))
    return lines


class Small(NamedTuple):
    """A line of a card's small text."""

    text: str
    kind: Kind | None
    """Of the connections that it lists; None for a line of what is in the card."""
    is_first: bool
    """Whether it begins a list, with a mark."""


def card_lines(card: Card) -> list[Small]:
    """The small text of a card: what is in it, then its inner connections."""
    width = CARD_WIDTH - 2 * PADDING
    found = [Small(line, None, is_first=False) for line in wrapped(card.contents, width)]
    for kind, text in inner_texts(card):
        for number, line in enumerate(wrapped(text, width - INDENT)):
            found.append(Small(line, kind, is_first=not number))
    return found


INDENT = 12


def inner_texts(card: Card) -> Iterator[tuple[Kind, str]]:
    """The connections within a card: by kind and target, with everything that they come from."""
    groups: dict[tuple[Kind, str], list[str]] = {}
    for one in card.inner:
        if one.kind != "media":
            groups.setdefault((one.kind, one.target), []).append(one.source)
    for (kind, target), sources in groups.items():
        names = ", ".join(map(said, dict.fromkeys(sources)))
        yield kind, f"{names} \u2192 {said(target)}"


def labels_of(found: Sequence[Connection], width: float) -> list[str]:
    """The lines of an arrow's label: each kind with what it does."""
    texts: list[str] = []
    for kind in KINDS:
        words = dict.fromkeys(one.what for one in found if one.kind == kind)
        if words:
            texts += [shortened(one, width / SPARE, SMALL) for one in _said(", ".join(words))]
    return texts


def _said(words: str) -> Iterator[str]:
    """What connections do, in words; of the operations that policies allow, only the verbs."""
    parts = dict.fromkeys(words.split(", "))
    verbs = dict.fromkeys(part.lower() for one in parts for part in VERB.findall(one))
    if verbs:
        yield f"may {', '.join(verbs)}"
    plain = [part for part in parts if not VERB.match(part)]
    if plain:
        yield ", ".join(plain)


VERB = re.compile(r"^(?:[A-Z][a-z]+|\*)")
"""The first word of an operation's name, such as Get in GetObject."""


@dataclass
class _Grid:
    """Columns and rows that have cards, and the arrows in the gaps between them."""

    picture: Picture
    column: dict[str, int] = field(default_factory=dict)
    row: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        cards = self.picture.cards
        columns = sorted({card.place.column for card in cards})
        rows = sorted({card.place.row for card in cards})
        self.column = {card.key: columns.index(card.place.column) for card in cards}
        self.row = {card.key: rows.index(card.place.row) for card in cards}

    def is_side_by_side(self, pair: Pair) -> bool:
        first, second = pair
        same = self.row[first] == self.row[second]
        return same and abs(self.column[first] - self.column[second]) == 1

    def is_stacked(self, pair: Pair) -> bool:
        first, second = pair
        same = self.column[first] == self.column[second]
        return same and abs(self.row[first] - self.row[second]) == 1

    def gaps(self, pair: Pair) -> tuple[int, ...]:
        """The gaps between rows in which the arrow has a lane; gap n is below row n.

        The first is at the first card, the last at the second.
        """
        if self.is_side_by_side(pair):
            return ()
        rows = [self.row[name] for name in pair]
        if rows[0] == rows[1]:
            return (max(rows[0] - 1, 0),)
        upper, lower = min(rows), max(rows)
        found = (upper,) if lower - upper == 1 else (upper, lower - 1)
        return found if rows[0] < rows[1] else found[::-1]


def layout_of(picture: Picture) -> Layout:
    """Where the cards and arrows of the picture are."""
    grid = _Grid(picture)
    lines = {card.key: card_lines(card) for card in picture.cards}
    heights: dict[int, float] = {}
    for card in picture.cards:
        row = grid.row[card.key]
        height = 58 + STEP * len(lines[card.key]) + PADDING
        heights[row] = max(heights.get(row, 92), height)
    gap_heights, lanes = _lanes(grid)
    tops: dict[int, float] = {}
    y = float(HEADER)
    for row in sorted(heights):
        tops[row] = y
        y += heights[row] + gap_heights.get(row, 0)
    boxes = {
        card.key: Box(
            MARGIN + grid.column[card.key] * (CARD_WIDTH + COLUMN_GAP),
            tops[grid.row[card.key]],
            CARD_WIDTH,
            heights[grid.row[card.key]],
        )
        for card in picture.cards
    }
    arrows = tuple(_arrows(grid, boxes, lanes))
    return Layout(
        2 * MARGIN + (max(grid.column.values()) + 1) * (CARD_WIDTH + COLUMN_GAP) - COLUMN_GAP,
        y + FOOTER,
        boxes,
        {card.key: tuple(_card_words(card, boxes[card.key])) for card in picture.cards},
        arrows,
    )


def _lanes(grid: _Grid) -> tuple[dict[int, float], dict[tuple[Pair, int], float]]:
    """The height of each gap, and how far below the row above each arrow's lane is in it."""
    heights = dict.fromkeys(range(max(grid.row.values())), 34.0)
    lanes: dict[tuple[Pair, int], float] = {}
    links = grid.picture.links
    for pair in filter(grid.is_stacked, links):
        # their labels are beside each other, as there is one in each column at most
        (gap,) = grid.gaps(pair)
        lines = len(labels_of(links[pair], LONGEST_LABEL))
        heights[gap] = max(heights[gap], 34 + LANE + lines * STEP)
        lanes[pair, gap] = 17 + LANE + lines * STEP
    for pair, found in links.items():
        for gap in dict.fromkeys(() if grid.is_stacked(pair) else grid.gaps(pair)):
            has_label = gap == grid.gaps(pair)[0]
            lines = len(labels_of(found, LONGEST_LABEL)) if has_label else 0
            heights[gap] = heights.get(gap, 34.0) + LANE + lines * STEP
            lanes[pair, gap] = heights[gap] - 17 + LANE / 2
            heights[gap] += LANE / 2
    return heights, lanes


def _card_words(card: Card, box: Box) -> Iterator[Words]:
    x = box.x + PADDING
    width = box.width - 2 * PADDING
    place = card.place
    yield Words(place.title, Box(x, box.y + 12, width, 20), TITLE, bold=True)
    yield Words(card.service, Box(x, box.y + 34, width, STEP), SMALL)
    for number, line in enumerate(card_lines(card)):
        indent = INDENT if line.kind else 0
        at = Box(x + indent, box.y + 58 + number * STEP, width - indent, STEP)
        yield Words(line.text, at)


def _arrows(
    grid: _Grid, boxes: Mapping[str, Box], lanes: Mapping[tuple[Pair, int], float]
) -> Iterator[Arrow]:
    ports = _ports(grid, boxes)
    sides = _vertical_lanes(grid)
    for pair, found in grid.picture.links.items():
        homes = grid.picture.homes
        points = tuple(_points(grid, boxes, lanes, ports, sides, pair))
        yield Arrow(
            pair,
            found,
            points,
            tuple(_labels(grid, boxes, lanes, ports, pair, points)),
            forward=any(homes[one.source] == pair[0] for one in found),
            backward=any(homes[one.target] == pair[0] for one in found),
        )


def _points(
    grid: _Grid,
    boxes: Mapping[str, Box],
    lanes: Mapping[tuple[Pair, int], float],
    ports: Mapping[tuple[Pair, str], float],
    sides: Mapping[Pair, float],
    pair: Pair,
) -> Iterator[Point]:
    first, second = pair
    start, end = boxes[first], boxes[second]
    if grid.is_side_by_side(pair):
        y = start.y + 40
        left, right = (start, end) if start.x < end.x else (end, start)
        yield from [(left.right, y), (right.x, y)][:: 1 if start.x < end.x else -1]
        return
    gaps = grid.gaps(pair)
    heights = [_lane_y(grid, boxes, lanes, pair, gap) for gap in gaps]
    x1, x2 = ports[pair, first], ports[pair, second]
    yield x1, start.bottom if heights[0] > start.bottom else start.y
    if x1 != x2 or len(gaps) > 1:
        yield x1, heights[0]
        if len(gaps) > 1:
            yield sides[pair], heights[0]
            yield sides[pair], heights[-1]
        yield x2, heights[-1]
    yield x2, end.bottom if heights[-1] > end.bottom else end.y


def _lane_y(
    grid: _Grid,
    boxes: Mapping[str, Box],
    lanes: Mapping[tuple[Pair, int], float],
    pair: Pair,
    gap: int,
) -> float:
    above = next(box for key, box in boxes.items() if grid.row[key] == gap)
    return above.bottom + lanes[pair, gap]


def _ports(grid: _Grid, boxes: Mapping[str, Box]) -> Mapping[tuple[Pair, str], float]:
    """Where each arrow that is not between neighbors of a row begins and ends, from left to right.

    An arrow to the card above or below is in the middle, so that it is straight.
    """
    found: dict[tuple[Pair, str], float] = {}
    for key, box in boxes.items():
        for is_top in (True, False):
            pairs = [pair for pair in grid.picture.links if _is_at(grid, pair, key, is_top=is_top)]
            straight = [pair for pair in pairs if grid.is_stacked(pair)]
            others = [pair for pair in pairs if pair not in straight]
            middle = box.x + box.width / 2
            left = [pair for pair in others if _other(boxes, pair, key).x < box.x]
            right = [pair for pair in others if pair not in left]
            for pair in straight:
                found[pair, key] = middle
            for number, pair in enumerate(_by_distance(boxes, left, key), 1):
                found[pair, key] = middle - number * PORTS
            first = _first_right(grid, straight, len(right))
            for number, pair in enumerate(_by_distance(boxes, right, key)):
                found[pair, key] = middle + first + number * PORTS
    return found


def _first_right(grid: _Grid, straight: Sequence[Pair], count: int) -> float:
    """How far right of the middle the first arrow is: right of the straight one's label, if it can.

    Args:
        grid: the picture's grid.
        straight: the arrow in the middle, if there is one.
        count: how many arrows are on the right.
    """
    labels = [
        text for pair in straight for text in labels_of(grid.picture.links[pair], LONGEST_LABEL)
    ]
    room = max((width_of(text) + 18 for text in labels), default=0.0)
    return max(PORTS, min(room, CARD_WIDTH / 2 - 12 - (count - 1) * PORTS))


def _other(boxes: Mapping[str, Box], pair: Pair, key: str) -> Box:
    return boxes[pair[1] if pair[0] == key else pair[0]]


def _by_distance(boxes: Mapping[str, Box], pairs: Sequence[Pair], key: str) -> list[Pair]:
    """The farthest first: it is next to the middle, and its lane is the longest."""
    return sorted(pairs, key=lambda pair: -abs(_other(boxes, pair, key).x - boxes[key].x))


def _is_at(grid: _Grid, pair: Pair, key: str, *, is_top: bool) -> bool:
    """Whether the arrow is at the top, or at the bottom, of the card."""
    gaps = grid.gaps(pair)
    if key not in pair or not gaps:
        return False
    gap = gaps[0] if pair[0] == key else gaps[-1]
    return (gap < grid.row[key]) == is_top


def _vertical_lanes(grid: _Grid) -> Mapping[Pair, float]:
    """The x of the arrows that pass whole rows, in the gap left of the card farther right."""
    found: dict[Pair, float] = {}
    used: dict[int, int] = {}
    for pair in grid.picture.links:
        column = _passes(grid, pair)
        if column:
            number = used[column] = used.get(column, 0) + 1
            right = MARGIN + column * (CARD_WIDTH + COLUMN_GAP)
            found[pair] = right - number * SIDE_STEP
    return found


SIDE_STEP = 12
"""Between two arrows that pass whole rows in the same gap between columns."""


def _passes(grid: _Grid, pair: Pair) -> int:
    """The column left of which the arrow passes whole rows; 0 if it passes none."""
    if len(grid.gaps(pair)) < MANY:
        return 0
    return max(grid.column[name] for name in pair) or 1


MANY = 2


def _labels(
    grid: _Grid,
    boxes: Mapping[str, Box],
    lanes: Mapping[tuple[Pair, int], float],
    ports: Mapping[tuple[Pair, str], float],
    pair: Pair,
    points: Sequence[Point],
) -> Iterator[Words]:
    found = grid.picture.links[pair]
    if grid.is_side_by_side(pair):
        column = max(grid.column[name] for name in pair)
        lanes_beside = sum(1 for one in grid.picture.links if _passes(grid, one) == column)
        yield from _between(points, found, lanes_beside * SIDE_STEP)
        return
    texts = labels_of(found, LONGEST_LABEL)
    width = max(map(width_of, texts))
    y = _lane_y(grid, boxes, lanes, pair, grid.gaps(pair)[0]) - 4 - len(texts) * STEP
    if len(points) == 2:
        # right of the arrows that begin or end beside it
        middle = points[0][0]
        gap = grid.gaps(pair)[0]
        beside = [
            at
            for (other, key), at in ports.items()
            if gap == grid.gaps(other)[0 if key == other[0] else -1]
            and middle < at < middle + CARD_WIDTH / 2
        ]
        is_free = all(middle + 8 + width < at for at in beside)
        x = 8 + (middle if is_free else max(beside))
    else:
        (x1, _), (x2, _) = points[1], points[2]
        x = min(x1, x2) + 8 if abs(x1 - x2) >= width + 16 else max(x1, x2) - width - 8
        x = max(x, MARGIN)
    for number, text in enumerate(texts):
        yield Words(text, Box(x, y + number * STEP, width_of(text), STEP))


def _between(points: Sequence[Point], found: Sequence[Connection], taken: float) -> Iterator[Words]:
    """Centered above the arrow and, from the second line on, below it.

    Args:
        points: the ends of the arrow.
        found: its connections.
        taken: how much of its right end other arrows pass through.
    """
    (x1, y), (x2, _) = points
    left, right = min(x1, x2), max(x1, x2) - taken
    width, middle = right - left - 12, (left + right) / 2
    above: list[str] = []
    below: list[str] = []
    for text in labels_of(found, LONGEST_LABEL * 2):
        (below if above else above).extend(wrapped(text, width)[:MOST_LINES])
    for number, text in enumerate(above):
        top = y - 7 - (len(above) - number) * (STEP - 1)
        yield Words(text, Box(middle - width_of(text) / 2, top, width_of(text), STEP - 1))
    for number, text in enumerate(below):
        top = y + 7 + number * (STEP - 1)
        yield Words(text, Box(middle - width_of(text) / 2, top, width_of(text), STEP - 1))


MOST_LINES = 3
"""Of a kind's label between two cards."""
