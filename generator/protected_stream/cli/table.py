"""Tables as plain lines, the same in a terminal and in a file."""

from collections.abc import Iterator, Sequence

GAP = "  "


def table(rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()) -> Iterator[str]:
    """The rows with aligned columns; the first row is the heading.

    Args:
        rows: all of the same length.
        right: the columns, from 0, whose cells are aligned to the right.
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for number, row in enumerate(rows):
        cells = (
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield GAP.join(cells).rstrip()
        if not number:
            yield GAP.join("-" * width for width in widths)
