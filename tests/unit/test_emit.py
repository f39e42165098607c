"""CloudFormation template files: JSON, YAML and parameters."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cfn_flip
import cfnlint.decode

from protected_stream import Stream, assemble
from protected_stream.template.emit import document, documents, write
from tests.conftest import Document


def test_json_and_yaml_are_the_same_document_in_the_same_order(
    any_stream: Stream, tmp_path: Path
) -> None:
    """As loaded by cfn-flip and by cfn-lint's own decoder."""
    written = documents(assemble(any_stream))
    write(written, tmp_path)
    from_yaml, from_json = long_form(written.yaml), json.loads(written.json)
    assert from_yaml == from_json
    assert list(_keys(from_yaml)) == list(_keys(from_json))
    for name in ("template.json", "template.yaml"):
        assert cfnlint.decode.decode(str(tmp_path / name)) == (from_json, [])


def test_the_order_follows_the_stream(default: Document) -> None:
    assert list(default) == [
        "AWSTemplateFormatVersion",
        "Description",
        "Metadata",
        "Parameters",
        "Mappings",
        "Conditions",
        "Resources",
        "Outputs",
    ]
    milestones = (
        "EncoderInput",
        "Channel",
        "PackagerEndpoint",
        "Distribution",
        "UserPool",
        "ApiStage",
    )
    assert [title for title in default["Resources"] if title in milestones] == list(milestones)


def test_json_is_compact() -> None:
    text = documents(assemble(Stream())).json
    assert text == json.dumps(json.loads(text), separators=(",", ":"), ensure_ascii=False) + "\n"


def test_yaml_is_for_readers() -> None:
    text = documents(assemble(Stream())).yaml
    assert "!GetAtt" in text
    assert "Fn::" not in text


def test_parameters_are_in_the_format_that_both_command_lines_accept(default: Document) -> None:
    """AWS CLI 1 accepts only a list of Name=value from a file."""
    skeleton = json.loads(documents(assemble(Stream())).parameters)
    assert [line.split("=")[0] for line in skeleton] == list(default["Parameters"])


def test_equal_streams_give_equal_bytes() -> None:
    assert documents(assemble(Stream())) == documents(assemble(Stream()))


def test_another_option_gives_another_document() -> None:
    other = Stream.model_validate({"encoding": {"ladder": "SD-540p"}})
    assert document(assemble(other)) != document(assemble(Stream()))


def long_form(text: str) -> Document:
    """The YAML document with long-form intrinsic functions, by cfn-flip."""
    return dict(json.loads(cfn_flip.to_json(text)))  # type: ignore[no-untyped-call] # ships no types


def _keys(value: Any) -> Iterator[str]:
    """All keys, in the document's order."""
    for key, inner in value.items() if isinstance(value, dict) else ():
        yield key
        yield from _keys(inner)
    for inner in value if isinstance(value, list) else ():
        yield from _keys(inner)
