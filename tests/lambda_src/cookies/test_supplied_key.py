"""Supplied key: it signs with its own CloudFront ID, or nothing is signed."""

import base64
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from cookies.app import SECRETS_MANAGER, handler
from cookies.names import NAMES
from cookies.responses import Response
from cookies.signer import UnusableKey
from cookies.supplied_key import supplied_key, trusted_signers_key
from shared.key_ring import KeyRing
from shared.private_key import PrivateKey
from tests.lambda_src.cookies.openssl import decoded, verifies
from tests.lambda_src.cookies.secrets_manager import Wire
from tests.lambda_src.cookies.stream import (
    IN_THE_POSTS_NAMES,
    NOW,
    SECRET_ARN,
    VARIABLES,
    Clock,
    event,
    set_cookies,
)
from tests.lambda_src.shared.key_pairs import p256, pkcs8_pem, rsa_2048, signing_key, spki_pem

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

Tell = Callable[[Mapping[str, str]], Wire]

FIRST, SECOND, STRANGER = rsa_2048("first"), p256("second"), rsa_2048("stranger")
FINGERPRINTS = {key: signing_key(key).fingerprint for key in (FIRST, SECOND, STRANGER)}
IDS = {FINGERPRINTS[FIRST]: "KFIRST", FINGERPRINTS[SECOND]: "KSECOND"}
SUPPLIED = VARIABLES | {"KEY_PAIR_IDS": " ".join("=".join(pair) for pair in IDS.items())}
TRUSTED_SIGNER = VARIABLES | {"KEY_PAIR_ID": "APKAIOSFODNN7EXAMPLE"}

SHAPES: dict[str, Callable[[PrivateKey], str]] = {
    "PKCS#1 or SEC1": lambda key: key.private_bytes(
        Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()
    ).decode(),
    "PKCS#8": pkcs8_pem,
    "on one line": lambda key: pkcs8_pem(key).replace("\n", " "),
    "without its line breaks": lambda key: pkcs8_pem(key).replace("\n", ""),
    "in a console's JSON": lambda key: json.dumps({"key": pkcs8_pem(key)}),
}
every_shape = pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())


