"""What the tests of templates begin with: the default stream, the examples, small variations."""

import enum
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from protected_stream import Stream, assemble
from protected_stream.config import load
from protected_stream.template.emit import document

Document = dict[str, Any]
CHECKOUT = Path(__file__).parents[1]
STREAMS = {
    "default": CHECKOUT / "stream.toml",
    **{path.stem: path for path in sorted((CHECKOUT / "examples").glob("*.toml"))},
}

TIMED = ("tests/bench/test_speed.py", "tests/browser/test_speed_of_watching.py")
IN_REAL_TIME = ("tests/browser/", "tests/preview/encoder/")
OF_DEFAULT = "tests/preview/test_mutations.py"
OF_SIGNING = "tests/preview/test_signing_mutations.py"


class Turn(enum.IntEnum):
    """When a test has its turn, if all run in one process.

    What is timed comes first, undisturbed. Those in real time wait for much: mutations are tried
    meanwhile, and what they found is looked at in the end.
    """

    TIMED, IN_REAL_TIME, ANY, MUTATIONS = range(4)


def file_of(item: pytest.Item) -> str:
    """The test's file, from the checkout on."""
    return item.path.relative_to(CHECKOUT).as_posix()


def _turn(item: pytest.Item) -> Turn:
    name = file_of(item)
    if name in TIMED:
        return Turn.TIMED
    if name in (OF_DEFAULT, OF_SIGNING):
        return Turn.MUTATIONS
    return Turn.IN_REAL_TIME if name.startswith(IN_REAL_TIME) else Turn.ANY


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts all in their turn, and marks those that are not for one of several processes."""
    items.sort(key=_turn)
    for item in items:
        if _turn(item) != Turn.ANY:
            item.add_marker("alone")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """The mutations, if their tests are among the session's, are tried beside all but the timed."""
    are_tried = _turn(item.session.items[-1]) == Turn.MUTATIONS
    if are_tried and _turn(item) != Turn.TIMED:
        # other sessions need not wait for the preview to be imported
        from tests.preview.conftest import begin  # noqa: PLC0415

        begin(item.session)


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
