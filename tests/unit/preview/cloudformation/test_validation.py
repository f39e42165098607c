"""Template keys, and the names in them, are checked before anything is created."""

from typing import Any

import pytest

from preview.cloudformation.validation import check_keys
from preview.errors import NotSupported, Rejected

BUCKET: dict[str, Any] = {"Type": "AWS::S3::Bucket"}


@pytest.mark.parametrize(
    ("section", "entry", "words"),
    [
        ("Parameters", {"Type": "String", "Fallback": "x"}, "Fallback of One"),
        ("Outputs", {"Value": "x", "Comment": "x"}, "Comment of One"),
        ("Resources", {**BUCKET, "Settings": {}}, "Settings of One"),
        ("Resources", {**BUCKET, "UpdatePolicy": {}}, "UpdatePolicy of One"),
    ],
)
def test_unknown_keys_are_named(section: str, entry: dict[str, Any], words: str) -> None:
    with pytest.raises(NotSupported, match=words):
        check_keys({"Resources": {}, section: {"One": entry}})


@pytest.mark.parametrize(
    ("resource", "words"),
    [
        ({**BUCKET, "Condition": "Nope"}, "There is no condition Nope, of One"),
        ({**BUCKET, "DependsOn": "Nobody"}, "Unresolved resource dependencies"),
    ],
)
def test_names_that_do_not_exist_are_rejected(resource: dict[str, Any], words: str) -> None:
    with pytest.raises(Rejected, match=words):
        check_keys({"Conditions": {"Wanted": True}, "Resources": {"One": resource}})


def test_known_keys_and_names_are_accepted() -> None:
    check_keys(
        {
            "Conditions": {"Wanted": {"Fn::Equals": ["a", "a"]}},
            "Parameters": {"Name": {"Type": "String", "Default": "x", "NoEcho": True}},
            "Resources": {"One": {**BUCKET, "Condition": "Wanted"}},
            "Outputs": {"Name": {"Value": "x", "Export": {"Name": "x"}, "Condition": "Wanted"}},
        }
    )
