"""`protected-stream diff`: what an update changes, and what it means."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from protected_stream.cli.exit_status import CLEAN, FINDINGS, NOTHING_WRITTEN
from protected_stream.cli.main import main
from protected_stream.reading.changes import REFUSED_CHANGES, Effect, changes
from protected_stream.reading.consequences import CONSEQUENCES
from tests.conftest import Document

Diff = Callable[..., int]


@pytest.fixture
def diff(tmp_path: Path, default: Document) -> Diff:
    """Compares the default stream's template with another one, both in files."""

    def command(new: Document, *arguments: str) -> int:
        for name, template in (("old", default), ("new", new)):
            (tmp_path / f"{name}.json").write_text(json.dumps(template))
        return main(["diff", str(tmp_path / "old.json"), str(tmp_path / "new.json"), *arguments])

    return command


def test_the_same_template_changes_nothing(
    diff: Diff, default: Document, capsys: pytest.CaptureFixture[str]
) -> None:
    assert diff(default) == CLEAN
    assert capsys.readouterr().out == "Nothing changes.\n"


@pytest.mark.parametrize(
    ("tables", "resource", "means"),
    [
        (
            {"encoding": {"ladder": "HD-720p"}},
            "Channel\tAWS::MediaLive::Channel\tchanged in place\t",
            "viewers\tthe stream is interrupted while the channel stops and starts again",
        ),
        (
            {"ingest": {"type": "mp4-file"}},
            "EncoderInput\tAWS::MediaLive::Input\treplaced\t",
            "operator\tthe source changes",
        ),
        (
            {"viewers": {"pool": "existing"}},
            "UserPool\tAWS::Cognito::UserPool\tremoved, the former one is kept\t",
            "viewers\tthey need an account in the other user pool, and sign in again",
        ),
        (
            {"delivery": {"domains": ["live.example.com"]}},
            "Distribution\tAWS::CloudFront::Distribution\tchanged in place\t",
            "viewers\tthe watch page has another address, where they sign in again",
        ),
        (
            {"roles": {"path": "/streams/"}},
            "ChannelRole\tAWS::IAM::Role\treplaced\tPath",
            "viewers\tthe stream is interrupted",
        ),
    ],
)
def test_a_change_is_named_with_what_it_means(
    diff: Diff,
    template_of: Callable[..., Document],
    tables: Mapping[str, Any],
    resource: str,
    means: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert diff(template_of(**tables)) == FINDINGS
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith(resource)]
    assert [line for line in lines if line.startswith(means)]


def test_programs_get_json(
    diff: Diff, template_of: Callable[..., Document], capsys: pytest.CaptureFixture[str]
) -> None:
    diff(template_of(viewers={"mfa": "optional"}), "--json")
    printed = json.loads(capsys.readouterr().out)
    assert {one["LogicalId"] for one in printed["Resources"]} == {"UserPool", "PageClient"}
    assert {one["For"] for one in printed["Consequences"]} == {"viewers"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "there is no such file"),
        ("{", "is not JSON"),
        ('{"Resources": {}}', "is not a template that protected-stream has written"),
    ],
)
def test_a_file_that_is_no_template_is_refused(
    tmp_path: Path, text: str | None, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "old.json"
    if text is not None:
        file.write_text(text)
    assert main(["diff", str(file), str(file)]) == NOTHING_WRITTEN
    assert says in capsys.readouterr().err


def test_a_changed_type_is_refused(default: Document) -> None:
    new = json.loads(json.dumps(default))
    new["Resources"]["PageBucket"]["Type"] = "AWS::SNS::Topic"
    found = {one.name: one for one in changes(default, new)}
    assert found["PageBucket"].effect is Effect.REFUSED
    assert "cannot become" in found["PageBucket"].why


def _paths() -> Iterator[tuple[str, str]]:
    yield from ((kind, path) for kind, path in REFUSED_CHANGES)
    yield from ((row.kind, path) for row in CONSEQUENCES for path in row.properties)


def test_every_property_in_the_tables_exists() -> None:
    for kind, path in _paths():
        if not kind.startswith("Custom::"):
            schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema
            inner: Any = schema
            for name in path.split("."):
                inner = inner.get("properties", {}).get(name)
                assert inner is not None, (kind, path)
                if "$ref" in inner:
                    inner = schema["definitions"][inner["$ref"].rpartition("/")[2]]
