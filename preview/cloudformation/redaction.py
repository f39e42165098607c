"""CloudFormation NoEcho parameters: keeps their values out of messages.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
"""

import itertools
from collections.abc import Iterable

STARS = "****"
SHORTEST = 12
"""Minimum length of a partial value that is hidden: errors quote the beginning, or a line."""


def redacted(values: Iterable[str], text: str) -> str:
    """The text with stars for the values, and for every sufficiently long part of a value."""
    is_redacted = [False] * len(text)
    for value in values:
        for spelling in {value, repr(value)[1:-1]}:  # verbatim, and as Python quotes it
            _mark(is_redacted, spelling, text)
    pieces = itertools.groupby(zip(text, is_redacted, strict=True), key=lambda pair: pair[1])
    return "".join(
        STARS if is_secret else "".join(character for character, _ in piece)
        for is_secret, piece in pieces
    )


def _mark(is_redacted: list[bool], value: str, text: str) -> None:
    """Marks every occurrence of a part of the value in the text."""
    size = min(SHORTEST, len(value))
    parts = {value[at : at + size] for at in range(len(value) - size + 1)}
    for at in range(len(text) - size + 1):
        if text[at : at + size] in parts:
            is_redacted[at : at + size] = [True] * size
