"""Signing key source: caching of the key ring, and Secrets Manager outages."""

import dataclasses
import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from moto import mock_aws

from cookies.app import SECRETS_MANAGER
from cookies.key_source import KeySource, KeysUnavailable, key_ring
from cookies.signer import signer
from shared.key_ring import LONGEST_USE_SECONDS, KeyRing
from tests.lambda_src.cookies.stream import NOW, Clock
from tests.lambda_src.shared.key_pairs import key_ring as ring_of
from tests.lambda_src.shared.key_pairs import p256, rsa_2048, signing_key

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

FIRST = signing_key(rsa_2048("first"), key_pair_id="KFIRST")
SECOND = signing_key(rsa_2048("second"), key_pair_id="KSECOND", signs_from=NOW)
GET = "before-send.secrets-manager.GetSecretValue"


@pytest.fixture(scope="module")
def client() -> "Iterator[SecretsManagerClient]":
    with mock_aws():
        yield boto3.client("secretsmanager", region_name="us-east-1", config=SECRETS_MANAGER)


class Secret:
    """A secret in moto's Secrets Manager that counts reads and can be unavailable."""

    def __init__(self, client: "SecretsManagerClient", name: str) -> None:
        self.client = client
        self.arn = client.create_secret(Name=name, SecretString=ring_of(FIRST).to_json())["ARN"]
        self.reads = 0
        self.failure: Exception | None = None
        client.meta.events.register_first(GET, self._before_send)

    def _before_send(self, **_: object) -> None:
        self.reads += 1
        if self.failure:
            raise self.failure

    def close(self) -> None:
        self.client.meta.events.unregister(GET, self._before_send)

    def put(self, value: str | KeyRing) -> None:
        text = value if isinstance(value, str) else value.to_json()
        self.client.put_secret_value(SecretId=self.arn, SecretString=text)


@pytest.fixture
def secret(client: "SecretsManagerClient", request: pytest.FixtureRequest) -> Iterator[Secret]:
    made = Secret(client, re.sub(r"\W", "-", request.node.name))
    yield made
    made.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def source(secret: Secret, clock: Clock) -> KeySource:
    return KeySource(
        read=partial(key_ring, secret.client, secret.arn),
        signer_of=partial(signer, hash_algorithm="SHA256"),
        clock=clock,
    )


def test_the_ring_is_read_once_and_kept_for_five_minutes(
    source: KeySource, secret: Secret, clock: Clock
) -> None:
    reads = []
    for seconds in (0, 1, 299.9, 300, 599.9, 600):
        clock.now = NOW + seconds
        source.signer()
        reads.append(secret.reads)
    assert reads == [1, 1, 1, 2, 2, 3]


def test_a_binary_secret_is_read_like_a_text(source: KeySource, secret: Secret) -> None:
    secret.client.put_secret_value(
        SecretId=secret.arn, SecretBinary=ring_of(SECOND).to_json().encode()
    )
    assert source.signer().key_pair_id == "KSECOND"


def test_a_loaded_key_is_kept_across_reads(source: KeySource, secret: Secret, clock: Clock) -> None:
    loaded = source.signer()
    secret.put(ring_of(SECOND, FIRST, dataclasses.replace(SECOND, signs_from=NOW + 9999)))
    secret.put(ring_of(FIRST))
    clock.now += 300
    assert source.signer() is loaded
    assert secret.reads == 2


def test_a_new_key_signs_after_the_ring_is_read_again(
    source: KeySource, secret: Secret, clock: Clock
) -> None:
    signers = [source.signer().key_pair_id]
    secret.put(ring_of(FIRST, SECOND))
    for seconds in (299, 300):
        clock.now = NOW + seconds
        signers.append(source.signer().key_pair_id)
    assert signers == ["KFIRST", "KFIRST", "KSECOND"]


def test_a_key_that_is_already_in_the_ring_signs_on_time_without_another_read(
    source: KeySource, secret: Secret, clock: Clock
) -> None:
    secret.put(ring_of(FIRST, dataclasses.replace(SECOND, signs_from=NOW + 100)))
    signers = []
    for seconds in (0, 99.9, 100):
        clock.now = NOW + seconds
        signers.append(source.signer().key_pair_id)
    assert signers == ["KFIRST", "KFIRST", "KSECOND"]
    assert secret.reads == 1


@pytest.mark.parametrize("ahead", [1, 24 * 3600])
def test_a_clock_that_was_ahead_does_not_keep_a_ring(
    source: KeySource, secret: Secret, clock: Clock, ahead: int
) -> None:
    clock.now = NOW + ahead
    source.signer()
    secret.put(ring_of(FIRST, SECOND))
    clock.now = NOW
    assert source.signer().key_pair_id == "KSECOND"


def test_a_ring_read_by_a_clock_that_was_ahead_is_used_for_an_hour_at_most(
    source: KeySource, secret: Secret, clock: Clock
) -> None:
    clock.now = NOW + 24 * 3600
    source.signer()
    out_of_reach(secret)
    clock.now = NOW
    source.signer()
    clock.now = NOW + LONGEST_USE_SECONDS
    with pytest.raises(KeysUnavailable):
        source.signer()


def out_of_reach(secret: Secret) -> None:
    secret.failure = EndpointConnectionError(endpoint_url="https://secretsmanager")


def silent(secret: Secret) -> None:
    secret.failure = ReadTimeoutError(endpoint_url="https://secretsmanager")


def deleted(secret: Secret) -> None:
    secret.client.delete_secret(SecretId=secret.arn)


def holds(value: str | KeyRing) -> Callable[[Secret], None]:
    return lambda secret: secret.put(value)


def key_with(**changes: object) -> str:
    ring = json.loads(ring_of(FIRST).to_json())
    return json.dumps(ring | {"keys": [ring["keys"][0] | changes]})


