"""Lambda functions of the stream."""

from collections.abc import Callable

import pytest

from protected_stream import Stream
from protected_stream.lambda_code import INLINE, zip_bundles
from protected_stream.lambda_code.inline import inline_code
from tests.conftest import Document, of_type
from tests.resolve import Stack

ZIPS = {
    "managed": {"channel_guard", "cookies", "signing_key"},
    "supplied": {"channel_guard", "cookies"},
    "trusted-signer": {"channel_guard", "cookies"},
    "kms": set(),
}
"""The zip files that a template needs, by mode."""


def test_a_function_runs_the_code_that_its_key_names(
    any_template: Document, any_stream: Stream
) -> None:
    """The key has a digest of the content: different code has a different key and so an update."""
    target = zip_bundles.Target(architecture=any_stream.functions.architecture)
    zips = zip_bundles.bundles(target)
    stack = Stack(template=any_template, ids={"ArtifactBucket": "bucket"})
    keys = {code["S3Key"] for code in _code(stack, any_template) if "S3Key" in code}
    named = {f"parameter-ArtifactPrefix{item.file_name}": name for name, item in zips.items()}
    assert keys <= named.keys()
    needed = ZIPS[any_stream.signing.mode]
    assert {named[key] for key in keys} == {
        name
        for name in needed
        if name != "channel_guard"
        or (of_type(any_template, "AWS::MediaLive::Channel") and not any_stream.schedule.shows)
    }


def test_a_function_without_a_zip_file_has_its_code_in_the_template(
    any_template: Document, any_stream: Stream
) -> None:
    code = _code(Stack(template=any_template), any_template)
    there = {item["ZipFile"] for item in code if "ZipFile" in item}
    changes_answer = (
        any_stream.signing.bind_ip
        or any_stream.api.cookies_in_body
        or any_stream.viewers.groups
        or any_stream.delivery.allowed_other_sites
    )
    unused = {
        "cookies" if changes_answer else "cookies_with_options",
        "channel_guard" if any_stream.schedule.shows else "channel_guard_with_shows",
        "signing_key_age",  # only in other modes
    }
    inline = {inline_code(folder).text for name, folder in INLINE.items() if name not in unused}
    needed = {
        "public_key": any_stream.former_signing,
        "channel_guard_with_shows": any_stream.schedule.shows,
        "signing_key_age": any_stream.alarms is not None and any_stream.signing.mode == "managed",
    }
    if any_stream.signing.mode == "kms":
        assert there == inline
    else:
        assert there == {inline_code(name).text for name, is_used in needed.items() if is_used}


def _code(stack: Stack, template: Document) -> list[Document]:
    return [stack.properties(title)["Code"] for title in of_type(template, "AWS::Lambda::Function")]


@pytest.mark.parametrize("architecture", ["arm64", "x86_64"])
def test_the_processor_matches_the_wheels(
    template_of: Callable[..., Document], architecture: str
) -> None:
    template = template_of(functions={"architecture": architecture})
    for function in of_type(template, "AWS::Lambda::Function").values():
        assert function["Architectures"] == [architecture]
        assert function["Runtime"] == f"python{zip_bundles.PYTHON}"


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


def test_no_event_begins_too_late_for_its_response(any_template: Document) -> None:
    """Otherwise Lambda keeps an event for up to six hours, and delivers it then.

    The key's age is as good an answer then.
    """
    resources = any_template["Resources"]
    ages = {
        config["FunctionName"]["Ref"]: config["MaximumEventAgeInSeconds"]
        for config in of_type(any_template, "AWS::Lambda::EventInvokeConfig").values()
    }
    custom = [one["Properties"] for one in resources.values() if one["Type"].startswith("Custom::")]
    for properties in custom:
        title, _ = properties["ServiceToken"]["Fn::GetAtt"]
        timeout = resources[title]["Properties"]["Timeout"]
        assert ages[title] + timeout <= properties["ServiceTimeout"], title
    assert _invoked_asynchronously(any_template) - {"SigningKeyAgeFunction"} <= ages.keys()


def _invoked_asynchronously(template: Document) -> set[str]:
    """The functions that EventBridge or Secrets Manager invokes."""
    targets = [
        target["Arn"]["Fn::GetAtt"][0]
        for rule in of_type(template, "AWS::Events::Rule").values()
        for target in rule["Targets"]
        if "Fn::GetAtt" in target["Arn"]
    ]
    rotating = [
        schedule["RotationLambdaARN"]["Fn::GetAtt"][0]
        for schedule in of_type(template, "AWS::SecretsManager::RotationSchedule").values()
    ]
    return {*targets, *rotating}
