"""Fixtures for template tests: the default stream, the examples, small variations."""

import os
import re
import tomllib
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from protected_stream import Stream, assemble
from protected_stream.building import build
from protected_stream.config import load
from protected_stream.template.emit import document

Document = dict[str, Any]
CHECKOUT = Path(__file__).parents[1]
STREAMS = {
    "default": CHECKOUT / "stream.toml",
    **{path.stem: path for path in sorted((CHECKOUT / "examples").glob("*.toml"))},
}


EXISTING = tuple(
    name
    for name, path in STREAMS.items()
    if tomllib.loads(path.read_text("utf-8")).get("packaging", {}).get("mode") == "existing"
)
"""The streams that are on the air without a channel of their own."""
NO_SKIPS = "NO_SKIPPED_TESTS"
"""An environment variable: if it is set, a skipped test fails. CI sets it."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fails skipped tests if NO_SKIPPED_TESTS is set."""
    report = yield
    if NO_SKIPS in os.environ:
        forbid_skipping(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for modules that skip themselves."""
    report = yield
    if NO_SKIPS in os.environ:
        forbid_skipping(report)
    return report


def forbid_skipping(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turns a skipped or xfailed report into a failure."""
    if report.skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"skipped, which {NO_SKIPS} forbids: {reason}"


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the default stream's build, as `make template` writes it."""
    folder = tmp_path_factory.mktemp("build")
    build(Stream(), folder, lambda _: None)
    return folder


@pytest.fixture(scope="session")
def default() -> Document:
    """The template of the default stream, as plain data."""
    return document(assemble(Stream()))


@pytest.fixture(scope="session", params=STREAMS)
def any_stream(request: pytest.FixtureRequest) -> Stream:
    """The default stream and every example, one after the other."""
    return load(STREAMS[request.param])


@pytest.fixture(scope="session", params=[name for name in STREAMS if name not in EXISTING])
def any_encoded_stream(request: pytest.FixtureRequest) -> Stream:
    """Every stream that has a channel."""
    return load(STREAMS[request.param])


@pytest.fixture(scope="session")
def any_encoded_template(any_encoded_stream: Stream) -> Document:
    """The template of every stream that has a channel."""
    return document(assemble(any_encoded_stream))


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
    """Whether CloudFormation would accept this value for that parameter of the default template."""
    return lambda name, text: bool(
        re.fullmatch(default["Parameters"][name]["AllowedPattern"], text)
    )
