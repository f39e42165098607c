"""IAM evaluates a call with the resource's ARN, no matter how the call names the resource."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from preview.services.aws.aws import Aws
from preview.services.aws.moto_kms import closed_kms_gaps

ONCE: Any = {"total_max_attempts": 1}


@pytest.fixture(scope="module")
def aws() -> Iterator[Aws]:
    with Aws(region="eu-west-1", patches=[closed_kms_gaps()]) as aws:
        yield aws


@pytest.fixture
def session(aws: Aws) -> boto3.Session:
    """A function that may do everything."""
    environment = aws.caller("Function", lambda _: True)
    return boto3.Session(
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        aws_session_token=environment["AWS_SESSION_TOKEN"],
        region_name=environment["AWS_REGION"],
    )


def client(aws: Aws, session: boto3.Session, service: str, **options: Any) -> Any:
    config = Config(retries=ONCE, s3={"addressing_style": "path"}, **options)
    return session.client(service, endpoint_url=aws.url, config=config)  # type: ignore[call-overload]  # any service's


@pytest.mark.parametrize("named_by", ["Name", "ARN"])
def test_a_secret_is_recorded_by_arn(aws: Aws, session: boto3.Session, named_by: str) -> None:
    secret = aws.client("secretsmanager").create_secret(Name=f"by-{named_by}", SecretString="x")
    client(aws, session, "secretsmanager").get_secret_value(SecretId=secret[named_by])
    assert aws.calls[-1].resource == secret["ARN"]


@pytest.mark.parametrize("named_by", ["KeyId", "Arn", "alias", "alias ARN"])
def test_a_key_is_recorded_by_arn(aws: Aws, session: boto3.Session, named_by: str) -> None:
    kms = aws.client("kms")
    key = kms.create_key(KeyUsage="SIGN_VERIFY", KeySpec="ECC_NIST_P256")["KeyMetadata"]
    alias = f"alias/of-{key['KeyId']}"
    kms.create_alias(AliasName=alias, TargetKeyId=key["KeyId"])
    names = {**key, "alias": alias, "alias ARN": f"arn:aws:kms:eu-west-1:123456789012:{alias}"}
    client(aws, session, "kms").get_public_key(KeyId=names[named_by])
    assert aws.calls[-1].action == "kms:GetPublicKey"
    assert aws.calls[-1].resource == key["Arn"]


def test_a_key_in_another_region_is_another_key(aws: Aws, session: boto3.Session) -> None:
    made = aws.client("kms").create_key(KeyUsage="SIGN_VERIFY", KeySpec="ECC_NIST_P256")
    foreign = made["KeyMetadata"]["Arn"].replace("eu-west-1", "us-east-1")
    with pytest.raises(ClientError, match="NotFoundException"):
        client(aws, session, "kms").get_public_key(KeyId=foreign)
    assert aws.calls[-1].resource == foreign


@pytest.mark.parametrize("stated", [{}, {"MessageType": "RAW"}])
def test_a_call_has_condition_keys_for_its_parameters(
    aws: Aws, session: boto3.Session, stated: dict[str, str]
) -> None:
    made = aws.client("kms").create_key(KeyUsage="SIGN_VERIFY", KeySpec="ECC_NIST_P256")
    key, algorithm = made["KeyMetadata"]["KeyId"], "ECDSA_SHA_256"
    kms = client(aws, session, "kms")
    kms.sign(KeyId=key, Message=b"x", SigningAlgorithm=algorithm, **stated)
    context = {"kms:MessageType": "RAW", "kms:SigningAlgorithm": algorithm}
    assert aws.calls[-1].context == context
    kms.get_public_key(KeyId=key)
    assert aws.calls[-1].context == {}


@pytest.mark.parametrize(
    ("service", "call"),
    [
        ("cloudfront", "list_public_keys"),
        ("cloudfront", "list_key_groups"),
        ("kms", "list_keys"),
        ("secretsmanager", "get_random_password"),
    ],
)
def test_actions_without_resource_level_permissions_have_all_resources(
    aws: Aws, session: boto3.Session, service: str, call: str
) -> None:
    getattr(client(aws, session, service), call)()
    assert aws.calls[-1].resource == "*"


@pytest.mark.parametrize(
    ("service", "call", "arguments"),
    [
        ("cloudfront", "list_distributions", {}),
        ("secretsmanager", "create_secret", {"Name": "mine", "SecretString": "x"}),
        ("kms", "decrypt", {"CiphertextBlob": b"x"}),
        ("logs", "describe_log_groups", {}),
        ("s3", "list_buckets", {}),
        ("s3", "get_object", {"Bucket": "bucket", "Key": "key"}),
        ("s3", "put_object", {"Bucket": "bucket", "Key": "key", "Body": b"new"}),
    ],
)
def test_an_unsupported_call_is_rejected_without_effect(
    aws: Aws, session: boto3.Session, service: str, call: str, arguments: dict[str, Any]
) -> None:
    aws.calls.clear()
    operator = aws.client("s3")
    place: Any = {"LocationConstraint": "eu-west-1"}
    if "bucket" not in [bucket["Name"] for bucket in operator.list_buckets()["Buckets"]]:
        operator.create_bucket(Bucket="bucket", CreateBucketConfiguration=place)
    operator.put_object(Bucket="bucket", Key="key", Body=b"old")
    with pytest.raises(ClientError, match=r"not supported by the preview|does not know"):
        getattr(client(aws, session, service), call)(**arguments)
    assert operator.get_object(Bucket="bucket", Key="key")["Body"].read() == b"old"
    assert "mine" not in str(aws.client("secretsmanager").list_secrets()["SecretList"])
    assert aws.calls == []


def test_a_call_without_a_signature_is_rejected(aws: Aws, session: boto3.Session) -> None:
    with pytest.raises(ClientError, match="without a signature is not supported"):
        client(aws, session, "secretsmanager", signature_version=UNSIGNED).list_secrets()
    stranger = boto3.Session("ASIASTRANGERSTRANGER", "x", region_name="eu-west-1")
    with pytest.raises(ClientError, match="not supported by the preview"):
        client(aws, stranger, "secretsmanager").list_secrets()
