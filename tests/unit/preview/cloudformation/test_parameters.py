"""Values that violate their declarations are rejected before anything is created."""

from typing import Any

import pytest

from preview.cloudformation.parameters import parameter_values
from preview.errors import Rejected

TEXT: dict[str, Any] = {"Type": "String"}


def test_omitted_parameters_have_their_defaults() -> None:
    declared = {"Prefix": {**TEXT, "Default": "code/"}, "Size": {"Type": "Number", "Default": 3}}
    assert parameter_values(declared, {"Size": "4"}) == {"Prefix": "code/", "Size": "4"}


def test_lists_are_split_at_commas() -> None:
    declared = {"Names": {"Type": "CommaDelimitedList"}}
    assert parameter_values(declared, {"Names": "a, b,c"}) == {"Names": ["a", "b", "c"]}


@pytest.mark.parametrize(
    ("declaration", "text", "words"),
    [
        ({**TEXT, "AllowedPattern": "[a-z]+"}, "abC", "must match [a-z]+"),
        ({**TEXT, "AllowedPattern": "^[a-z]+$"}, "abc\n", "must match"),
        ({**TEXT, "AllowedValues": ["Yes", "No"]}, "yes", "must be one of"),
        ({**TEXT, "MinLength": 3}, "ab", "at least 3"),
        ({**TEXT, "MaxLength": 3}, "abcd", "at most 3"),
        (TEXT, "x" * 4097, "has more than 4096 bytes"),
        (TEXT, "ü" * 2049, "has more than 4096 bytes"),
        ({"Type": "Number", "MinValue": 3}, "2", "at least 3"),
        ({"Type": "Number", "MaxValue": 3}, "4", "at most 3"),
        ({"Type": "Number"}, "four", "must be a number"),
        ({"Type": "AWS::SSM::Parameter::Value<String>"}, "x", "the preview does not support"),
        ({**TEXT, "MinLength": 3, "ConstraintDescription": "must be long"}, "ab", "must be long"),
    ],
)
def test_an_invalid_value_is_rejected(declaration: dict[str, Any], text: str, words: str) -> None:
    with pytest.raises(Rejected) as refusal:
        parameter_values({"Name": declaration}, {"Name": text})
    assert words in str(refusal.value)


def test_all_mistakes_are_reported_at_once_without_values() -> None:
    declared = {"Key": {**TEXT, "NoEcho": True, "MinLength": 16}, "Cidr": TEXT}
    with pytest.raises(Rejected) as refusal:
        parameter_values(declared, {"Key": "hunter2", "Kye": "x"})
    words = str(refusal.value)
    assert all(part in words for part in ("Cidr is missing", "Key must", "Kye is not a parameter"))
    assert "hunter2" not in words