FAILURES: dict[str, tuple[Callable[[Secret], None], str]] = {
    "out of reach": (out_of_reach, "EndpointConnectionError"),
    "silent": (silent, "ReadTimeoutError"),
    "deleted": (deleted, "InvalidRequestException"),
    "not a key ring": (holds("hunter2"), "not JSON"),
    "a field missing": (holds("{}"), "the value has no field keys"),
    "no keys yet": (holds(KeyRing(keys=(), key_group_id=None)), "0 keys may sign"),
    "no key started": (
        holds(ring_of(dataclasses.replace(SECOND, signs_from=NOW + 10**6))),
        "signs_from that has passed",
    ),
    "a key CloudFront does not accept": (holds(key_with(private_key="x")), "KFIRST cannot sign"),
    "keys of two pairs": (
        holds(key_with(public_key=signing_key(p256()).public_key)),
        "not a pair",
    ),
}
every_failure = pytest.mark.parametrize(("fail", "reason"), FAILURES.values(), ids=FAILURES.keys())


@every_failure
def test_without_a_cached_ring_a_failure_is_an_error_with_its_reason(
    fail: Callable[[Secret], None], reason: str, source: KeySource, secret: Secret
) -> None:
    fail(secret)
    with pytest.raises(KeysUnavailable, match=reason):
        source.signer()


@every_failure
def test_the_last_ring_bridges_every_failure_and_a_note_says_why(
    fail: Callable[[Secret], None],
    reason: str,
    source: KeySource,
    secret: Secret,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    before = source.signer()
    fail(secret)
    clock.now += 300
    assert source.signer() is before
    (line,) = caplog.messages
    told = json.loads(line)
    assert (told["event"], told["seconds_since_read"]) == ("bridging", 300)
    assert reason in told["reason"]


@every_failure
def test_the_last_ring_bridges_for_an_hour_after_it_was_read_and_no_longer(
    fail: Callable[[Secret], None], reason: str, source: KeySource, secret: Secret, clock: Clock
) -> None:
    source.signer()
    fail(secret)
    for seconds in (300, 1000, 3000, 3599.9):
        clock.now = NOW + seconds
        assert source.signer().key_pair_id == "KFIRST"
    clock.now = NOW + 3600
    with pytest.raises(KeysUnavailable, match=reason):
        source.signer()


def test_after_a_long_idle_time_a_ring_from_hours_ago_is_not_used(
    source: KeySource, secret: Secret, clock: Clock
) -> None:
    source.signer()
    out_of_reach(secret)
    clock.now += 36_000
    with pytest.raises(KeysUnavailable):
        source.signer()


def test_while_bridging_secrets_manager_is_called_at_most_every_thirty_seconds(
    source: KeySource, secret: Secret, clock: Clock
) -> None:
    source.signer()
    out_of_reach(secret)
    reads = []
    for seconds in (300, 300.5, 329.9, 330, 359.9, 360):
        clock.now = NOW + seconds
        source.signer()
        reads.append(secret.reads - 1)
    assert reads == [1, 1, 1, 2, 2, 3]


def test_a_viewer_per_second_causes_few_reads_in_an_outage_of_an_hour(
    source: KeySource, secret: Secret, clock: Clock
) -> None:
    source.signer()
    out_of_reach(secret)
    for _ in range(3599):
        clock.now += 1
        source.signer()
    assert secret.reads == 1 + (3600 - 300) // 30


def test_the_end_of_an_outage_is_noticed_within_thirty_seconds(
    source: KeySource, secret: Secret, clock: Clock
) -> None:
    source.signer()
    out_of_reach(secret)
    clock.now += 300
    source.signer()
    secret.failure = None
    secret.put(ring_of(SECOND))
    signers = []
    for seconds in (329.9, 330):
        clock.now = NOW + seconds
        signers.append(source.signer().key_pair_id)
    assert signers == ["KFIRST", "KSECOND"]


def test_a_ring_read_after_an_outage_is_kept_and_bridges_like_the_first(
    source: KeySource, secret: Secret, clock: Clock
) -> None:
    source.signer()
    out_of_reach(secret)
    clock.now += 300
    source.signer()
    secret.failure = None
    clock.now += 30
    source.signer()
    out_of_reach(secret)
    clock.now += 3599
    assert source.signer().key_pair_id == "KFIRST"


def test_without_a_ring_every_request_tries_again(source: KeySource, secret: Secret) -> None:
    """An execution environment serves one viewer at a time; a pause would not help."""
    out_of_reach(secret)
    for _ in range(2):
        with pytest.raises(KeysUnavailable):
            source.signer()
    secret.failure = None
    assert source.signer().key_pair_id == "KFIRST"
    assert secret.reads == 3


def test_a_future_key_that_turns_out_unusable_is_an_error_with_its_reason(
    source: KeySource, secret: Secret, clock: Clock
) -> None:
    broken = dataclasses.replace(SECOND, private_key="x", signs_from=NOW + 100)
    secret.put(ring_of(FIRST, broken))
    assert source.signer().key_pair_id == "KFIRST"
    clock.now += 100
    with pytest.raises(KeysUnavailable, match="KSECOND cannot sign"):
        source.signer()


def test_an_ecdsa_key_signs_with_sha_256_although_sha_1_is_set(
    secret: Secret, clock: Clock
) -> None:
    """While RSA with SHA-1 replaces an ECDSA key, first one key signs and then the other."""
    secret.put(ring_of(signing_key(p256())))
    source = KeySource(
        read=partial(key_ring, secret.client, secret.arn),
        signer_of=partial(signer, hash_algorithm="SHA1"),
        clock=clock,
    )
    assert source.signer().hash_algorithm == "SHA256"
