"""The functions run from their zip files, including the wheels, in Lambda's runtime.

The wheels are for this machine's processor and Python; the sources are the same as in every build.
"""

import platform
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from preview.account import Account
from preview.cloudformation.stack import Stack
from preview.services.clock import Clock
from preview.services.functions.function import Function, FunctionError
from protected_stream.lambda_code import zip_bundles
from protected_stream.lambda_code.zip_bundles import Bundle, Target
from tests.conftest import Document
from tests.preview.operator import PARAMETERS

HERE = Target(
    architecture={"aarch64": "arm64", "arm64": "arm64"}.get(platform.machine(), "x86_64"),
    python=f"{sys.version_info.major}.{sys.version_info.minor}",
)
NATIVE = "task/cryptography/hazmat/bindings/_rust.abi3.so"


@pytest.fixture(scope="module")
def zips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The zip files for this machine, by function folder."""
    folder = tmp_path_factory.mktemp("lambda")
    made: dict[str, Bundle] = zip_bundles.bundles(HERE)
    zip_bundles.write(made.values(), folder, lambda _: None)
    return {name: (folder / bundle.file_name).read_bytes() for name, bundle in made.items()}


@pytest.fixture(scope="module")
def stack(default: Document, zips: dict[str, bytes]) -> Iterator[Stack]:
    """The default stream's stack, with functions from this machine's zip files."""
    with Account() as account:
        for resource in default["Resources"].values():
            if resource["Type"] == "AWS::Lambda::Function":
                key = resource["Properties"]["Code"]["S3Key"]["Fn::Sub"].rpartition("}")[2]
                account.put_object(PARAMETERS["ArtifactBucket"], key, zips[key.rpartition("-")[0]])
        made = Stack(account=account)
        made.deploy(default, PARAMETERS)
        yield made


def asked(stack: Stack, method: str, **claims: str) -> Any:
    """The signing function's response to API Gateway's event for /api/cookies."""
    context = {"authorizer": {"claims": claims}} if claims else {}
    event = {"path": "/cookies", "httpMethod": method, "requestContext": context}
    (function,) = (
        one
        for one in stack.account.resources.of_type("AWS::Lambda::Function")
        if one.logical_id == "CookiesFunction"
    )
    return stack.account.run(function.attributes["Arn"], event)


def test_the_key_pair_is_created_and_signs_with_the_zip_files_wheels(stack: Stack) -> None:
    assert len(list(stack.account.folder.rglob(NATIVE))) == 2
    client = stack.outputs["UserPoolClientId"]
    granted = asked(stack, "GET", token_use="access", client_id=client)
    refused = asked(stack, "GET", token_use="id", client_id=client)
    signed_out = asked(stack, "DELETE")
    assert [answer["statusCode"] for answer in (granted, refused, signed_out)] == [200, 403, 204]
    values = dict(
        cookie.split(";")[0].split("=", 1) for cookie in granted["multiValueHeaders"]["Set-Cookie"]
    )
    (key,) = stack.account.client("cloudfront").list_public_keys()["PublicKeyList"]["Items"]
    assert values["CloudFront-Key-Pair-Id"] == key["Id"]
    assert values["CloudFront-Hash-Algorithm"] == "SHA256"


def test_a_function_reports_a_missing_environment_variable(
    zips: dict[str, bytes], tmp_path: Path
) -> None:
    function = Function(
        name="cookies",
        arn="arn:aws:lambda:us-east-1:123456789012:function:cookies",
        properties={"Runtime": "python3.14", "Handler": "cookies.app.handler", "Timeout": 10},
        code=zips["cookies"],
        environment={},
        clock=Clock(tmp_path / "clock"),
        log=lambda _: None,
        folder=tmp_path,
    )
    try:
        with pytest.raises(FunctionError, match="MEDIA_URL is missing"):
            function.invoke({"httpMethod": "DELETE"})
    finally:
        function.close()
