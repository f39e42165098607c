"""The Lambda functions of the stream."""

from collections.abc import Callable

import pytest

from generator import Stream, artifacts
from tests.conftest import Document, of_type
from tests.resolve import Stack


def test_a_function_runs_the_code_that_its_key_names(
    any_template: Document, any_stream: Stream
) -> None:
    """The content is in the key: other code is another key, and so a change of the function."""
    target = artifacts.Target(architecture=any_stream.functions.architecture)
    bundles = artifacts.bundles(target)
    stack = Stack(template=any_template, ids={"ArtifactBucket": "bucket"})
    keys = {
        stack.properties(title)["Code"]["S3Key"]
        for title in of_type(any_template, "AWS::Lambda::Function")
    }
    named = {f"parameter-ArtifactPrefix{item.file_name}": name for name, item in bundles.items()}
    assert keys <= named.keys()
    used = {"channel_guard", "cookies", "signing_key"}
    made = any_stream.signing.mode == "managed"
    assert {named[key] for key in keys} == (used if made else used - {"signing_key"})


@pytest.mark.parametrize("architecture", ["arm64", "x86_64"])
def test_the_processor_is_the_one_of_the_wheels(
    template_of: Callable[..., Document], architecture: str
) -> None:
    template = template_of(functions={"architecture": architecture})
    for function in of_type(template, "AWS::Lambda::Function").values():
        assert function["Architectures"] == [architecture]
        assert function["Runtime"] == f"python{artifacts.PYTHON}"


@pytest.mark.parametrize(
    ("text", "taken"), [("", True), ("a/", True), ("a/b-c/", True), ("a", False), ("/a/", False)]
)
def test_the_folder_of_the_code_is_empty_or_ends_in_a_slash(
    matches: Callable[[str, str], bool], text: str, taken: bool
) -> None:
    assert matches("ArtifactPrefix", text) == taken


@pytest.mark.parametrize(
    ("text", "taken"), [("my-bucket.1", True), ("ab", False), ("My-Bucket", False), ("", False)]
)
def test_the_bucket_of_the_code_has_a_buckets_name(
    matches: Callable[[str, str], bool], text: str, taken: bool
) -> None:
    assert matches("ArtifactBucket", text) == taken
