"""Extensions: the example in the docs, and rules for every extension."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from troposphere import NoValue, Output, Ref, Tags, s3, sns

from protected_stream import Section, Stack, Stream, assemble, build
from protected_stream.errors import BuildError
from protected_stream.lambda_code.inline import InlineCode
from protected_stream.lint import findings
from protected_stream.template.emit import document
from tests.conftest import CHECKOUT, Document

DOCS = CHECKOUT / "docs" / "extending.md"


@pytest.fixture(scope="module")
def example() -> Any:
    """The function `cookie_alarm` of the docs' example, not used in a build yet."""
    (code,) = re.findall(r"```python\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(code[: code.index("\nstream = ")], names)  # noqa: S102 # the docs' own lines
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
    assert interface["ParameterLabels"]["AlarmEmail"] == {"default": "Email address for alarms"}


def test_nothing_else_changes(extended: Document) -> None:
    without = document(assemble(Stream(tags={"team": "live"})))
    mine = {"AlarmEmail", "AlarmTopic", "AlarmTopicArn", "CookiesFunctionErrors"}
    for part in ("Parameters", "Conditions", "Resources", "Outputs"):
        assert without[part] == {
            name: value for name, value in extended[part].items() if name not in mine
        }


def test_the_example_runs_as_written_and_is_clean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```python\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 # the docs' own lines
    made = names["made"]
    assert made.sources["AlarmTopic"] == "cookie_alarm"
    assert "AlarmEmail=" in (tmp_path / "build" / "parameters.json").read_text()
    assert capsys.readouterr().out == ""


def test_stateful_resources_of_extensions_get_deletion_policies() -> None:
    def archive(_: Stack) -> Section:
        return Section(source="archive", resources=(s3.Bucket("Archive"),))

    template = document(assemble(Stream(), extend=(archive,)))
    assert template["Resources"]["Archive"]["DeletionPolicy"] == "RetainExceptOnCreate"
    assert "${Archive}" in template["Outputs"]["KeptAfterDeletion"]["Value"]["Fn::Sub"]


@pytest.mark.parametrize("title", ["PageBucket", "StreamKey"])
def test_a_taken_name_is_rejected_and_nothing_is_written(title: str, tmp_path: Path) -> None:
    def another(_: Stack) -> Section:
        return Section(source="another", resources=(s3.Bucket(title, Tags=NoValue),))

    with pytest.raises(BuildError, match=f"resource is named {title}, in"):
        build(Stream(), tmp_path / "out", extend=(another,))
    assert not (tmp_path / "out").exists()


def test_an_extension_may_refer_to_the_stack() -> None:
    def policy(stack: Stack) -> Section:
        bucket = s3.Bucket("Mirror", BucketName=Ref(stack.edge.page_bucket.bucket))
        return Section(source="mirror", resources=(bucket,))

    template = document(assemble(Stream(), extend=(policy,)))
    assert template["Resources"]["Mirror"]["Properties"] == {"BucketName": {"Ref": "PageBucket"}}


@pytest.mark.parametrize("mode", ["managed", "kms"])
def test_an_extension_may_have_its_own_function(mode: str) -> None:
    def hello(stack: Stack) -> Section:
        made = stack.functions.function(
            "Hello",
            InlineCode(text="def handler(event, context):\n return 'hello'\n"),
            reason="says hello",
            environment={},
            statements=[],
            timeout=3,
            memory=128,
        )
        return Section(source="hello", resources=made.resources, code=(made.code,))

    template = document(
        assemble(Stream.model_validate({"signing": {"mode": mode}}), extend=(hello,))
    )
    function = template["Resources"]["Hello"]["Properties"]
    assert function["Handler"] == "index.handler"
    assert function["Role"] == {"Fn::GetAtt": ["HelloRole", "Arn"]}
    assert ("ArtifactBucket" in template["Parameters"]) == (mode == "managed")


def test_its_own_tags_are_kept_with_those_of_the_stream() -> None:
    def tagged(_: Stack) -> Section:
        topic = sns.Topic("Tagged", Tags=Tags(owner="me", team="mine"))
        return Section(source="tagged", resources=(topic,))

    template = document(assemble(Stream(tags={"team": "live", "show": "a"}), extend=(tagged,)))
    assert template["Resources"]["Tagged"]["Properties"]["Tags"] == [
        {"Key": "owner", "Value": "me"},
        {"Key": "show", "Value": "a"},
        {"Key": "team", "Value": "mine"},
    ]


@pytest.mark.parametrize(
    ("section", "says"),
    [
        (
            Section(source="mine", outputs=(Output("KeptAfterDeletion", Value="x"),)),
            "mine: another output is named KeptAfterDeletion, in every template",
        ),
        (
            Section(source="mine", page_settings={"title": "My stream"}),
            "mine: an extension cannot provide page_settings",
        ),
    ],
    ids=["the output of every template", "what would be lost"],
)
def test_what_cannot_be_added_is_rejected(section: Section, says: str) -> None:
    with pytest.raises(BuildError, match=says):
        assemble(Stream(), extend=(lambda _: section,))
