"""Each cache behavior is in one table: open, with a token, or with a signature."""

import copy
from collections.abc import Callable

import pytest

from protected_stream import assemble
from protected_stream.config import load
from protected_stream.template.emit import document
from tests.conftest import STREAMS, Document
from tests.edge_behaviors import (
    OPEN_METHODS,
    ROWS,
    behaviors,
    edge_faults,
    open_methods,
    rows_of,
)

HAVE_ALL = ("default", "formats")
"""Streams in which every row of the table occurs."""


def test_each_behavior_is_in_the_table_as_what_it_requires(any_template: Document) -> None:
    assert list(edge_faults(any_template)) == []
    assert any(one.is_media for one in behaviors(any_template))


def test_the_table_has_nothing_that_does_not_occur() -> None:
    """After a new row: add an example that has it to HAVE_ALL."""
    templates = [document(assemble(load(STREAMS[name]))) for name in HAVE_ALL]
    assert {row for one in templates for each in behaviors(one) for row in rows_of(each.path)} == {
        *ROWS
    }
    assert {method for one in templates for method in open_methods(one)} == {*OPEN_METHODS}


def _first(config: Document) -> Document:
    return dict(config["CacheBehaviors"][0])


def _with_first(config: Document, **changed: object) -> None:
    config["CacheBehaviors"][0] = {**_first(config), **changed}


def _to_media(config: Document) -> None:
    config["DefaultCacheBehavior"]["TargetOriginId"] = "packager"


def _from_elsewhere(config: Document) -> None:
    config["Origins"].append({"Id": "new", "DomainName": "media.example.com"})
    config["DefaultCacheBehavior"]["TargetOriginId"] = "new"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda config: _with_first(config, TrustedKeyGroups=[]), "serves media without"),
        (lambda config: _with_first(config, PathPattern="/media/*.ts"), "is in 0 rows"),
        (lambda config: _with_first(config, PathPattern="/api/*"), "as token, signed: True"),
        (_to_media, "* serves media without a signature"),
        (_from_elsewhere, "* serves media without a signature"),
    ],
)
def test_a_fault_of_a_behavior_is_found(
    default: Document, change: Callable[[Document], None], sentence: str
) -> None:
    template = copy.deepcopy(default)
    change(template["Resources"]["Distribution"]["Properties"]["DistributionConfig"])
    assert any(sentence in fault for fault in edge_faults(template))


@pytest.mark.parametrize(
    ("method", "integration", "faults"),
    [
        ("GET", "AWS_PROXY", ["GET cookies of the API requires no token"]),
        ("OPTIONS", "AWS_PROXY", ["OPTIONS cookies of the API requires no token"]),
        ("OPTIONS", "MOCK", []),
    ],
)
def test_a_method_that_needs_no_token_is_found(
    default: Document, method: str, integration: str, faults: list[str]
) -> None:
    template = copy.deepcopy(default)
    properties = template["Resources"]["GetCookies"]["Properties"]
    properties |= {"HttpMethod": method, "AuthorizationType": "NONE"}
    properties["Integration"]["Type"] = integration
    assert list(edge_faults(template)) == faults
