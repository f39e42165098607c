"""Mutations of what planned shows add to the template, and what they do to an evening."""

import functools
from collections.abc import Sequence
from pathlib import Path

from botocore.exceptions import ClientError

from preview.errors import PreviewError
from protected_stream import Stream, assemble
from protected_stream.template.emit import document
from tests.mutation.operators import Mutation, mutations
from tests.mutation.templates import Template
from tests.preview.shows_record import ONE, Row, rows

EVENINGS = ("a show", "the start meets an update", "the stop is refused")
"""Of those that are recorded, the ones in which every part is needed."""


@functools.cache
def of_shows() -> tuple[Mutation, ...]:
    """Those of the resources that the default template does not have."""
    template = document(assemble(Stream.model_validate(ONE)))
    added = template["Resources"].keys() - document(assemble(Stream()))["Resources"].keys()
    return tuple(one for one in mutations(template) if one.owner in added)


def violation_of_shows(template: Template, built: Path, right: Sequence[Row]) -> str | None:
    """The first difference between its evenings and `right`; None if there is none."""
    try:
        for row, expected in zip(rows(built, template, EVENINGS), right, strict=True):
            if row != expected:
                return str(row)
    except (PreviewError, ClientError, AssertionError) as found:
        return str(found)
    return None
