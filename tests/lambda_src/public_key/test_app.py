"""KMS public key in the response to CloudFormation."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from protected_stream.sections.signing.kms import FUNCTION_SECONDS
from public_key import app
from shared import inline_custom_resource
from tests.lambda_src.inlined import inlined
from tests.lambda_src.shared.simulated_time import START, Clock, Context
from tests.lambda_src.signing_key.cloudformation import (
    ResponseUrl,
    response_url,
    trusted_response_url,
)

KEYS: dict[str, rsa.RSAPublicKey | ec.EllipticCurvePublicKey] = {
    "rsa": rsa.generate_private_key(65537, 2048).public_key(),
    "ecdsa": ec.generate_private_key(ec.SECP256R1()).public_key(),
}
STACK_ID = "arn:aws:cloudformation:us-east-1:111122223333:stack/live/1a2b3c4d"
Ask = Callable[..., dict[str, Any]]


class Kms:
    """Denies or throttles calls for some seconds; then returns the key."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.denied_seconds = 0.0
        self.throttled_seconds = 0.0

    def get_public_key(self, KeyId: str) -> dict[str, bytes]:  # noqa: N803 - boto3's
        """Like boto3's."""
        faults = {
            "AccessDeniedException": self.denied_seconds,
            "ThrottlingException": self.throttled_seconds,
        }
        for code, seconds in faults.items():
            if self._clock.now < START + seconds:
                raise ClientError({"Error": {"Code": code, "Message": ""}}, "GetPublicKey")
        return {
            "PublicKey": KEYS[KeyId].public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        }


@pytest.fixture
def kms(clock: Clock) -> Kms:
    return Kms(clock)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def url() -> Iterator[ResponseUrl]:
    with response_url() as inbox, trusted_response_url():
        yield inbox


@pytest.fixture(params=["sources", "inlined"])
def ask(
    request: pytest.FixtureRequest,
    kms: Kms,
    clock: Clock,
    url: ResponseUrl,
    monkeypatch: pytest.MonkeyPatch,
) -> Ask:
    """The response of the function, from its sources and as inline code."""
    code: Any = app if request.param == "sources" else inlined("public_key")
    calling = inline_custom_resource if request.param == "sources" else code
    monkeypatch.setattr(calling, "client", {"kms": kms}.__getitem__)
    monkeypatch.setattr(time, "time", clock)
    monkeypatch.setattr(time, "sleep", clock.sleep)
    monkeypatch.setenv("STACK_ID", STACK_ID)

    def ask(kind: str, key: str = "rsa", **more: str) -> dict[str, Any]:
        event = {
            "RequestType": kind,
            "RequestId": "1",
            "StackId": STACK_ID,
            "LogicalResourceId": "SigningKey1Pem",
            "ResponseURL": url.address,
            "ResourceProperties": {"KeyId": key},
            **more,
        }
        code.handler(event, Context(clock, FUNCTION_SECONDS))
        return url.answers.pop()

    return ask


@pytest.mark.parametrize("name", KEYS)
def test_it_is_the_same_pem_as_from_openssl(ask: Ask, name: str) -> None:
    pem = KEYS[name].public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    assert ask("Create", name)["Data"]["Pem"] == pem


def test_it_returns_when_the_key_was_first_fetched(ask: Ask, clock: Clock) -> None:
    """An update does not reset the time."""
    made = ask("Create")
    assert made["Data"]["Since"] == str(int(clock.now))
    clock.sleep(86_400)
    updated = ask("Update", PhysicalResourceId=made["PhysicalResourceId"])
    assert updated == {**made, "Data": made["Data"]}


def test_it_waits_until_its_permissions_have_propagated(ask: Ask, kms: Kms) -> None:
    kms.denied_seconds = 100
    assert ask("Create")["Status"] == "SUCCESS"


def test_a_call_that_stays_denied_is_reported(ask: Ask, kms: Kms, clock: Clock) -> None:
    kms.denied_seconds, began = 3600, clock.now
    letter = ask("Create")
    assert letter["Status"] == "FAILED"
    assert "AccessDeniedException" in letter["Reason"]
    assert "GetPublicKey" in letter["Reason"]
    assert FUNCTION_SECONDS - 60 <= clock.now - began <= FUNCTION_SECONDS - 47


@pytest.mark.parametrize("kind", ["Create", "Update"])
def test_a_throttled_call_is_repeated_while_there_is_time(ask: Ask, kms: Kms, kind: str) -> None:
    kms.throttled_seconds = FUNCTION_SECONDS - 70
    assert ask(kind)["Status"] == "SUCCESS"


def test_there_is_time_for_the_response(ask: Ask, kms: Kms, clock: Clock) -> None:
    kms.throttled_seconds, began = 3600, clock.now
    letter = ask("Update")
    assert letter["Status"] == "FAILED"
    assert "kms:GetPublicKey failed (ThrottlingException): try again later" in letter["Reason"]
    assert clock.now - began <= FUNCTION_SECONDS - 47


def test_a_deletion_needs_no_key(ask: Ask, kms: Kms) -> None:
    kms.denied_seconds = 3600
    letter = ask("Delete", PhysicalResourceId="public-key-1")
    assert (letter["Status"], letter["PhysicalResourceId"]) == ("SUCCESS", "public-key-1")
