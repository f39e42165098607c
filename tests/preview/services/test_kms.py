"""KMS keys: created and deleted by the stack, used by functions as their roles allow."""

import subprocess
from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from preview.account import Account
from preview.cloudformation.stack import Stack
from preview.errors import PreviewError, Rejected
from preview.services.aws.policies import Access, granted
from preview.services.aws.role_policies import documents
from preview.services.functions.function import FunctionError
from tests.preview.faults import SILENCE, failing
from tests.preview.roles import LAMBDA_MAY_TAKE_IT
from tests.preview.scenario import look_for_leftovers
from tests.preview.violation import Violation

CODE = """
import base64
import os
import boto3
from botocore.config import Config

kms = boto3.client("kms", config=Config(connect_timeout=1, read_timeout=1,
    retries={"mode": "standard", "total_max_attempts": 3}))

def handler(event, context):
    message = event.pop("Message", None)
    if message is None:
        answer = kms.get_public_key(KeyId=os.environ["KEY"], **event)
        return {**answer, "PublicKey": base64.b64encode(answer["PublicKey"]).decode()}
    message = base64.b64decode(message)
    answer = kms.sign(**{"KeyId": os.environ["KEY"], "Message": message, **event})
    return {**answer, "Signature": base64.b64encode(answer["Signature"]).decode()}
"""
ARN = {"Fn::GetAtt": ["Key", "Arn"]}
ALGORITHMS = {"ECC_NIST_P256": "ECDSA_SHA_256", "RSA_2048": "RSASSA_PKCS1_V1_5_SHA_256"}
CURVE = "ECC_NIST_P256"
# a policy as in viewers' cookies, and bytes that are not text
MESSAGES = [b'{"Statement":[{"Resource":"https://d1.cloudfront.net/*"}]}', bytes(range(256)) * 16]


def template(
    spec: str = CURVE, *, named: Any = ARN, condition: Any = None, **key: Any
) -> dict[str, Any]:
    """A key, and a function that signs with it and fetches its public key."""
    condition = condition or {"StringEquals": {"kms:SigningAlgorithm": ALGORITHMS[spec]}}
    grants = [
        {"Effect": "Allow", "Action": "kms:Sign", "Resource": [ARN], "Condition": condition},
        {"Effect": "Allow", "Action": "kms:GetPublicKey", "Resource": [ARN]},
    ]
    policy = {"Version": "2012-10-17", "Statement": grants}
    stated = {"KeySpec": spec, "KeyUsage": "SIGN_VERIFY", "PendingWindowInDays": 30, **key}
    return {
        "Resources": {
            "Key": {
                "Type": "AWS::KMS::Key",
                "Properties": {name: value for name, value in stated.items() if value is not None},
            },
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "AssumeRolePolicyDocument": LAMBDA_MAY_TAKE_IT,
                    "Policies": [{"PolicyName": "p", "PolicyDocument": policy}],
                },
            },
            "Signer": {
                "Type": "AWS::Lambda::Function",
                "Properties": {
                    "Runtime": "python3.14",
                    "Handler": "index.handler",
                    "Code": {"ZipFile": CODE},
                    "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                    "Timeout": 60,
                    "Environment": {"Variables": {"KEY": named}},
                },
            },
        }
    }


@pytest.fixture
def stack() -> Iterator[Stack]:
    with Account() as account:
        yield Stack(account=account)


def asked(stack: Stack, message: bytes | None = None, **arguments: Any) -> dict[str, Any]:
    """KMS's response to the function: a signature, or without a message, the public key."""
    stated = {} if message is None else {"Message": b64encode(message).decode()}
    (function,) = stack.account.functions.values()
    return dict(function.invoke({**stated, **arguments}))


