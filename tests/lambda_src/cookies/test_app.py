"""Lambda handler, with environment variables, Secrets Manager on the wire, and the real clock."""

import functools
import json
import time
from collections.abc import Callable, Mapping

import boto3
import pytest

from cookies.app import SECRETS_MANAGER, handler, reader, signed_cookies
from cookies.key_source import KeySource
from cookies.signer import signer
from shared.environment import InvalidEnvironment
from shared.key_ring import KEPT_SECONDS
from tests.lambda_src.cookies.secrets_manager import Wire
from tests.lambda_src.cookies.stream import (
    ENVIRONMENT,
    IN_THE_POSTS_NAMES,
    SECRET_ARN,
    VARIABLES,
    Clock,
    event,
    set_cookies,
)
from tests.lambda_src.shared.key_pairs import key_ring, pkcs8_pem, rsa_2048

# https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
READ = ("secretsmanager.GetSecretValue", {"SecretId": SECRET_ARN})


def test_a_viewer_gets_cookies_that_last_an_hour_from_now(wire: Wire) -> None:
    wire.holds(key_ring().to_json())
    earliest = int(time.time()) + 3600
    response = handler(event(), None)
    latest = int(time.time()) + 3600 + 300
    assert response["statusCode"] == 200
    assert len(set_cookies(response)) == 4
    assert earliest <= json.loads(response["body"])["expires"] < latest


def test_an_execution_environment_reads_the_secret_once_and_calls_nothing_else(wire: Wire) -> None:
    wire.holds(key_ring().to_json())
    statuses = [handler(event(), None)["statusCode"] for _ in range(3)]
    assert statuses == [200, 200, 200]
    assert wire.asked == [READ]


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (500, "<html>Internal Server Error</html>", "500"),
        (503, "", "503"),
        (400, '{"__type":"AccessDeniedException","Message":"no"}', "AccessDeniedException"),
        (400, '{"__type":"DecryptionFailure","Message":"no"}', "DecryptionFailure"),
        (400, '{"__type":"ResourceNotFoundException"}', "ResourceNotFoundException"),
        (400, '{"__type":"ThrottlingException"}', "ThrottlingException"),
        (200, "<html>a proxy's page</html>", "The key ring is not JSON"),
        (200, "{}", "The key ring is not JSON"),
    ],
)
def test_secrets_manager_failing_on_the_wire_is_503_with_its_reason_in_the_log(
    status: int, body: str, reason: str, wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    wire.fails(status, body)
    response = handler(event(), None)
    assert (response["statusCode"], response["headers"]["Retry-After"]) == (503, "5")
    assert json.loads(caplog.messages[-1])["reason"].startswith(reason)
    assert wire.asked == [READ]


ANSWERS_WITHOUT_TEXT = [
    "null",
    "[]",
    "7",
    "{}",
    '{"SecretString": 7}',
    '{"SecretString": ["a"]}',
    '{"SecretString": {"keys": []}}',
    '{"SecretBinary": 7}',
]


@pytest.mark.parametrize(
    "mode", [{}, {"KEY_PAIR_ID": "APKAEXAMPLE"}, {"KEY_PAIR_IDS": "0123456789abcdef=K2"}]
)
@pytest.mark.parametrize("body", ANSWERS_WITHOUT_TEXT)
def test_an_answer_without_text_is_503(
    body: str, mode: Mapping[str, str], told: Callable[[Mapping[str, str]], Wire]
) -> None:
    wire = told({**VARIABLES, **mode})
    wire.fails(200, body)
    assert handler(event(), None)["statusCode"] == 503


@pytest.mark.parametrize("body", ANSWERS_WITHOUT_TEXT)
def test_an_answer_without_text_is_bridged(body: str, wire: Wire) -> None:
    clock = Clock()
    client = boto3.client("secretsmanager", config=SECRETS_MANAGER)
    keys = KeySource(
        read=reader(client, ENVIRONMENT),
        signer_of=functools.partial(signer, hash_algorithm="SHA256"),
        clock=clock,
    )
    wire.holds(key_ring().to_json())
    before = keys.signer()
    wire.fails(200, body)
    clock.now += KEPT_SECONDS
    assert keys.signer() is before
    assert len(wire.asked) == 2


def test_secrets_manager_hanging_up_is_503(wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    wire.hangs_up = True
    assert handler(event(), None)["statusCode"] == 503
    assert json.loads(caplog.messages[-1])["reason"] == "ConnectionClosedError"
    assert wire.asked == [READ]


def test_nobody_listening_is_503(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://127.0.0.1:1")
    assert handler(event(), None)["statusCode"] == 503
    assert json.loads(caplog.messages[-1])["reason"] == "EndpointConnectionError"
    assert wire.asked == []


def test_after_a_failure_the_next_request_works(wire: Wire) -> None:
    wire.fails(500, "")
    statuses = [handler(event(), None)["statusCode"]]
    wire.holds(key_ring().to_json())
    statuses.append(handler(event(), None)["statusCode"])
    assert statuses == [503, 200]


def test_signing_out_works_without_secrets_manager_and_does_not_call_it(wire: Wire) -> None:
    wire.fails(500, "")
    assert handler(event("DELETE", claims=None), None)["statusCode"] == 204
    assert wire.asked == []


@pytest.mark.parametrize("name", VARIABLES)
def test_a_missing_variable_is_one_clear_error_at_every_request(
    name: str, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire.holds(key_ring().to_json())
    monkeypatch.delenv(name)
    for _ in range(2):
        with pytest.raises(InvalidEnvironment, match=f"{name} is missing"):
            handler(event(), None)


@pytest.mark.parametrize(
    ("variables", "secret_id", "region"),
    [
        (VARIABLES | {"KEY_PAIR_ID": "APKAEXAMPLE"}, SECRET_ARN, "us-east-1"),
        (VARIABLES | {"KEY_PAIR_ID": "APKAEXAMPLE", "REGION": "x"}, SECRET_ARN, "us-east-1"),
        (IN_THE_POSTS_NAMES, "RootKey", "us-west-1"),
        (IN_THE_POSTS_NAMES | {"REGION": "us-east-1"}, "RootKey", "us-east-1"),
        (IN_THE_POSTS_NAMES | {"SECRET_NAME": SECRET_ARN}, SECRET_ARN, "us-west-1"),
    ],
)
def test_the_secret_is_read_once_in_the_region_where_it_is(
    variables: Mapping[str, str],
    secret_id: str,
    region: str,
    told: Callable[[Mapping[str, str]], Wire],
) -> None:
    wire = told(variables)
    wire.holds(pkcs8_pem(rsa_2048()))
    assert [handler(event(), None)["statusCode"] for _ in range(2)] == [200, 200]
    assert wire.asked == [(READ[0], {"SecretId": secret_id})]
    assert wire.regions == [region]


def test_the_environment_is_read_once(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    wire.holds(key_ring().to_json())
    handler(event(), None)
    monkeypatch.delenv("CLIENT_ID")
    assert handler(event(), None)["statusCode"] == 200
    assert signed_cookies() is signed_cookies()


def test_waiting_for_secrets_manager_takes_at_most_half_of_the_functions_ten_seconds() -> None:
    config = vars(SECRETS_MANAGER)
    attempts = config["retries"]["total_max_attempts"]
    assert attempts * (config["connect_timeout"] + config["read_timeout"]) <= 5
