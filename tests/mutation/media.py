"""Mutations of the inputs, channels and endpoints of every example, which the linter must find.

The operators are those of tests/unit/lint/mutations.py, where they are tried on all of the default
template. Here they are tried on what differs from it: a value that has the same path in a resource
of the same type of the default template, or of an earlier example, is not mutated again.
"""

import functools
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from protected_stream import assemble
from protected_stream.config import load
from protected_stream.template.emit import document
from tests.conftest import STREAMS, Document
from tests.unit.lint.mutations import MUTATIONS, Mutation, Place

TYPES = (
    "AWS::MediaLive::Channel",
    "AWS::MediaLive::Input",
    "AWS::MediaLive::InputSecurityGroup",
    "AWS::MediaPackageV2::OriginEndpoint",
)
MOST_MISSED = 0.03
"""Of the mutations of an operator: more would mean that the linter lacks a rule."""


@dataclass(frozen=True)
class MediaMutation:
    """One mistake in one example."""

    example: str
    operator: str
    mutation: Mutation

    @property
    def place(self) -> str:
        """Where it is and what it is, as the record of survivors names it."""
        mistake = self.mutation
        return f"{self.example}: {mistake.resource} {mistake.path}: {self.operator}, {mistake.why}"


@functools.cache
def of_media() -> tuple[MediaMutation, ...]:
    """Those of all examples."""
    seen: set[tuple[str, ...]] = set()
    found: list[MediaMutation] = []
    for name, path in STREAMS.items():
        new = list(_of(name, document(assemble(load(path))), seen))
        found += new if name != "default" else []
    return tuple(found)


def _of(name: str, template: Document, seen: set[tuple[str, ...]]) -> Iterator[MediaMutation]:
    """The mutations of one template that are not of what was seen; adds to that."""
    for operator, mistakes in MUTATIONS.items():
        for mutation in mistakes(template):
            resource = template["Resources"][mutation.resource]
            if resource["Type"] not in TYPES:
                continue
            value = _original(resource["Properties"], mutation.place)
            known = (resource["Type"], operator, mutation.path, mutation.why, json.dumps(value))
            if known not in seen:
                seen.add(known)
                yield MediaMutation(name, operator, mutation)


def _original(properties: Any, place: Place) -> Any:
    """What was there; for a key that was not, what it was added to."""
    value = properties
    for key in place:
        if isinstance(value, dict) and key not in value:
            return value
        value = value[key]
    return value


def media_counts() -> dict[str, dict[str, int]]:
    """How many there are, by example and operator."""
    by_example: dict[str, Counter[str]] = {}
    for one in of_media():
        by_example.setdefault(one.example, Counter())[one.operator] += 1
    return {example: dict(operators) for example, operators in by_example.items()}