def signed(stack: Stack, message: bytes = MESSAGES[0], **arguments: Any) -> bytes:
    """The signature, with the key's algorithm unless another is given."""
    spec = stack.account.resources.by_logical_id["Key"].properties["KeySpec"]
    stated = {"SigningAlgorithm": ALGORITHMS[spec], "MessageType": "RAW", **arguments}
    return b64decode(asked(stack, message, **stated)["Signature"])


def refusal(stack: Stack, message: bytes | None = None, **arguments: Any) -> str:
    with pytest.raises(FunctionError) as error:
        signed(stack, message, **arguments) if message is not None else asked(stack)
    return str(error.value)


def state(stack: Stack, key_id: str) -> str:
    described = stack.account.client("kms").describe_key(KeyId=key_id)
    return str(described["KeyMetadata"]["KeyState"])


@pytest.mark.parametrize("spec", ALGORITHMS)
@pytest.mark.parametrize("message", MESSAGES, ids=["policy", "4096 bytes"])
@pytest.mark.parametrize("named", [ARN, {"Ref": "Key"}], ids=["ARN", "id"])
def test_openssl_verifies_kms_signatures(
    stack: Stack, tmp_path: Path, spec: str, message: bytes, named: Any
) -> None:
    stack.deploy(template(spec, named=named), {})
    public = asked(stack)
    (tmp_path / "key.der").write_bytes(b64decode(public["PublicKey"]))
    (tmp_path / "signature").write_bytes(signed(stack, message))
    (tmp_path / "message").write_bytes(message)
    to_pem = "openssl pkey -pubin -inform DER -in key.der -out key.pem"
    subprocess.run(to_pem.split(), cwd=tmp_path, check=True)
    verify = "openssl dgst -sha256 -verify key.pem -signature signature message"
    assert subprocess.check_output(verify.split(), cwd=tmp_path) == b"Verified OK\n"
    assert public["KeyId"] == stack.account.resources.by_logical_id["Key"].attributes["Arn"]
    assert (public["KeySpec"], public["KeyUsage"]) == (spec, "SIGN_VERIFY")
    assert ALGORITHMS[spec] in public["SigningAlgorithms"]


def test_ref_is_the_key_id(stack: Stack) -> None:
    stack.deploy(template(), {})
    key = stack.account.resources.by_logical_id["Key"]
    assert key.attributes["KeyId"] == key.ref
    assert key.attributes["Arn"] == f"arn:aws:kms:us-east-1:123456789012:key/{key.ref}"


def test_calls_are_recorded_with_the_key_and_the_algorithm(stack: Stack) -> None:
    stack.deploy(template(named={"Ref": "Key"}), {})
    signed(stack)
    asked(stack)
    sign, get = stack.account.aws.calls
    context = {"kms:SigningAlgorithm": "ECDSA_SHA_256", "kms:MessageType": "RAW"}
    assert (sign.caller, sign.action, sign.context) == ("Signer", "kms:Sign", context)
    assert (get.action, get.context) == ("kms:GetPublicKey", {})
    assert {one.resource for one in (sign, get)} == {
        stack.account.resources.by_logical_id["Key"].attributes["Arn"]
    }
    for call in (sign, get):
        access = Access(action=call.action, resource=call.resource, context=call.context)
        assert granted(documents(stack.account.resources.by_logical_id["Role"]), access)


