"""Lambda functions: code from S3 or the template, execution role, and log group."""

import functools
import re
import tempfile
from pathlib import Path

from preview.account import Account
from preview.cloudformation.providers.provider import Provider
from preview.cloudformation.providers.storage import rejections_of
from preview.errors import Rejected
from preview.resource import Resource
from preview.services.aws.policies import Access, granted
from preview.services.aws.role_policies import documents, lets_in
from preview.services.functions.function import Function

LAMBDA, ENCRYPTS = "lambda.amazonaws.com", "ENCRYPT_DECRYPT"


# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
LONGEST_TIMEOUT = 900  # seconds; the schema has no limit
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
RESERVED = re.compile(r"_HANDLER|_X_AMZN_TRACE_ID|AWS_(?!LAMBDA_EXEC_WRAPPER$)\w*|LAMBDA_\w+")


def _check(function: Resource) -> None:
    if int(function.properties.get("Timeout", 1)) > LONGEST_TIMEOUT:
        raise Rejected(f"{function.logical_id}: Timeout must be at most {LONGEST_TIMEOUT}.")
    variables = function.properties.get("Environment", {}).get("Variables", {})
    if reserved := [name for name in variables if RESERVED.fullmatch(name)]:
        raise Rejected(f"{function.logical_id}: Lambda reserves the variables {reserved}.")


def _check_key(account: Account, function: Resource) -> None:
    """A key that signs encrypts nothing.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
    """
    arn = function.properties.get("KmsKeyArn")
    if arn is None:
        return
    key = account.resources.one("AWS::KMS::Key", arn, "Arn")
    if key.properties.get("KeyUsage", ENCRYPTS) != ENCRYPTS:
        raise Rejected(
            f"{function.logical_id}: Lambda cannot encrypt variables with {key.logical_id}, whose"
            f" KeyUsage is {key.properties['KeyUsage']}."
        )


def _create(account: Account, function: Resource) -> None:
    _check(function)
    _check_key(account, function)
    role = account.resources.one("AWS::IAM::Role", function.properties["Role"], "Arn")
    if not lets_in(role, LAMBDA):
        # https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
        raise Rejected(
            f"{function.logical_id}: Lambda cannot assume the role {role.logical_id}"
            f" (sts:AssumeRole by {LAMBDA})."
        )
    arn = function.attributes["Arn"]
    account.functions[arn] = Function(
        name=function.ref,
        arn=arn,
        properties=function.properties,
        code=_code(account, function),
        environment={
            **account.aws.caller(function.logical_id, functools.partial(_may, account, function)),
            "SSL_CERT_FILE": str(account.response_urls.authority),
        },
        clock=account.clock,
        log=account.logs.lines_of(function.logical_id).append,
        folder=Path(tempfile.mkdtemp(dir=account.folder)),
    )


def _may(account: Account, function: Resource, access: Access) -> bool:
    """Whether the function's role currently grants the access."""
    role = account.resources.one("AWS::IAM::Role", function.properties["Role"], "Arn")
    return granted(documents(role), access)


def _code(account: Account, function: Resource) -> bytes | str:
    code = function.properties["Code"]
    if "ZipFile" in code:
        return str(code["ZipFile"])
    with rejections_of(function):
        object_ = account.client("s3").get_object(Bucket=code["S3Bucket"], Key=code["S3Key"])
        return bytes(object_["Body"].read())


def _update(account: Account, _: Resource, new: Resource) -> None:
    _delete(account, new)
    _create(account, new)


def _delete(account: Account, function: Resource) -> None:
    account.functions.pop(function.attributes["Arn"]).close()


FUNCTION = Provider(create=_create, update=_update, delete=_delete)
