"""What the tests of templates begin with: the default stream, the examples, small variations."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator import Stream, assemble
from generator.config import load
from generator.emit import document

Document = dict[str, Any]
CHECKOUT = Path(__file__).parents[1]
STREAMS = {
    "default": CHECKOUT / "stream.toml",
    **{path.stem: path for path in sorted((CHECKOUT / "examples").glob("*.toml"))},
}

TIMED = ("test_speed.py", "test_speed_of_watching.py")
MUTATIONS = ("test_mutations.py", "test_signing_mutations.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is timed comes first, undisturbed; the mutations come last, as they take longest.

    The browser's tests come between: they wait for much, and the mutations are tried meanwhile.
    """
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    is_browser = item.path.parent.name == "browser"
    return (_is_timed(item), is_browser, item.path.name not in MUTATIONS, True).index(True)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """The mutations are tried beside all tests that are not timed."""
    if not _is_timed(item) and _are_tried(item.session):
        from tests.preview.conftest import begin  # noqa: PLC0415 - for these tests only

        begin(item.session)


def _is_timed(item: pytest.Item) -> bool:
    return item.path.name in TIMED


def _are_tried(session: pytest.Session) -> bool:
    names = {item.path.name for item in session.items if item.path.parent.name == "preview"}
    return not names.isdisjoint(MUTATIONS)


@pytest.fixture(scope="session")
def default() -> Document:
    """The template of the default stream, as plain data."""
    return document(assemble(Stream()))


@pytest.fixture(scope="session", params=STREAMS)
def any_stream(request: pytest.FixtureRequest) -> Stream:
    """The default stream and every example, one after the other."""
    return load(STREAMS[request.param])


@pytest.fixture(scope="session")
def any_template(any_stream: Stream) -> Document:
    """The template of the default stream and of every example, one after the other."""
    return document(assemble(any_stream))


@pytest.fixture(scope="session")
def template_of() -> Callable[..., Document]:
    """The template of a stream, given the tables that differ from the default."""
    return lambda **tables: document(assemble(Stream.model_validate(tables)))


def of_type(template: Document, resource_type: str) -> dict[str, Document]:
    """The properties of all resources of a type, by logical ID."""
    return {
        title: resource.get("Properties", {})
        for title, resource in template["Resources"].items()
        if resource["Type"] == resource_type
    }


@pytest.fixture(scope="session")
def matches(default: Document) -> Callable[[str, str], bool]:
    """Whether CloudFormation would take this text for that parameter of the default template."""
    return lambda name, text: bool(
        re.fullmatch(default["Parameters"][name]["AllowedPattern"], text)
    )
