"""Everything that is built for a stream is in its template.

A policy or permission that is built but not added silently breaks security: troposphere, mypy and
cfn-lint do not detect what is missing.
"""

from collections.abc import Iterator
from typing import Any

import awacs
import pytest
import troposphere
from troposphere import Template

from protected_stream import Stream
from protected_stream.lambda_code import code_of
from protected_stream.sections.signing import Signing
from protected_stream.stack import assembled, sections
from protected_stream.template.section import LabelledParameter

SPIED = (troposphere.BaseAWSObject, awacs.AWSObject)


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every object that troposphere and awacs construct during the test."""
    objects: list[Any] = []

    def spy(kind: type) -> None:
        construct = kind.__init__  # type: ignore[misc] # the class's own

        def remember(self: Any, *arguments: Any, **named: Any) -> None:
            objects.append(self)
            construct(self, *arguments, **named)

        monkeypatch.setattr(kind, "__init__", remember)

    for kind in SPIED:
        spy(kind)
    return objects


@pytest.fixture
def not_needed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What a former signing key is built with and does not need: outputs, permission to sign."""
    objects: list[Any] = []
    whole = Signing.combined_with

    def remember(self: Signing, former: Signing) -> Signing:
        objects.extend((*former.outputs, *former.signing_statements))
        return whole(self, former)

    monkeypatch.setattr(Signing, "combined_with", remember)
    return objects


def test_everything_that_is_built_is_in_the_template(
    any_stream: Stream, built: list[Any], not_needed: list[Any]
) -> None:
    options = any_stream.functions
    code = code_of(architecture=options.architecture, inline=any_stream.signing.inline)
    template = assembled(any_stream, sections(any_stream, code))
    assert len(built) > 100
    there = {id(item) for one in (template, not_needed) for item in _within(one)}
    assert [item for item in built if id(item) not in there] == []


def test_an_object_that_is_not_added_is_detected(built: list[Any]) -> None:
    lost = troposphere.s3.Bucket("Lost")
    assert built == [lost]
    assert id(lost) not in {id(item) for item in _within(Template())}


def _within(value: Any) -> Iterator[Any]:
    """The value and everything in it."""
    yield value
    for inner in _parts(value):
        yield from _within(inner)


def _parts(value: Any) -> Iterator[Any]:
    if isinstance(value, Template):
        yield from (*value.parameters.values(), *value.resources.values(), *value.outputs.values())
    elif isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list | tuple):
        yield from value
    elif isinstance(value, LabelledParameter):
        yield value.parameter
    elif isinstance(value, SPIED):
        yield value.resource if hasattr(value, "resource") else value.properties
    elif isinstance(value, troposphere.AWSHelperFn | awacs.AWSHelperFn):
        yield from vars(value).values()
