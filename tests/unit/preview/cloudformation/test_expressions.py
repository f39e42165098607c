"""Expressions have CloudFormation's values, and unsupported ones are rejected."""

from typing import Any

import pytest

from preview.cloudformation.expressions import Scope
from preview.errors import PreviewError
from preview.resource import Resource

BUCKET = Resource(
    logical_id="Bucket",
    type="AWS::S3::Bucket",
    properties={},
    ref="live-bucket",
    attributes={"Arn": "arn:aws:s3:::live-bucket"},
)
SCOPE = Scope(
    names={"Mail": "a@b.example", "Empty": "", "Names": ["x", "y"], "AWS::Region": "eu-west-1"},
    mappings={"Hosts": {"eu-west-1": {"name": "there"}}},
    conditions={"Wanted": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Mail"}, {"Ref": "Empty"}]}]}},
    resources={"Bucket": BUCKET},
)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ({"Ref": "Mail"}, "a@b.example"),
        ({"Ref": "Bucket"}, "live-bucket"),
        ({"Fn::GetAtt": ["Bucket", "Arn"]}, "arn:aws:s3:::live-bucket"),
        ({"Fn::GetAtt": "Bucket.Arn"}, "arn:aws:s3:::live-bucket"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Bucket"}, 3]]}, "a-live-bucket-3"),
        ({"Fn::Join": ["-", {"Ref": "Names"}]}, "x-y"),
        ({"Fn::Select": ["1", {"Fn::Split": ["/", "a/b/c"]}]}, "b"),
        ({"Fn::Sub": "${Bucket}/${Bucket.Arn}/${!Literal}/${AWS::Region}"},
         "live-bucket/arn:aws:s3:::live-bucket/${Literal}/eu-west-1"),
        ({"Fn::Sub": ["${Own} ${Mail}", {"Own": {"Ref": "Bucket"}}]}, "live-bucket a@b.example"),
        ({"Fn::FindInMap": ["Hosts", {"Ref": "AWS::Region"}, "name"]}, "there"),
        ({"Fn::If": ["Wanted", "then", "otherwise"]}, "then"),
        ({"Fn::Or": [{"Condition": "Wanted"}, {"Fn::Equals": ["a", "b"]}]}, True),
        ({"Fn::And": [{"Condition": "Wanted"}, {"Fn::Equals": ["a", "b"]}]}, False),
        ({"Fn::Contains": [{"Ref": "Names"}, "y"]}, True),
        ({"Fn::Base64": "abc"}, "YWJj"),
        ({"Kept": 1, "Gone": {"Ref": "AWS::NoValue"}}, {"Kept": 1}),
        ([1, {"Ref": "AWS::NoValue"}, {"Fn::If": ["Wanted", {"Ref": "AWS::NoValue"}, 2]}], [1]),
        ({"Fn::Join": ["", [True, 1]]}, "true1"),
        # a policy's Condition is an object, and no function
        ({"Condition": {"StringEquals": {"a": {"Ref": "Mail"}}}},
         {"Condition": {"StringEquals": {"a": "a@b.example"}}}),
    ],
)  # fmt: skip
def test_an_expression_has_its_value(expression: Any, value: Any) -> None:
    assert SCOPE.value(expression) == value


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ({"Ref": "Nobody"}, "refers to Nobody"),
        ({"Fn::GetAtt": ["Bucket", "Arnn"]}, "no attribute Arnn"),
        ({"Fn::Sub": "${Nobody}"}, "refers to Nobody"),
        ({"Fn::Select": [3, ["a"]]}, "no item 3"),
        ({"Fn::Join": ["-", "text"]}, "must be a list"),
        ({"Fn::Join": ["-", [{"Ref": "Names"}]]}, "must be a string"),
        ({"Fn::FindInMap": ["Hosts", "us-east-1", "name"]}, "no such entry"),
        ({"Fn::If": ["Nope", 1, 2]}, "no condition Nope"),
        ({"Fn::And": [{"Condition": "Wanted"}]}, "Fn::And needs 2 to 10 conditions, not 1"),
        ({"Fn::Or": 11 * [{"Condition": "Wanted"}]}, "Fn::Or needs 2 to 10 conditions, not 11"),
        ({"Fn::Not": 2 * [{"Condition": "Wanted"}]}, "Fn::Not needs 1 conditions, not 2"),
        ({"Fn::Cidr": ["10.0.0.0/16", 2, 8]}, "does not support Fn::Cidr"),
        ({"Fn::ImportValue": "x"}, "does not support Fn::ImportValue"),
    ],
)
def test_missing_references_and_unsupported_functions_are_errors(
    expression: Any, words: str
) -> None:
    with pytest.raises(PreviewError) as refusal:
        SCOPE.value(expression)
    assert words in str(refusal.value)
