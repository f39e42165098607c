"""Every finding of checkov and of AWS Control Tower's rules is waived with a reason, and no other.

The waivers are one table, protected_stream/lint/waivers.py. Fix what a rule is right about; waive
the rest with what an attacker gains.
"""

import json
from pathlib import Path

import pytest

from protected_stream import Stream, assemble
from protected_stream.config import load
from protected_stream.lint.waivers import CHECKOV, WAIVERS, waivers
from protected_stream.template.emit import document
from tests.conftest import STREAMS, Document
from tests.option_values import options
from tests.policy.tools import (
    INSTALLED,
    Found,
    checkov,
    found_by_checkov,
    guard,
    rules_about,
    unpack_guard,
)

pytestmark = [
    pytest.mark.skipif(not INSTALLED.exists(), reason="make test-policy installs checkov"),
    pytest.mark.timeout(600),
]


def _stream(name: str, *, waived: bool) -> Stream:
    """An example, with or without the waivers in its template."""
    stream = load(STREAMS[name])
    return stream.model_copy(update={"lint": stream.lint.model_copy(update={"waivers": waived})})


@pytest.fixture(scope="module")
def templates() -> dict[str, Document]:
    """The template of every example, without waivers in it."""
    return {name: document(assemble(_stream(name, waived=False))) for name in STREAMS}


@pytest.fixture(scope="module")
def folder(templates: dict[str, Document], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as files."""
    folder = tmp_path_factory.mktemp("templates")
    for name, template in templates.items():
        (folder / f"{name}.json").write_text(json.dumps(template), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def by_checkov(folder: Path) -> dict[str, Found]:
    return found_by_checkov(checkov(folder))


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of cfn-guard and its rules."""
    folder = tmp_path_factory.mktemp("guard")
    unpack_guard(folder)
    return folder


@pytest.fixture(scope="module")
def by_guard(folder: Path, templates: dict[str, Document], unpacked: Path) -> dict[str, Found]:
    """By the rules about the types that occur; the others find nothing and take a minute."""
    types = {
        resource["Type"]
        for template in templates.values()
        for resource in template["Resources"].values()
    }
    return guard(unpacked, rules_about(types, unpacked), folder)


def _waived(template: Document, *, of_checkov: bool) -> Found:
    return frozenset(
        (logical_id, rule)
        for logical_id, resource in template["Resources"].items()
        for rule in waivers(logical_id, resource)
        if rule.startswith(CHECKOV) == of_checkov
    )


@pytest.mark.parametrize("name", STREAMS)
def test_checkov_finds_what_is_waived_and_nothing_else(
    name: str, templates: dict[str, Document], by_checkov: dict[str, Found]
) -> None:
    assert by_checkov[name] == _waived(templates[name], of_checkov=True)


@pytest.mark.parametrize("name", STREAMS)
def test_control_tower_finds_what_is_waived_and_nothing_else(
    name: str, templates: dict[str, Document], by_guard: dict[str, Found]
) -> None:
    assert by_guard[name] == _waived(templates[name], of_checkov=False)


def test_every_waiver_is_needed_and_says_what_an_attacker_gains(
    by_checkov: dict[str, Found], by_guard: dict[str, Found]
) -> None:
    needed = {rule for found in (by_checkov, by_guard) for of in found.values() for _, rule in of}
    assert {rule for one in WAIVERS for rule in one.rules} == needed
    for one in WAIVERS:
        assert "attacker" in one.reason
        assert one.reason.endswith(".")


def test_checkov_reads_the_waivers_in_a_template(tmp_path: Path) -> None:
    """Nothing fails, and every reason is in the report."""
    name = "hardened"
    template = document(assemble(_stream(name, waived=True)))
    (tmp_path / "template.json").write_text(json.dumps(template), encoding="utf-8")
    report = checkov(tmp_path)
    skipped = {
        (one["resource"].split(".")[1], one["check_id"]): one["check_result"]["suppress_comment"]
        for one in report["results"]["skipped_checks"]
    }
    assert report["results"]["failed_checks"] == []
    assert skipped.keys() == _waived(template, of_checkov=True)
    assert {*skipped.values()} <= {one.reason for one in WAIVERS}


def test_a_fault_is_found(templates: dict[str, Document], unpacked: Path, tmp_path: Path) -> None:
    """The tools judge: a bucket that is open to the public is found by both."""
    template = json.loads(json.dumps(templates["default"]))
    del template["Resources"]["PageBucket"]["Properties"]["PublicAccessBlockConfiguration"]
    (tmp_path / "template.json").write_text(json.dumps(template), encoding="utf-8")
    by_rules = guard(unpacked, rules_about(["AWS::S3::Bucket"], unpacked), tmp_path)["template"]
    by_checks = found_by_checkov(checkov(tmp_path))["template"]
    waived = _waived(template, of_checkov=True) | _waived(template, of_checkov=False)
    assert {one for one, _ in by_checks - waived} == {"PageBucket"}
    assert ("PageBucket", "CT.S3.PR.1") in by_rules - waived


def test_the_hardened_example_turns_on_every_option_that_avoids_a_finding() -> None:
    hardened = document(assemble(load(STREAMS["hardened"])))
    left = {
        rule
        for logical_id, resource in hardened["Resources"].items()
        for rule in waivers(logical_id, resource)
    }
    avoidable = [one for one in WAIVERS if one.option]
    assert {one.option for one in avoidable} <= {one.dotted for one in options()}
    assert [one.option for one in avoidable if left & {*one.rules}] == []
