"""All mutations: of the default template, and of what other templates have besides."""

import functools
from collections import Counter
from collections.abc import Iterator
from typing import Any

from protected_stream import Stream, assemble
from protected_stream.template.emit import document
from tests.conftest import CHECKOUT
from tests.mutation.alarms import of_alarms
from tests.mutation.media import media_counts
from tests.mutation.operators import Mutation, mutations
from tests.mutation.shows import of_shows
from tests.mutation.signing_parts import SigningPart, distinct, new_pieces, signing_parts

COUNTS = CHECKOUT / "tests" / "expected" / "mutation_counts.json"


@functools.cache
def of_default() -> tuple[Mutation, ...]:
    """Those of the default template, in which its signing part is included."""
    return tuple(mutations(document(assemble(Stream()))))


@functools.cache
def differing_parts() -> tuple[SigningPart, ...]:
    """The signing parts of the examples, each once; the default's is left out."""
    return tuple(part for part in distinct(signing_parts()) if part.example != "default")


@functools.cache
def of_signing() -> tuple[tuple[SigningPart, Mutation], ...]:
    """Each signing part once; of it, what no part before it has."""
    return tuple(_of_signing({part.example for part in differing_parts()}))


def _of_signing(examples: set[str]) -> Iterator[tuple[SigningPart, Mutation]]:
    for part, pieces in new_pieces(signing_parts()):
        if part.example in examples:
            for mutation in (*part.by_hand(), *part.mistakes(pieces)):
                yield part, mutation


def counts() -> dict[str, Any]:
    """How many mutations there are, by operator and by example."""
    return {
        "default": dict(Counter(mutation.operator for mutation in of_default())),
        "signing": dict(Counter(part.example for part, _ in of_signing())),
        "media": media_counts(),
        "shows": dict(Counter(mutation.operator for mutation in of_shows())),
        "alarms": dict(Counter(mutation.operator for mutation in of_alarms())),
    }