@pytest.mark.parametrize(
    ("condition", "allowed"),
    [
        ({"StringEquals": {"kms:SigningAlgorithm": "ECDSA_SHA_256"}}, True),
        ({"StringEquals": {"kms:SigningAlgorithm": "ECDSA_SHA_384"}}, False),
        ({"StringEquals": {"kms:MessageType": "RAW"}}, True),
        ({"StringEquals": {"kms:MessageType": "DIGEST"}}, False),
        ({"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}, False),
    ],
)
@pytest.mark.parametrize("named_type", [{"MessageType": "RAW"}, {}], ids=["RAW", "by default"])
def test_the_roles_condition_is_checked_against_the_request(
    stack: Stack, condition: Any, allowed: bool, named_type: dict[str, str]
) -> None:
    stack.deploy(template(condition=condition), {})
    arguments = {"SigningAlgorithm": "ECDSA_SHA_256", **named_type}
    if allowed:
        assert asked(stack, b"x", **arguments)["Signature"]
    else:
        with pytest.raises(FunctionError, match=r"AccessDeniedException.*perform: kms:Sign on"):
            asked(stack, b"x", **arguments)
    assert [call.allowed for call in stack.account.aws.calls] == [allowed]


def test_a_key_in_another_account_or_region_is_another_key(stack: Stack) -> None:
    for place in ("eu-west-1:123456789012", "us-east-1:210987654321"):
        named = {"Fn::Sub": f"arn:aws:kms:{place}:key/${{Key}}"}
        stack.deploy(template(named=named), {})
        assert "AccessDeniedException" in refusal(stack)
        assert place in stack.account.aws.calls[-1].resource


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"KeyId": "1234abcd-12ab-34cd-56ef-1234567890ab"}, "NotFoundException"),
        ({"SigningAlgorithm": "RSASSA_PKCS1_V1_5_SHA_256"}, "InvalidKeyUsageException"),
        ({"MessageType": "DIGEST"}, "NotKnownToThePreview"),
        ({"DryRun": True}, "NotKnownToThePreview"),
        ({"message": bytes(4097)}, "ValidationException"),
    ],
)
def test_an_invalid_sign_request_is_rejected(
    stack: Stack, arguments: dict[str, Any], words: str
) -> None:
    made = template()
    (statement, _) = made["Resources"]["Role"]["Properties"]["Policies"][0]["PolicyDocument"][
        "Statement"
    ]
    statement.update(Resource="*", Condition={})
    stack.deploy(made, {})
    assert words in refusal(stack, **{"message": b"x", **arguments})


@pytest.mark.parametrize(
    ("do", "code"),
    [("schedule_key_deletion", "KMSInvalidStateException"), ("disable_key", "DisabledException")],
)
def test_a_key_pending_deletion_or_disabled_cannot_be_used(
    stack: Stack, do: str, code: str
) -> None:
    stack.deploy(template(), {})
    assert signed(stack)
    getattr(stack.account.client("kms"), do)(KeyId=stack.account.resources.by_logical_id["Key"].ref)
    for message in (b"x", None):
        assert f"({code})" in refusal(stack, message)


@pytest.mark.parametrize(("window", "days"), [(7, 7), ("10", 10), (None, 30)])
def test_a_deleted_key_is_pending_deletion(stack: Stack, window: Any, days: int) -> None:
    stack.deploy(template(PendingWindowInDays=window), {})
    key = stack.account.resources.by_logical_id["Key"].ref
    stack.delete()
    described = stack.account.client("kms").describe_key(KeyId=key)["KeyMetadata"]
    left = described["DeletionDate"] - described["CreationDate"]
    assert (described["KeyState"], round(left.total_seconds() / 86_400)) == (
        "PendingDeletion",
        days,
    )


def test_a_retained_key_is_found_after_deletion(stack: Stack) -> None:
    made = template()
    stack.deploy(made, {})
    stack.delete()
    look_for_leftovers(stack.account, "")
    made["Resources"]["Key"]["DeletionPolicy"] = "Retain"
    stack.deploy(made, {})
    key = stack.account.resources.by_logical_id["Key"].ref
    stack.delete()
    with pytest.raises(Violation, match=f"KMS keys are left after deletion: .*{key}"):
        look_for_leftovers(stack.account, "")


def test_a_key_that_is_already_pending_deletion_can_be_deleted_but_not_updated(
    stack: Stack,
) -> None:
    stack.deploy(template(), {})
    key = stack.account.resources.by_logical_id["Key"].ref
    stack.account.client("kms").schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    with pytest.raises(Rejected, match="is pending deletion"):
        stack.deploy(template(Description="another"), {})
    stack.delete()
    assert state(stack, key) == "PendingDeletion"


