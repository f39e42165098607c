"""Frame rates of the renditions: whole numbers, and the exact ratios of NTSC."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from protected_stream.template.validation_errors import shown

# A rate such as 29.97 stands for 30000/1001; as 2997/100 it would lose a frame every 9 hours, and
# pipelines and renditions would drift from a source that has the exact ratio.
# Source: SMPTE ST 12-1, nominal rates divided by 1.001
RATIOS: Mapping[int | float, Fraction] = {
    23.976: Fraction(24_000, 1001),
    24: Fraction(24),
    25: Fraction(25),
    29.97: Fraction(30_000, 1001),
    30: Fraction(30),
    50: Fraction(50),
    59.94: Fraction(60_000, 1001),
    60: Fraction(60),
}


def _known(rate: Any) -> int | float:
    """Checked before its type, or pydantic reports a value of another type twice."""
    if not isinstance(rate, int | float) or rate not in RATIOS:
        raise ValueError(f"must be one of {', '.join(map(str, RATIOS))}; got {shown(rate)}")
    return rate


FrameRate = Annotated[
    int | float, BeforeValidator(_known), Field(json_schema_extra={"enum": list(RATIOS)})
]
"""Frames per second, as people write it."""
