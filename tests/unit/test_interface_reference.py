"""What all templates ask for, return and change: the references, and what the commands know."""

from collections.abc import Callable

import pytest

from protected_stream.cli.interface_reference import outputs, parameters, templates, updates
from protected_stream.cli.reference import DOCS
from protected_stream.reading.consequences import CONSEQUENCES, WITHOUT_CONSEQUENCES
from protected_stream.reading.parameters import declared, file_text, merged, parsed


def test_what_the_build_leaves_to_fill_in_counts_as_absent() -> None:
    """And every default fits its own pattern."""
    for template in templates().values():
        asked_for = declared(template)
        merge = merged(asked_for, {one.name: one.default or "" for one in asked_for})
        assert merge.objections == ()
        with_default = {one.name for one in asked_for if one.default is not None}
        assert merge.values.keys() == with_default
        assert parsed(file_text(asked_for, {}), "a file") == merge.values


@pytest.mark.parametrize(
    ("name", "text"), [("parameters", parameters), ("outputs", outputs), ("updates", updates)]
)
def test_the_references_are_up_to_date(name: str, text: Callable[[], str]) -> None:
    """`make docs` regenerates them."""
    assert (DOCS / f"{name}.md").read_text("utf-8") == text()


def test_it_is_said_of_every_type_what_its_changes_mean() -> None:
    with_rows = {row.kind for row in CONSEQUENCES}
    assert not with_rows & WITHOUT_CONSEQUENCES
    for template in templates().values():
        kinds = {resource["Type"] for resource in template["Resources"].values()}
        assert kinds <= with_rows | WITHOUT_CONSEQUENCES
