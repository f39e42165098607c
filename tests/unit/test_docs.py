"""The documentation is correct."""

import json
import re
from pathlib import Path

import pytest

from protected_stream import assemble
from protected_stream.config import load
from protected_stream.reading.cost import Usage, cost, estimate
from protected_stream.reading.plans import PLANS
from protected_stream.reading.prices import PRICES
from protected_stream.reading.summary import summary
from protected_stream.reading.written import Written
from protected_stream.template.emit import document
from tests.conftest import CHECKOUT, STREAMS, Document

DOCUMENTS = [*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").glob("*.md")]
PROMISES = "| promise | how it is checked | test | command |"
"""The header of the tables in docs/verification.md."""
SLOW = "\npytestmark = pytest.mark.slow\n"
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_to_a_file(path: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def _promises() -> list[tuple[str, list[str], list[str]]]:
    """Each promise of docs/verification.md with its tests and the commands that run them."""
    lines = (CHECKOUT / "docs" / "verification.md").read_text(encoding="utf-8").splitlines()
    table = [line for line in lines if line.startswith("| ") and line != PROMISES]
    rows = [line.strip("| ").split(" | ") for line in table]
    return [
        (promise, tests.split(", "), re.findall("`make ([a-z-]+)`", commands))
        for promise, _, tests, commands in rows
    ]


@pytest.mark.parametrize(("promise", "tests", "commands"), _promises())
def test_each_promise_names_existing_tests_and_the_command_that_runs_them(
    promise: str, tests: list[str], commands: list[str]
) -> None:
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    fast = re.findall(r"^FAST := (.*)$", makefile, re.MULTILINE)[0].split()
    tier = {folder.removeprefix("tests/"): "test" for folder in fast}
    tier |= {"bench": "bench", "fuzz": "fuzz"}
    tier |= {folder: f"test-{folder}" for folder in ("preview", "browser", "mutation", "policy")}
    running = set()
    for name in tests:
        path = CHECKOUT / name
        files = [path] if path.suffix else sorted(path.rglob("test_*.py"))
        texts = [file.read_text("utf-8") for file in files]
        assert any("def test_" in text for text in texts), promise
        is_slow = all(SLOW in text for text in texts)
        running.add("test-slow" if is_slow else tier[name.split("/")[1]])
    assert running == set(commands)


def test_the_page_s_headings_in_the_docs_are_those_of_the_page() -> None:
    texts = (CHECKOUT / "web_src" / "strings" / "en.json").read_text(encoding="utf-8")
    headings = {message["heading"] for message in json.loads(texts)["messages"].values()}
    docs = (CHECKOUT / "docs" / "page.md").read_text(encoding="utf-8")
    documented = re.findall(r"^\| ([A-Z][^|]+) \|", docs, re.MULTILINE)
    assert documented
    assert set(documented) <= headings


def test_the_python_of_the_readme_runs() -> None:
    code = "\n".join(
        line.strip()
        for line in README.splitlines()
        if line.startswith(("    from protected_stream", "    temp"))
    )
    names: dict[str, object] = {}
    exec(code, names)  # noqa: S102 # the README's own lines
    assert "template" in names


@pytest.mark.parametrize(("name", "count"), [("default", 6), ("kms", 5)])
def test_the_readme_deploys_as_the_summary_does(name: str, count: int) -> None:
    template = document(assemble(load(STREAMS[name])))
    written = Written(document=template, size=1, folder=Path("build"), region="any")
    said = _words(README.replace("\\\n", ""))
    commands = [
        line.strip()
        for line in summary(written).splitlines()
        if line.strip().startswith(("aws ", "cp "))
    ]
    assert len(commands) == count
    assert [command for command in commands if _words(command) not in said] == []


def test_the_readme_says_what_a_show_costs(default: Document) -> None:
    (hour,) = re.findall(r"about \$(\d+\.\d\d) an hour", README)
    (viewer_hour,) = re.findall(r"\$(\d+\.\d\d) per viewer-hour", README)
    assert float(hour) == pytest.approx(cost(default).on_air_hour, abs=0.005)
    assert float(viewer_hour) == pytest.approx(cost(default).viewer_hour, abs=0.005)
    show = estimate(default, Usage(hours=2, viewers=200)).show_dollars
    assert f"two-hour show with 200 viewers costs ${show:.2f}" in _words(README)


def test_the_docs_have_every_price() -> None:
    """And every flat-rate plan."""
    text = (CHECKOUT / "docs" / "cost.md").read_text(encoding="utf-8")
    for key, price in PRICES.items():
        given = "not known" if price.dollars is None else f"{price.dollars:.10f}".rstrip("0")
        row = f"| `{key}` | {given.rstrip('.')} | {price.unit} | {price.date} | {price.source} |"
        assert row in text
    for plan in PLANS:
        assert re.search(rf"^\| {plan.name} \| {plan.dollars:,}\b.*\| {plan.rules} \|$", text, re.M)


def _words(text: str) -> str:
    return " ".join(text.split())
