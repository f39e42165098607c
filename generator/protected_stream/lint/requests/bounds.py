"""SDK request models: ranges of numbers, lengths and counts."""

import re
from dataclasses import dataclass

from botocore.model import Shape

# MediaLive writes ranges into the names of shapes: __integerMin1Max6, __doubleMinNegative60Max60
RANGE_IN_NAME = re.compile(
    r"__[a-z]+(?:Min(?P<least>(?:Negative)?\d+))?(?:Max(?P<most>(?:Negative)?\d+))?"
)


@dataclass(frozen=True)
class Bounds:
    """The minimum and maximum that are allowed; None is unbounded."""

    least: float | None = None
    most: float | None = None

    def allow(self, value: float) -> bool:
        """Whether the value is within the range."""
        return (self.least is None or value >= self.least) and (
            self.most is None or value <= self.most
        )

    def __str__(self) -> str:
        """The range in words: "from 1 to 6", "at least 1"."""
        if self.least is None:
            return f"at most {self.most:g}"
        if self.most is None:
            return f"at least {self.least:g}"
        return f"from {self.least:g} to {self.most:g}"


def bounds(shape: Shape) -> Bounds:
    """The range of a number, of a string's length or of a list's count."""
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    named = RANGE_IN_NAME.fullmatch(shape.name)
    if named:
        least = _number(named["least"]) if least is None else least
        most = _number(named["most"]) if most is None else most
    return Bounds(least, most)


def _number(written: str | None) -> int | None:
    return None if written is None else int(written.replace("Negative", "-"))
