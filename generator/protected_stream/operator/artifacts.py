"""S3 bucket with what CloudFormation reads: the functions' zip files, and a large template."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from protected_stream.errors import AwsError, BuildError
from protected_stream.operator.aws_errors import explained
from protected_stream.operator.connection import Connection

BUCKET, PREFIX = "ArtifactBucket", "ArtifactPrefix"
"""The template's parameters."""
FIRST_REGION = "us-east-1"
"""The Region that CreateBucket does not accept as LocationConstraint."""


def zip_files(template: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the zip files that the template's functions are in."""
    keys = (
        resource["Properties"]["Code"].get("S3Key")
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::Lambda::Function"
    )
    return tuple(sorted({re.sub(r"\$\{\w+\}", "", key["Fn::Sub"]) for key in keys if key}))


def expect_zip_files(template: Mapping[str, Any], folder: Path) -> None:
    """Refuses a build whose zip files are not all there.

    Raises:
        BuildError: one is missing.
    """
    for name in zip_files(template):
        if not (folder / name).is_file():
            raise BuildError(f"{folder / name}: there is no such file; build the template again.")


def prepare_bucket(
    connection: Connection, bucket: str, *, create: bool, say: Callable[[str], None]
) -> None:
    """Makes sure that the bucket exists, in the Region of the stack.

    A new bucket is private and encrypted. Source: Amazon S3 User Guide, "Blocking public access".

    Raises:
        AwsError: it does not exist and is not to be created, is elsewhere, or is not accessible.
    """
    client = connection.client("s3")
    with explained(f"look for the bucket {bucket}"):
        try:
            region = client.head_bucket(Bucket=bucket).get("BucketRegion", connection.region)
        except ClientError as error:
            region = _region_in(error, bucket)
    if region is None and not create:
        raise AwsError(
            f"There is no bucket {bucket}. Add --create-bucket to create it, or name another one "
            "with --bucket."
        )
    if region is None:
        elsewhere = {"CreateBucketConfiguration": {"LocationConstraint": connection.region}}
        with explained(f"create the bucket {bucket}"):
            client.create_bucket(
                Bucket=bucket, **({} if connection.region == FIRST_REGION else elsewhere)
            )
        say(f"created the bucket {bucket}")
    elif region != connection.region:
        raise AwsError(
            f"The bucket {bucket} is in {region}, and Lambda takes code only from its own Region "
            f"({connection.region}): name another one with --bucket."
        )


def _region_in(error: ClientError, bucket: str) -> str | None:
    """The Region of a bucket that another Region's endpoint knows; None if there is no bucket.

    HeadBucket answers without a body, so boto3's error code is the HTTP status.
    Source: Amazon S3 API Reference, HeadBucket.
    """
    match error.response["Error"]["Code"]:
        case "404" | "NoSuchBucket":
            return None
        case "301":
            headers = error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
            return str(headers.get("x-amz-bucket-region", "another Region"))
        case "403":
            raise AwsError(
                f"The bucket {bucket} belongs to another account, or the credentials do not allow "
                "s3:ListBucket on it: name another one with --bucket, or use credentials with the "
                "permissions of docs/deployer-policy.json."
            ) from error
        case _:
            raise error


def upload_code(
    connection: Connection,
    template: Mapping[str, Any],
    folder: Path,
    *,
    bucket: str,
    prefix: str,
) -> Iterator[str]:
    """Uploads the zip files that the bucket lacks, and yields their names.

    A name contains the digest of the content, so a file that is there is the same.

    Raises:
        AwsError: AWS refuses, or cannot be reached.
    """
    for name in zip_files(template):
        if _put(connection, bucket, prefix + name, (folder / name).read_bytes()):
            yield name


def upload_template(connection: Connection, body: bytes, *, bucket: str, prefix: str) -> str:
    """Uploads the template, and returns its URL for CloudFormation, with the bucket in its path.

    Raises:
        AwsError: AWS refuses, or cannot be reached.
    """
    key = f"{prefix}template-{hashlib.sha256(body).hexdigest()[:12]}.json"
    _put(connection, bucket, key, body)
    return f"{connection.client('s3').meta.endpoint_url}/{bucket}/{key}"


def _put(connection: Connection, bucket: str, key: str, body: bytes) -> bool:
    """Uploads an object unless it is there; returns whether it was not."""
    client = connection.client("s3")
    with explained(f"upload {key} to the bucket {bucket}"):
        try:
            client.head_object(Bucket=bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("404", "NoSuchKey"):
                raise
            client.put_object(Bucket=bucket, Key=key, Body=body)
            return True
    return False