@pytest.fixture
def client(wire: Wire) -> "SecretsManagerClient":
    assert wire
    return boto3.client("secretsmanager", config=SECRETS_MANAGER)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the function."""
    clock = Clock()
    monkeypatch.setattr("time.time", clock)
    return clock


def ring_with(key: PrivateKey, key_pair_id: str) -> KeyRing:
    return KeyRing(keys=(signing_key(key, key_pair_id=key_pair_id),), key_group_id=None)


@every_shape
@pytest.mark.parametrize(("key", "key_pair_id"), [(FIRST, "KFIRST"), (SECOND, "KSECOND")])
def test_a_supplied_key_is_a_ring_of_one_key_that_signs_from_the_beginning(
    key: PrivateKey,
    key_pair_id: str,
    shape: Callable[[PrivateKey], str],
    wire: Wire,
    client: "SecretsManagerClient",
) -> None:
    wire.holds(shape(key))
    found = supplied_key(client, SECRET_ARN, key_pair_ids=IDS)
    assert found == ring_with(key, key_pair_id)
    assert wire.asked == [("secretsmanager.GetSecretValue", {"SecretId": SECRET_ARN})]


@every_shape
def test_a_trusted_signers_key_has_its_id(
    shape: Callable[[PrivateKey], str], wire: Wire, client: "SecretsManagerClient"
) -> None:
    wire.holds(shape(FIRST))
    found = trusted_signers_key(client, "RootKey", key_pair_id="APKAEXAMPLE")
    assert found == ring_with(FIRST, "APKAEXAMPLE")
    assert wire.asked == [("secretsmanager.GetSecretValue", {"SecretId": "RootKey"})]


def test_a_binary_secret_is_read_like_a_text(wire: Wire, client: "SecretsManagerClient") -> None:
    der = FIRST.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    wire.fails(200, json.dumps({"SecretBinary": base64.b64encode(der).decode()}))
    assert supplied_key(client, SECRET_ARN, key_pair_ids=IDS) == ring_with(FIRST, "KFIRST")


UNUSABLE = {
    "": "The key in the secret cannot sign: The private key is empty",
    "hunter2": "The key in the secret cannot sign: The private key is",
    spki_pem(FIRST): "The key in the secret cannot sign: The private key is a public key",
    pkcs8_pem(FIRST)[:-300]: "The key in the secret cannot sign: The private key is damaged",
}


@pytest.mark.parametrize(("secret", "reason"), UNUSABLE.items())
def test_the_error_about_an_unusable_key_says_what_it_is(
    secret: str, reason: str, wire: Wire, client: "SecretsManagerClient"
) -> None:
    wire.holds(secret)
    with pytest.raises(UnusableKey, match=reason):
        supplied_key(client, SECRET_ARN, key_pair_ids=IDS)
    with pytest.raises(UnusableKey, match=reason):
        trusted_signers_key(client, SECRET_ARN, key_pair_id="APKAEXAMPLE")


WAYS: dict[str, tuple[Mapping[str, str], PrivateKey, str, str]] = {
    "supplied RSA": (SUPPLIED, FIRST, "KFIRST", "SHA256"),
    "supplied RSA, SHA-1": (SUPPLIED | {"HASH_ALGORITHM": "SHA1"}, FIRST, "KFIRST", "SHA1"),
    "supplied P-256": (SUPPLIED, SECOND, "KSECOND", "SHA256"),
    "supplied P-256, SHA-1": (SUPPLIED | {"HASH_ALGORITHM": "SHA1"}, SECOND, "KSECOND", "SHA256"),
    "trusted-signer": (TRUSTED_SIGNER, FIRST, "APKAIOSFODNN7EXAMPLE", "SHA256"),
    "trusted-signer, SHA-1": (
        *(TRUSTED_SIGNER | {"HASH_ALGORITHM": "SHA1"}, FIRST, "APKAIOSFODNN7EXAMPLE", "SHA1"),
    ),
    "the post's names": (IN_THE_POSTS_NAMES, FIRST, "APKAIOSFODNN7EXAMPLE", "SHA256"),
}


@pytest.mark.parametrize(
    ("variables", "key", "key_pair_id", "hash_algorithm"), WAYS.values(), ids=WAYS.keys()
)
def test_openssl_verifies_the_cookies_that_a_viewer_gets(
    variables: Mapping[str, str],
    key: PrivateKey,
    key_pair_id: str,
    hash_algorithm: str,
    told: Tell,
    tmp_path: Path,
) -> None:
    told(variables).holds(SHAPES["on one line"](key))
    cookies = set_cookies(handler(event(), None))
    policy, signature, named_key, named_hash = (cookies[name][0] for name in NAMES)
    assert (named_key, named_hash) == (key_pair_id, hash_algorithm)
    assert json.loads(decoded(policy))["Statement"][0]["Resource"] == VARIABLES["MEDIA_URL"]
    assert verifies(
        decoded(policy),
        decoded(signature),
        public_key=spki_pem(key),
        hash_algorithm=hash_algorithm,
        folder=tmp_path,
    )


def named_key(response: Response) -> str:
    """The key ID in the cookies, or the status of a response without cookies."""
    if response["statusCode"] != 200:
        return str(response["statusCode"])
    return set_cookies(response)["CloudFront-Key-Pair-Id"][0]


def keys_over_time(clock: Clock, *seconds: float) -> list[str]:
    """The key IDs in the cookies that a viewer gets at these times."""
    found = []
    for each in seconds:
        clock.now = NOW + each
        found.append(named_key(handler(event(), None)))
    return found


def assert_come_again(response: Response) -> None:
    assert (response["statusCode"], response["headers"]["Retry-After"]) == (503, "5")
    assert "multiValueHeaders" not in response


def test_a_key_without_an_id_is_503_and_one_line_that_says_what_to_do(
    told: Tell, caplog: pytest.LogCaptureFixture
) -> None:
    told(SUPPLIED).holds(pkcs8_pem(STRANGER))
    assert_come_again(handler(event(), None))
    (record,) = caplog.records
    assert record.levelname == "ERROR"
    assert json.loads(record.message) == {
        "event": "unavailable",
        "reason": f"The secret holds the key {FINGERPRINTS[STRANGER]}, which is not in"
        " KEY_PAIR_IDS: add its public key to signing.public_keys and deploy first.",
    }


def test_an_ecdsa_key_of_a_trusted_signer_is_503_with_the_reason_in_the_log(
    told: Tell, caplog: pytest.LogCaptureFixture
) -> None:
    told(TRUSTED_SIGNER).holds(pkcs8_pem(SECOND))
    assert_come_again(handler(event(), None))
    (line,) = caplog.messages
    assert json.loads(line)["reason"] == (
        "The secret holds an ecdsa-p256 key, but a trusted signer needs RSA 2048: paste the"
        " private key of the key pair APKAIOSFODNN7EXAMPLE."
    )


def test_a_key_without_an_id_signs_as_soon_as_a_deployment_adds_one(told: Tell) -> None:
    told(SUPPLIED).holds(pkcs8_pem(STRANGER))
    keys = [named_key(handler(event(), None))]
    known = f"{SUPPLIED['KEY_PAIR_IDS']} {FINGERPRINTS[STRANGER]}=KTHIRD"
    told(SUPPLIED | {"KEY_PAIR_IDS": known})
    keys.append(named_key(handler(event(), None)))
    assert keys == ["503", "KTHIRD"]


def test_of_three_deployments_the_second_switches_the_key_within_five_minutes(
    told: Tell, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """Add the new public key; paste the new private key; remove the old public key."""
    wire = told(SUPPLIED)
    wire.holds(pkcs8_pem(FIRST))
    keys = keys_over_time(clock, 0)
    wire.holds(pkcs8_pem(SECOND))
    keys += keys_over_time(clock, 299.9, 300)
    told(VARIABLES | {"KEY_PAIR_IDS": f"{FINGERPRINTS[SECOND]}=KSECOND"})
    keys += keys_over_time(clock, 301)
    assert keys == ["KFIRST", "KFIRST", "KSECOND", "KSECOND"]
    assert caplog.messages == []


def failing(wire: Wire) -> None:
    wire.fails(500, "")


def hanging_up(wire: Wire) -> None:
    wire.hangs_up = True


def holding(secret: str) -> Callable[[Wire], None]:
    return lambda wire: wire.holds(secret)


FAILURES: dict[str, tuple[Mapping[str, str], Callable[[Wire], None], str]] = {
    "supplied, failing": (SUPPLIED, failing, "500"),
    "supplied, hanging up": (SUPPLIED, hanging_up, "ConnectionClosedError"),
    "supplied, not a key": (SUPPLIED, holding("hunter2"), "cannot sign"),
    "supplied, an unknown key": (SUPPLIED, holding(pkcs8_pem(STRANGER)), FINGERPRINTS[STRANGER]),
    "trusted-signer, failing": (TRUSTED_SIGNER, failing, "500"),
    "trusted-signer, ECDSA": (TRUSTED_SIGNER, holding(pkcs8_pem(SECOND)), "an ecdsa-p256 key"),
    "the post's names, hanging up": (IN_THE_POSTS_NAMES, hanging_up, "ConnectionClosedError"),
}


@pytest.mark.parametrize(("variables", "fail", "reason"), FAILURES.values(), ids=FAILURES.keys())
def test_the_last_key_bridges_every_failure_for_an_hour_and_no_longer(
    variables: Mapping[str, str],
    fail: Callable[[Wire], None],
    reason: str,
    told: Tell,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    wire = told(variables)
    wire.holds(pkcs8_pem(FIRST))
    (before,) = keys_over_time(clock, 0)
    fail(wire)
    assert keys_over_time(clock, 300, 3599.9, 3600) == [before, before, "503"]
    lines = [json.loads(message) for message in caplog.messages]
    assert [line["event"] for line in lines] == ["bridging", "bridging", "unavailable"]
    assert all(reason in line["reason"] for line in lines)


def test_an_unchanged_key_does_not_sign_again_at_every_read(told: Tell, clock: Clock) -> None:
    """Equal rings use the same signer, which signs once for each expiry."""
    told(SUPPLIED).holds(pkcs8_pem(SECOND))
    clock.now = NOW + 1
    before = set_cookies(handler(event(), None))
    clock.now = NOW + 300  # the expiry of both is rounded up to the same step
    cookies = set_cookies(handler(event(), None))
    assert cookies["CloudFront-Policy"] == before["CloudFront-Policy"]
    assert cookies["CloudFront-Signature"] == before["CloudFront-Signature"]


def test_the_test_keys_cover_both_algorithms() -> None:
    assert [isinstance(key, rsa.RSAPrivateKey) for key in FINGERPRINTS] == [True, False, True]
