"""AWS Foundational Security Best Practices: what is met is met, and the rest says why not."""

import copy
from collections.abc import Mapping
from typing import Any

import pytest

from protected_stream import assemble
from protected_stream.cli.controls import PAGE, markdown
from protected_stream.config import load
from protected_stream.lint.controls import (
    CONTROLS,
    MISSING,
    Check,
    Control,
    applies,
    is_met,
    resources_of,
    values_at,
)
from protected_stream.template.emit import document
from tests.conftest import STREAMS, Document

MET = {"default": ("always",), "hardened": ("always", "hardened")}


@pytest.fixture(scope="module")
def templates(default: Document) -> Mapping[str, Document]:
    return {"default": default, "hardened": document(assemble(load(STREAMS["hardened"])))}


@pytest.mark.parametrize("control", CONTROLS, ids=lambda one: one.id)
@pytest.mark.parametrize("name", MET)
def test_a_control_is_met_where_the_table_says_so(
    control: Control, name: str, templates: Mapping[str, Document]
) -> None:
    template = templates[name]
    if applies(control, template):
        assert is_met(control, template) == (control.met in MET[name])
    else:
        assert any(applies(control, other) for other in templates.values())


STATEMENT = {
    "Action": ["*", "kms:Decrypt"],
    "Resource": ["*"],
    "Effect": "Allow",
    "Principal": {"AWS": ["*"]},
}
FOR_ALL = {**STATEMENT, "Statement": [STATEMENT]}
"""As a statement, and as a key policy, which a key can be without."""


@pytest.mark.parametrize("control", CONTROLS, ids=lambda one: one.id)
def test_a_control_fails_without_what_it_asks_for(
    control: Control, templates: Mapping[str, Document]
) -> None:
    """Each check alone, so that none is there in vain."""
    several = [templates[name] for name in ("hardened", "default")]
    template = next(one for one in several if applies(control, one))
    for check in control.checks if is_met(control, template) else ():
        changed = copy.deepcopy(template)
        for properties in resources_of(check.resource, changed):
            _break(properties, check)
        assert not is_met(control, changed), check


def _break(properties: Any, check: Check) -> None:
    """Puts something else at the last name of the path, or removes what is there."""
    *parents, last = check.path.split("/")
    holders = list(values_at(properties, "/".join(parents))) if parents else [properties]
    name = last.split("[")[0]
    for holder in holders:
        if holder is MISSING:
            continue
        if name in holder and not isinstance(holder[name], list) and name != "KeyPolicy":
            del holder[name]
        else:
            holder[name] = [FOR_ALL] if "[" in last else FOR_ALL


def test_what_is_not_met_by_every_stream_says_what_an_attacker_gains() -> None:
    for control in CONTROLS:
        assert bool(control.waived) == (control.met != "always")
        assert "attacker" in control.waived or control.met == "always"
    assert len({control.id for control in CONTROLS}) == len(CONTROLS)


def test_the_page_is_up_to_date() -> None:
    """`make docs` regenerates it."""
    assert PAGE.read_text(encoding="utf-8") == markdown()
