"""Every call by a function is recorded, and checked by its policies and services like AWS's."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from moto.secretsmanager.models import secretsmanager_backends

from preview.services.aws.aws import ACCOUNT_ID, Aws, Call
from preview.services.aws.aws_error import AwsError
from preview.services.aws.moto_gaps import closed_gaps
from preview.services.aws.policies import Access

USED: set[str] = set()


@pytest.fixture(scope="module")
def aws() -> Iterator[Aws]:
    with Aws(region="us-east-1", patches=[closed_gaps(lambda group: group in USED)]) as aws:
        yield aws


def client_of(aws: Aws, service: str, *actions: str) -> Any:
    """A client for a function that may call only these actions."""
    environment = aws.caller("Function", lambda access: access.action in actions)
    return boto3.client(
        service,  # type: ignore[call-overload]  # any service's
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        endpoint_url=environment["AWS_ENDPOINT_URL"],
        region_name=environment["AWS_REGION"],
        config=Config(retries={"total_max_attempts": 1}),
    )


def code_of(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


def pem(key: Any = None) -> str:
    key = key or ec.generate_private_key(ec.SECP256R1())
    form = PublicFormat.SubjectPublicKeyInfo
    return str(key.public_key().public_bytes(Encoding.PEM, form).decode())


def config(name: str, key: str = "") -> dict[str, str]:
    return {"Name": name, "CallerReference": name, "EncodedKey": key or pem()}


def test_a_call_is_recorded_with_the_secrets_arn(aws: Aws) -> None:
    secret = aws.client("secretsmanager").create_secret(Name="by-name", SecretString="x")["ARN"]
    aws.calls.clear()
    function = client_of(aws, "secretsmanager", "secretsmanager:GetSecretValue")
    assert function.get_secret_value(SecretId="by-name")["SecretString"] == "x"
    assert aws.calls == [
        Call(
            caller="Function", action="secretsmanager:GetSecretValue", resource=secret, allowed=True
        )
    ]


@pytest.mark.parametrize(
    ("service", "call", "arguments", "code"),
    [
        ("secretsmanager", "get_secret_value", {"SecretId": "s"}, "AccessDeniedException"),
        ("cloudfront", "list_key_groups", {}, "AccessDenied"),
        ("kms", "list_keys", {}, "AccessDeniedException"),
    ],
)
def test_a_call_that_no_policy_allows_is_denied_with_its_action(
    aws: Aws, service: str, call: str, arguments: dict[str, str], code: str
) -> None:
    with pytest.raises(ClientError, match=f"not authorized to perform: {service}:") as error:
        getattr(client_of(aws, service), call)(**arguments)
    assert code_of(error) == code
    assert aws.calls[-1].allowed is False


def test_an_unsupported_service_is_rejected(aws: Aws) -> None:
    with pytest.raises(ClientError, match="not supported by the preview"):
        client_of(aws, "sqs", "sqs:ListQueues").list_queues()


def test_a_fault_can_occur_before_and_after_a_call(aws: Aws) -> None:
    def fault(_: Call) -> None:
        raise AwsError("ThrottlingException", "too fast")

    function = client_of(aws, "cloudfront", "cloudfront:CreatePublicKey")
    for when, there in ((aws.before, False), (aws.after, True)):
        when.append(fault)
        with pytest.raises(ClientError, match="too fast"):
            function.create_public_key(PublicKeyConfig=config("struck"))
        when.clear()
        keys = aws.client("cloudfront").list_public_keys()["PublicKeyList"].get("Items", [])
        assert any(key["Name"] == "struck" for key in keys) is there


@pytest.mark.parametrize(
    "key",
    [
        "no key",
        pem(rsa.generate_private_key(65537, 3072)),
        pem(ec.generate_private_key(ec.SECP384R1())),
    ],
)
def test_only_keys_that_cloudfront_accepts_are_accepted(aws: Aws, key: str) -> None:
    with pytest.raises(ClientError) as error:
        aws.client("cloudfront").create_public_key(PublicKeyConfig=config("odd", key))
    assert code_of(error) == "InvalidArgument"


def test_names_are_unique(aws: Aws) -> None:
    cloudfront = aws.client("cloudfront")
    cloudfront.create_public_key(PublicKeyConfig=config("once"))
    with pytest.raises(ClientError) as error:
        cloudfront.create_public_key(PublicKeyConfig=config("once"))
    assert code_of(error) == "PublicKeyAlreadyExists"
    cloudfront.create_key_group(KeyGroupConfig={"Name": "once", "Items": []})
    with pytest.raises(ClientError) as error:
        cloudfront.create_key_group(KeyGroupConfig={"Name": "once", "Items": []})
    assert code_of(error) == "KeyGroupAlreadyExists"
    other = cloudfront.create_key_group(KeyGroupConfig={"Name": "other", "Items": []})
    renamed = {"Id": other["KeyGroup"]["Id"], "IfMatch": other["ETag"]}
    with pytest.raises(ClientError) as error:
        cloudfront.update_key_group(KeyGroupConfig={"Name": "once", "Items": []}, **renamed)
    assert code_of(error) == "KeyGroupAlreadyExists"


def test_keys_and_groups_can_be_deleted_when_nothing_uses_them(aws: Aws) -> None:
    cloudfront = aws.client("cloudfront")
    key = cloudfront.create_public_key(PublicKeyConfig=config("used"))
    key_id, key_etag = key["PublicKey"]["Id"], key["ETag"]
    group = cloudfront.create_key_group(KeyGroupConfig={"Name": "used", "Items": [key_id]})
    group_id, etag = group["KeyGroup"]["Id"], group["ETag"]
    _refused(lambda: cloudfront.delete_public_key(Id=key_id, IfMatch=key_etag), "PublicKeyInUse")
    _refused(lambda: cloudfront.delete_key_group(Id=group_id, IfMatch="x"), "PreconditionFailed")
    _refused(lambda: cloudfront.delete_key_group(Id=group_id), "InvalidIfMatchVersion")
    USED.add(group_id)
    _refused(lambda: cloudfront.delete_key_group(Id=group_id, IfMatch=etag), "ResourceInUse")
    USED.clear()
    changed = cloudfront.update_key_group(
        Id=group_id, IfMatch=etag, KeyGroupConfig={"Name": "used", "Items": []}
    )
    _refused(lambda: cloudfront.delete_key_group(Id=group_id, IfMatch=etag), "PreconditionFailed")
    cloudfront.delete_public_key(Id=key_id, IfMatch=key_etag)
    cloudfront.delete_key_group(Id=group_id, IfMatch=changed["ETag"])
    _refused(lambda: cloudfront.get_key_group(Id=group_id), "NoSuchResource")
    _refused(lambda: cloudfront.get_public_key(Id=key_id), "NoSuchPublicKey")


def _refused(call: Any, code: str) -> None:
    with pytest.raises(ClientError) as error:
        call()
    assert code_of(error) == code


def test_a_group_has_at_most_five_existing_keys(aws: Aws) -> None:
    cloudfront = aws.client("cloudfront")
    made = [
        cloudfront.create_public_key(PublicKeyConfig=config(f"of-five-{n}"))["PublicKey"]["Id"]
        for n in range(6)
    ]
    for items, code in ((made, "TooManyPublicKeysInKeyGroup"), (["KNOBODY"], "InvalidArgument")):
        _refused(
            lambda items=items: cloudfront.create_key_group(
                KeyGroupConfig={"Name": "full", "Items": items}
            ),
            code,
        )


def test_calls_by_a_service_on_behalf_of_a_function_are_recorded(aws: Aws) -> None:
    aws.record("Function", Access(action="logs:PutLogEvents", resource="arn"), allowed=False)
    assert aws.calls[-1] == Call(
        caller="Function", action="logs:PutLogEvents", resource="arn", allowed=False
    )


def test_two_accounts_share_nothing_and_leave_no_state() -> None:
    for _ in range(2):
        with Aws(region="us-east-1") as account:
            assert account.client("secretsmanager").list_secrets()["SecretList"] == []
            account.client("secretsmanager").create_secret(Name="mine", SecretString="x")
    assert dict(secretsmanager_backends[ACCOUNT_ID]["us-east-1"].secrets) == {}