def test_the_description_is_updated_in_place(stack: Stack) -> None:
    stack.deploy(template(Description="one"), {})
    key = stack.account.resources.by_logical_id["Key"].ref
    stack.deploy(template(Description="another", PendingWindowInDays=7), {})
    assert stack.account.resources.by_logical_id["Key"].ref == key
    described = stack.account.client("kms").describe_key(KeyId=key)["KeyMetadata"]
    assert (described["Description"], described["KeyState"]) == ("another", "Enabled")


def test_the_spec_of_a_key_is_immutable(stack: Stack) -> None:
    stack.deploy(template(), {})
    with pytest.raises(
        Rejected, match="cannot change: KeySpec: the update of an existing KMS key fails"
    ):
        stack.deploy(template("RSA_2048"), {})
    assert signed(stack)


def policy(*actions: str) -> dict[str, Any]:
    """A key policy that lets IAM policies of the account allow these actions."""
    account = {"AWS": [{"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}]}
    statement = {"Effect": "Allow", "Principal": account, "Action": [*actions], "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        (
            {"KeyPolicy": {"Version": "2012-10-17", "Statement": []}},
            "will not allow you to update the key policy in the future",
        ),
        (
            {"KeyPolicy": policy("kms:PutKeyPolicy", "kms:Sign")},
            "only if it lets IAM policies decide",
        ),
        (
            {"KeySpec": None, "KeyUsage": None, "KeyPolicy": policy("kms:Encrypt")},
            "will not allow you to update the key policy in the future",
        ),
        ({"EnableKeyRotation": True}, "does not support EnableKeyRotation of a key"),
        ({"Enabled": False}, "does not support Enabled of a key"),
        (
            {"MultiRegion": True, "Origin": "EXTERNAL"},
            "does not support MultiRegion, Origin of a key",
        ),
        ({"KeySpec": None}, "not None for SIGN_VERIFY"),
        ({"KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": None}, "not SYMMETRIC_DEFAULT for None"),
        ({"KeySpec": "RSA_4096"}, "not RSA_4096 for SIGN_VERIFY"),
        ({"KeyUsage": "ENCRYPT_DECRYPT", "KeySpec": "RSA_2048"}, "RSA_2048 for ENCRYPT_DECRYPT"),
        ({"PendingWindowInDays": 6}, "PendingWindowInDays: .* is less than the minimum of 7"),
    ],
)
def test_an_unsupported_key_is_rejected(stack: Stack, stated: dict[str, Any], words: str) -> None:
    with pytest.raises(PreviewError, match=f"Key: .*{words}"):
        stack.deploy(template(**stated), {})
    assert stack.account.client("kms").list_keys()["Keys"] == []


@pytest.mark.parametrize("code", ["ThrottlingException", "KMSInternalException"])
def test_kms_fails_for_a_while(stack: Stack, code: str) -> None:
    """The SDK retries for both codes, in the account's time."""
    stack.deploy(template(), {})
    aws = stack.account.aws
    with failing(aws, "kms:Sign", code):
        assert f"({code})" in refusal(stack, b"x")
        assert asked(stack)["PublicKey"]
    assert [call.action for call in aws.calls] == 3 * ["kms:Sign"] + ["kms:GetPublicKey"]
    aws.calls.clear()
    with failing(aws, "kms:*", code, times=2):
        assert signed(stack)
    assert [call.action for call in aws.calls] == 3 * ["kms:Sign"]


def test_kms_does_not_respond_for_a_while(stack: Stack) -> None:
    stack.deploy(template(), {})
    aws = stack.account.aws
    with failing(aws, "kms:*", SILENCE):
        assert "ReadTimeoutError" in refusal(stack)
    with failing(aws, "kms:*", SILENCE, times=1):
        assert signed(stack)
    assert len(aws.calls) == 3 + 2
