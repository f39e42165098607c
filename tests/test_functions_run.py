"""The functions run from their zip files, as the template configures them, in Lambda's runtime.

The wheels are those of this machine's processor and Python; the sources are those of every build.
"""

import json
import platform
import sys
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from generator import artifacts
from generator.artifacts import Target
from tests.conftest import Document
from tests.lambda_runtime import FunctionError, running
from tests.resolve import Stack

HERE = Target(
    architecture={"aarch64": "arm64", "arm64": "arm64"}.get(platform.machine(), "x86_64"),
    python=f"{sys.version_info.major}.{sys.version_info.minor}",
)
CLIENT = "the-pages-client"
ACCESS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
}


@pytest.fixture(scope="module")
def aws(monkeypatch_module: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a simulated AWS, to which this process's clients talk too."""
    server = ThreadedMotoServer(port=0)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {**ACCESS, "AWS_ENDPOINT_URL": f"http://{host}:{port}"}.items():
        monkeypatch_module.setenv(name, value)
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def monkeypatch_module() -> Iterator[pytest.MonkeyPatch]:
    """Pytest's monkeypatch for a whole module."""
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
def secret(aws: str) -> str:
    """The ARN of the secret that the template makes: it has no value."""
    assert aws
    return str(boto3.client("secretsmanager").create_secret(Name="signing")["ARN"])


@pytest.fixture(scope="module")
def stack(default: Document, secret: str) -> Stack:
    """The default template with the simulated account's resources."""
    return Stack(
        template=default,
        attributes={"Delivery.DomainName": "d111111abcdef8.cloudfront.net"},
        ids={"SigningSecret": secret, "PageClient": CLIENT},
    )


@pytest.fixture(scope="module")
def function_of(stack: Stack, aws: str, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Starts the function of a logical ID from its zip file."""
    folder = tmp_path_factory.mktemp("lambda")
    bundles = artifacts.bundles(HERE)
    artifacts.write(bundles.values(), folder, lambda _: None)

    def start(title: str) -> Any:
        properties = stack.properties(title)
        name = properties["Handler"].split(".")[0]
        unpacked = folder / name
        with zipfile.ZipFile(folder / bundles[name].file_name) as archive:
            archive.extractall(unpacked)
        variables = properties["Environment"]["Variables"]
        return running(
            unpacked,
            properties["Handler"],
            {**ACCESS, "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": aws, **variables},
            properties["Timeout"],
        )

    return start


@pytest.fixture(scope="module")
def answers() -> Iterator[tuple[str, list[Document]]]:
    """The address to which CloudFormation wants its answers, and the answers that came."""
    came: list[Document] = []

    class ResponseUrl(BaseHTTPRequestHandler):
        """Takes what is put there."""

        def do_PUT(self) -> None:
            """Takes an answer."""
            came.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), ResponseUrl)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/answer", came
    server.shutdown()
    server.server_close()


def request(kind: str, url: str, stack: Stack) -> Document:
    """What CloudFormation sends to the function for the template's custom resource."""
    return {
        "RequestType": kind,
        "RequestId": f"request-{kind}",
        "ResponseURL": url,
        "ResourceType": "Custom::SigningKeyPair",
        "LogicalResourceId": "SigningKeyPair",
        "StackId": stack.value({"Ref": "AWS::StackId"}),
        "ResourceProperties": {"ServiceToken": "arn", **stack.properties("SigningKeyPair")},
    }


def event(method: str, **claims: str) -> Document:
    """What API Gateway sends to the function for a request to /api/cookies."""
    return {
        "resource": "/cookies",
        "path": "/cookies",
        "httpMethod": method,
        "requestContext": {"authorizer": {"claims": claims}} if claims else {},
    }


def test_the_key_pair_is_made_and_signs(
    function_of: Any, answers: tuple[str, list[Document]], stack: Stack
) -> None:
    """As CloudFormation and viewers call; deletion is not here, as moto has no DeleteKeyGroup."""
    address, came = answers
    with function_of("SigningKeyFunction") as maker:
        maker.invoke(request("Create", address, stack))
    (answer,) = came
    assert answer["Status"] == "SUCCESS"
    cloudfront = boto3.client("cloudfront")
    (group,) = cloudfront.list_key_groups()["KeyGroupList"]["Items"]
    (key,) = cloudfront.list_public_keys()["PublicKeyList"]["Items"]
    assert group["KeyGroup"]["KeyGroupConfig"]["Items"] == [key["Id"]]
    assert answer["PhysicalResourceId"] == group["KeyGroup"]["Id"]

    with function_of("CookiesFunction") as cookies:
        granted = cookies.invoke(event("GET", token_use="access", client_id=CLIENT))
        refused = cookies.invoke(event("GET", token_use="id", client_id=CLIENT))
        signed_out = cookies.invoke(event("DELETE"))
    assert [answer["statusCode"] for answer in (granted, refused, signed_out)] == [200, 403, 204]
    values = dict(
        cookie.split(";")[0].split("=", 1) for cookie in granted["multiValueHeaders"]["Set-Cookie"]
    )
    assert values["CloudFront-Key-Pair-Id"] == key["Id"]
    assert values["CloudFront-Hash-Algorithm"] == "SHA256"


def test_a_function_without_its_environment_says_what_it_lacks() -> None:
    with (
        running(artifacts.SOURCES, "cookies.app.handler", ACCESS, 10) as cookies,
        pytest.raises(FunctionError, match="MEDIA_URL is missing"),
    ):
        cookies.invoke(event("DELETE"))
