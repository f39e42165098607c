"""Sections from outside: the worked example of the docs, and what holds for every extension."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from troposphere import NoValue, Ref, s3

from protected_stream import Section, Stack, Stream, assemble, build
from protected_stream.errors import BuildError
from protected_stream.lint import findings
from protected_stream.template.emit import document
from tests.conftest import CHECKOUT, Document

DOCS = CHECKOUT / "docs" / "extending.md"


@pytest.fixture(scope="module")
def example() -> Any:
    """The function of the docs' example, `cookie_alarm`; it is not built with yet."""
    (code,) = re.findall(r"```python\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(code[: code.index("\nbuild(")], names)  # noqa: S102 # the docs' own lines
    return names["cookie_alarm"]


@pytest.fixture(scope="module")
def extended(example: Any) -> Document:
    """The default template with the docs' example."""
    return document(assemble(Stream(tags={"team": "live"}), extend=(example,)))


def test_the_example_is_in_a_clean_template(extended: Document) -> None:
    assert findings(json.dumps(extended), "any") == ()
    alarm = extended["Resources"]["CookiesFunctionErrors"]["Properties"]
    assert alarm["Dimensions"] == [{"Name": "FunctionName", "Value": {"Ref": "CookiesFunction"}}]
    assert extended["Resources"]["AlarmTopic"]["Properties"]["Tags"] == [
        {"Key": "team", "Value": "live"}
    ]
    interface = extended["Metadata"]["AWS::CloudFormation::Interface"]
    assert interface["ParameterLabels"]["AlarmEmail"] == {"default": "E-mail address for alarms"}


def test_nothing_else_changes(extended: Document) -> None:
    without = document(assemble(Stream(tags={"team": "live"})))
    mine = {"AlarmTopic", "CookiesFunctionErrors"}
    assert {
        title: resource for title, resource in extended["Resources"].items() if title not in mine
    } == without["Resources"]


def test_the_example_is_written_as_it_stands(example: Any, tmp_path: Path) -> None:
    made = build(Stream(), tmp_path, extend=(example,))
    assert made.sources["AlarmTopic"] == "cookie_alarm"
    assert "AlarmEmail=" in (tmp_path / "parameters.json").read_text()


def test_what_holds_something_gets_its_deletion_policy() -> None:
    def archive(_: Stack) -> Section:
        return Section(source="archive", resources=(s3.Bucket("Archive"),))

    template = document(assemble(Stream(), extend=(archive,)))
    assert template["Resources"]["Archive"]["DeletionPolicy"] == "RetainExceptOnCreate"
    assert "${Archive}" in template["Outputs"]["KeptAfterDeletion"]["Value"]["Fn::Sub"]


@pytest.mark.parametrize("title", ["PageBucket", "StreamKey"])
def test_a_name_that_is_taken_is_refused_and_nothing_is_written(title: str, tmp_path: Path) -> None:
    def another(_: Stack) -> Section:
        return Section(source="another", resources=(s3.Bucket(title, Tags=NoValue),))

    with pytest.raises(BuildError, match=f"resource is named {title}, in"):
        build(Stream(), tmp_path / "out", extend=(another,))
    assert not (tmp_path / "out").exists()


def test_an_extension_may_name_what_the_stack_has() -> None:
    def policy(stack: Stack) -> Section:
        bucket = s3.Bucket("Mirror", BucketName=Ref(stack.edge.page_bucket.bucket))
        return Section(source="mirror", resources=(bucket,))

    template = document(assemble(Stream(), extend=(policy,)))
    assert template["Resources"]["Mirror"]["Properties"] == {"BucketName": {"Ref": "PageBucket"}}
