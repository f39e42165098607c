"""KMS signing key: it never leaves KMS."""

import json
import re
from typing import Any

import pytest
from pydantic import ValidationError

from tests.conftest import Document, of_type
from tests.resolve import Stack
from tests.template.signing.streams import signed_by

# Bytes of a template in the request itself; AWS CloudFormation User Guide, "Quotas", template body
LARGEST_IN_A_REQUEST = 51_200
ALGORITHMS = {
    "rsa-2048": ("RSA_2048", "RSASSA_PKCS1_V1_5_SHA_256"),
    "ecdsa-p256": ("ECC_NIST_P256", "ECDSA_SHA_256"),
}


def by_kms(**more: Any) -> Document:
    return signed_by(mode="kms", **more)


def variables(template: Document) -> dict[str, str]:
    """The signing function's environment variables, resolved."""
    properties = Stack(template=template).properties("CookiesByKmsFunction")
    resolved: dict[str, str] = properties["Environment"]["Variables"]
    return resolved


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_the_key_has_that_type_and_signs_only_with_its_algorithm(algorithm: str) -> None:
    template = by_kms(algorithm=algorithm)
    spec, signing_algorithm = ALGORITHMS[algorithm]
    (key,) = of_type(template, "AWS::KMS::Key").values()
    assert (key["KeySpec"], key["KeyUsage"]) == (spec, "SIGN_VERIFY")
    role = template["Resources"]["CookiesByKmsFunctionRole"]["Properties"]
    (statement, _) = role["Policies"][0]["PolicyDocument"]["Statement"]
    assert statement == {
        "Action": ["kms:Sign"],
        "Effect": "Allow",
        "Resource": [{"Fn::GetAtt": ["SigningKey1", "Arn"]}],
        "Condition": {"StringEquals": {"kms:SigningAlgorithm": signing_algorithm}},
    }
    assert f"={signing_algorithm}=" in variables(template)["KEYS"]


def test_a_deleted_key_waits_thirty_days() -> None:
    template = by_kms()
    (key,) = of_type(template, "AWS::KMS::Key").values()
    assert key["PendingWindowInDays"] == 30
    # CloudFormation's default, which this template has no room to state
    assert "DeletionPolicy" not in template["Resources"]["SigningKey1"]


def test_the_template_leaves_out_explanations_to_fit_in_one_request(default: Document) -> None:
    template = by_kms()
    assert "Description" in default["Outputs"]["WatchAddress"]
    assert not any("Description" in output for output in template["Outputs"].values())
    assert "DeletionPolicy" in template["Resources"]["UserPool"]
    assert "com.aws.cloudformation.Context" not in template["Metadata"]


def test_another_generation_does_not_change_the_first() -> None:
    before, both, after = (by_kms(generations=some) for some in ([1], [2, 1], [2]))
    for name in ("SigningKey1", "SigningKey1Pem", "SigningKey1Public"):
        assert before["Resources"][name] == both["Resources"][name]
        assert name not in after["Resources"]
    for name in ("SigningKey2", "SigningKey2Pem", "SigningKey2Public"):
        assert both["Resources"][name] == after["Resources"][name]


def test_the_group_trusts_every_generation() -> None:
    template = by_kms(generations=[2, 1])
    (group,) = of_type(template, "AWS::CloudFront::KeyGroup").values()
    assert group["KeyGroupConfig"]["Items"] == [
        {"Ref": "SigningKey2Public"},
        {"Ref": "SigningKey1Public"},
    ]


def test_the_function_gets_the_newest_key_first() -> None:
    template = by_kms(generations=[12, 9], algorithm="ecdsa-p256", former_algorithm="rsa-2048")
    keys = [key.split("=") for key in variables(template)["KEYS"].split(" ")]
    stack = Stack(template=template)
    assert keys == [
        [
            stack.value({"Ref": f"SigningKey{number}Public"}),
            stack.value({"Fn::GetAtt": [f"SigningKey{number}", "Arn"]}),
            ALGORITHMS[algorithm][1],
            stack.value({"Fn::GetAtt": [f"SigningKey{number}Pem", "Since"]}),
        ]
        for number, algorithm in ((12, "ecdsa-p256"), (9, "rsa-2048"))
    ]


def test_each_key_signs_only_with_its_own_algorithm() -> None:
    template = by_kms(generations=[2, 1], algorithm="ecdsa-p256", former_algorithm="rsa-2048")
    role = template["Resources"]["CookiesByKmsFunctionRole"]["Properties"]
    statements = role["Policies"][0]["PolicyDocument"]["Statement"]
    assert {
        (name["Fn::GetAtt"][0], one["Condition"]["StringEquals"]["kms:SigningAlgorithm"])
        for one in statements
        if one["Action"] == ["kms:Sign"]
        for name in one["Resource"]
    } == {("SigningKey2", "ECDSA_SHA_256"), ("SigningKey1", "RSASSA_PKCS1_V1_5_SHA_256")}


def test_only_the_public_key_function_reads_public_keys() -> None:
    policies = {
        title: str(role["Policies"])
        for title, role in of_type(by_kms(), "AWS::IAM::Role").items()
        if "kms:" in str(role["Policies"])
    }
    assert policies.keys() == {"PublicKeyFunctionRole", "CookiesByKmsFunctionRole"}
    assert re.findall(r"kms:\w+", policies["PublicKeyFunctionRole"]) == ["kms:GetPublicKey"]


def test_the_template_contains_all_code_and_needs_no_bucket() -> None:
    template = by_kms()
    functions = of_type(template, "AWS::Lambda::Function")
    assert functions.keys() == {"ChannelGuardFunction", "CookiesByKmsFunction", "PublicKeyFunction"}
    assert all(one["Code"].keys() == {"ZipFile"} for one in functions.values())
    assert not template["Parameters"].keys() & {"ArtifactBucket", "ArtifactPrefix"}


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("generations", [[1], [2, 1]])
def test_it_fits_in_one_request(generations: list[int], algorithm: str) -> None:
    template = by_kms(generations=generations, algorithm=algorithm)
    text = json.dumps(template, separators=(",", ":"), ensure_ascii=False)
    print(len(text.encode()))
    assert len(text.encode()) <= LARGEST_IN_A_REQUEST


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"generations": []}, "1 to 2 generations, got 0"),
        ({"generations": [3, 2, 1]}, "1 to 2 generations, got 3"),
        ({"generations": [1, 2]}, "the newest"),
        ({"generations": [2, 2]}, "each generation once"),
        ({"generations": [0]}, "greater than or equal to 1"),
        ({"generations": 2}, "valid tuple"),
        (
            {"generations": [2], "former_algorithm": "rsa-2048"},
            "generations has none: leave it out",
        ),
        ({"algorithm": "rsa-4096"}, "rsa-2048"),
        ({"hash": "sha-1"}, "not permitted"),
        ({"rotation_days": 3}, "not permitted"),
    ],
)
def test_mistakes_are_reported(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        by_kms(**wrong)
