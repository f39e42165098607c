"""Create: one key pair is created, stored in the secret, and registered with CloudFront."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from moto.cloudfront.models import KeyGroup

from signing_key.calls import ANSWER_SECONDS, CALL_SECONDS
from signing_key.cloudformation_handler import PHYSICAL_ID
from tests.lambda_src.shared.simulated_time import START
from tests.lambda_src.signing_key.aws_account import Account, Crash, Fault
from tests.lambda_src.signing_key.cloudformation import NAME, TIMEOUT, Answer, Stack
from tests.lambda_src.signing_key.expectations import assert_whole, other_peoples
from tests.lambda_src.signing_key.sequences import CREATE_CALLS, LONGEST_WAY, LOOK_CALLS


def _signature_is_good(private_pem: str, public_pem: str) -> bool:
    private_key = load_pem_private_key(private_pem.encode(), password=None)
    public_key = load_pem_public_key(public_pem.encode())
    if isinstance(private_key, rsa.RSAPrivateKey) and isinstance(public_key, rsa.RSAPublicKey):
        rsa_signature = private_key.sign(b"cookie", padding.PKCS1v15(), SHA256())
        public_key.verify(rsa_signature, b"cookie", padding.PKCS1v15(), SHA256())
        return True
    assert isinstance(private_key, ec.EllipticCurvePrivateKey)
    assert isinstance(public_key, ec.EllipticCurvePublicKey)
    signature = private_key.sign(b"cookie", ec.ECDSA(SHA256()))
    public_key.verify(signature, b"cookie", ec.ECDSA(SHA256()))
    return True


@pytest.mark.parametrize("algorithm", ["rsa-2048", "ecdsa-p256"])
def test_cloudfront_can_verify_what_the_private_key_in_the_secret_signs(
    stack: Stack, algorithm: str
) -> None:
    stack.algorithm = algorithm
    group_id = stack.create()
    (key,) = stack.ring.keys
    public_key = stack.account.public_key(f"{NAME}-{key.fingerprint}")
    group = stack.account.group(NAME)
    assert (key.algorithm, key.key_pair_id) == (algorithm, public_key.id)
    assert (group_id, [public_key.id]) == (group.id, group.items)
    assert _signature_is_good(key.private_key, public_key.encoded_key)


@pytest.mark.parametrize("stale_reads", [1, 2, 3])
def test_a_secret_whose_new_value_is_not_read_at_first_was_not_deleted(
    stack: Stack, stale_reads: int
) -> None:
    event = stack.event("Create")
    stack.account.stale_reads = stale_reads
    for _ in range(2):
        (answer,) = stack.run(event)
        assert answer["Status"] == "SUCCESS", answer["Reason"]
        assert_whole(stack)


def test_the_ring_says_which_key_signs_from_when_and_who_trusts_it(stack: Stack) -> None:
    group_id = stack.create()
    ring = stack.ring
    assert (group_id, 1) == (ring.key_group_id, len(ring.keys))
    assert (int(START), None) == (ring.keys[0].signs_from, ring.keys[0].signs_until)
    assert ring.keys[0] == ring.signer_at(int(START))


@pytest.mark.parametrize("seconds_per_call", [0, CALL_SECONDS])
def test_a_new_role_has_a_minute_to_take_effect(stack: Stack, seconds_per_call: float) -> None:
    stack.account.denied_seconds, stack.account.seconds_per_call = 55, seconds_per_call
    stack.create()
    assert_whole(stack)
    assert stack.longest_run <= TIMEOUT - ANSWER_SECONDS


def test_permissions_that_are_missing_after_a_minute_are_reported_with_that_minute(
    stack: Stack,
) -> None:
    stack.account.denied_seconds = 3600
    answer = stack.request("Create")
    assert answer["Status"] == "FAILED"
    assert answer["Reason"].startswith(
        "secretsmanager:GetSecretValue failed (AccessDeniedException, tried for a minute). Allow"
    )
    assert 60 <= stack.longest_run <= 70


@pytest.mark.parametrize("request_type", ["Update", "Delete"])
def test_a_role_that_is_no_longer_new_has_no_such_minute(stack: Stack, request_type: str) -> None:
    group_id, began = stack.create(), stack.clock.now
    stack.account.denied_seconds = 3600
    assert stack.request(request_type, group_id)["Status"] == "FAILED"
    assert stack.clock.now == began


def test_the_response_has_every_field_that_cloudformation_reads(stack: Stack) -> None:
    event = stack.event("Create")
    (answer,) = stack.run(event)
    group_id = stack.account.group(NAME).id
    assert {
        "Status": "SUCCESS",
        "Reason": f"The key group {group_id} trusts the signing key.",
        "PhysicalResourceId": PHYSICAL_ID,
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
        "Data": {"KeyGroupId": group_id},
    } == answer


def test_the_pair_is_in_the_secret_before_it_is_in_cloudfront(stack: Stack) -> None:
    stack.account.fault = Fault(kind="crash", when="before", at=3)
    with pytest.raises(Crash):
        stack.run(stack.event("Create"))
    (key,) = stack.ring.keys
    assert (key.key_pair_id, stack.ring.key_group_id) == (None, None)
    assert stack.account.key_names == []


def test_a_successful_run_makes_these_calls_in_this_order(stack: Stack) -> None:
    stack.create()
    assert list(CREATE_CALLS) == stack.account.actions


def test_name_and_caller_reference_of_a_public_key_are_the_stacks_name_and_the_fingerprint(
    stack: Stack,
) -> None:
    stack.create()
    config = stack.account.sent[CREATE_CALLS.index("cloudfront:CreatePublicKey")]["PublicKeyConfig"]
    expected = f"{NAME}-{stack.ring.keys[0].fingerprint}"
    assert (expected, expected) == (config["Name"], config["CallerReference"])


def test_a_repeated_request_changes_nothing_and_gets_the_same_response(stack: Stack) -> None:
    event = stack.event("Create")
    first, ring = stack.run(event), stack.value
    stack.account.record()
    assert (first, ring) == (stack.run(event), stack.value)
    assert list(LOOK_CALLS) == stack.account.actions


def test_another_create_of_the_same_stack_finds_the_existing_resources(stack: Stack) -> None:
    assert stack.create() == stack.create()
    assert_whole(stack)


def test_a_ring_without_keys_counts_as_none(stack: Stack) -> None:
    stack.put('{"key_group_id": null, "keys": []}')
    stack.create()
    assert_whole(stack)


def test_a_group_that_is_in_the_ring_is_used_under_any_name(stack: Stack) -> None:
    group_id = stack.create()
    stack.account.group(NAME).name = "another-name"
    stack.put_keys()
    assert group_id == stack.create()
    assert stack.account.group_names == ["another-name"]


def test_a_binary_ring_is_read(stack: Stack) -> None:
    stack.create()
    stack.put(stack.ring.to_json().encode())
    assert stack.account.group(NAME).id == stack.create()


@pytest.mark.parametrize("page_size", [1, 2, 5, 100])
def test_existing_resources_are_found_after_pages_of_other_resources(
    stack: Stack, page_size: int
) -> None:
    other_peoples(stack.account, 5)
    stack.account.page_size = page_size
    group_id = stack.create()
    others = stack.account.key_names
    stack.forget_ids()
    stack.account.record()
    assert group_id == stack.create()
    assert others == stack.account.key_names
    assert not {"cloudfront:CreatePublicKey", "cloudfront:CreateKeyGroup"} & set(
        stack.account.actions
    )


@pytest.mark.parametrize("hidden", ["key", "group"])
def test_a_resource_that_a_list_does_not_show_yet_is_found_in_the_next(
    stack: Stack, hidden: str
) -> None:
    group_id = stack.create()
    stack.forget_ids()
    names = {"key": stack.account.key_names[0], "group": NAME}
    stack.account.hidden[names[hidden]] = 1
    assert group_id == stack.create()
    assert_whole(stack)


@pytest.mark.parametrize(
    ("hidden", "what"), [("key", f"a public key {NAME}-"), ("group", f"a key group {NAME},")]
)
def test_a_resource_that_no_list_shows_is_named_in_the_failure(
    stack: Stack, hidden: str, what: str
) -> None:
    stack.create()
    stack.forget_ids()
    names = {"key": stack.account.key_names[0], "group": NAME}
    stack.account.hidden[names[hidden]] = 99
    answer = stack.request("Create")
    assert answer["Status"] == "FAILED"
    assert f"CloudFront has {what}" in answer["Reason"]


def test_resources_whose_ids_are_in_the_ring_do_not_need_the_lists(stack: Stack) -> None:
    group_id = stack.create()
    stack.account.hidden = dict.fromkeys([*stack.account.key_names, NAME], 99)
    assert group_id == stack.create()
    assert_whole(stack)


def test_a_group_gets_the_key_and_trusts_no_others(stack: Stack) -> None:
    (stranger,) = other_peoples(stack.account, 1)
    stack.create()
    group = stack.account.group(NAME)
    ours = list(group.items)
    group.items = [stranger]
    stack.create()
    assert ours == stack.account.group(NAME).items


def test_a_concurrent_change_by_someone_else_does_not_lose_the_key(stack: Stack) -> None:
    (stranger,) = other_peoples(stack.account, 1)
    stack.create()
    group = stack.account.group(NAME)
    ours = list(group.items)
    group.items = []

    def change() -> None:
        group.items = [stranger]
        _touch(group)

    stack.account.record()
    stack.account.meanwhile[len(LOOK_CALLS) + 1] = change  # after GetKeyGroup
    stack.create()
    assert ours == stack.account.group(NAME).items


def _touch(group: KeyGroup) -> None:
    """Someone changes the group, which gets a new ETag."""
    group.etag += "X"


@pytest.mark.parametrize("number", range(1, len(CREATE_CALLS) + 1))
def test_two_concurrent_runs_of_a_request_create_one_pair(stack: Stack, number: int) -> None:
    event, answers = stack.event("Create"), list[Answer]()
    stack.account.meanwhile[number] = lambda: answers.extend(stack.run(event))
    answers.extend(stack.run(event))
    assert [answer["Status"] for answer in answers] == ["SUCCESS", "SUCCESS"]
    assert answers[0] == answers[1]
    assert_whole(stack)


def test_the_longest_run_ends_in_time_when_every_call_takes_its_maximum(stack: Stack) -> None:
    """A concurrent run of the same request is always faster, and CloudFront's lists lag."""
    event = stack.event("Create")

    def rival() -> None:
        stack.run(event)
        stack.forget_ids()
        stack.account.hidden = dict.fromkeys([*stack.account.key_names, NAME], 1)

    stack.account.meanwhile = {2: rival}
    stack.account.seconds_per_call = CALL_SECONDS
    (answer,) = stack.run(event)
    assert answer["Status"] == "SUCCESS"
    assert_whole(stack)
    assert len(stack.account.actions) == LONGEST_WAY
    assert stack.longest_run <= TIMEOUT - ANSWER_SECONDS


def test_a_ring_of_another_algorithm_is_kept_and_followed(stack: Stack) -> None:
    stack.create()
    (first,) = stack.ring.keys
    stack.algorithm = "rsa-2048"
    assert stack.request("Create")["Status"] == "SUCCESS"
    assert [key.algorithm for key in stack.ring.keys] == ["ecdsa-p256", "rsa-2048"]
    assert first.key_pair_id == stack.ring.keys[0].key_pair_id


def test_a_value_that_is_not_a_ring_is_kept_and_not_shown(stack: Stack) -> None:
    stack.put('{"password": "hunter2"}')
    answer = stack.request("Create")
    assert answer["Status"] == "FAILED"
    assert "the value has no field keys" in answer["Reason"]
    assert "hunter2" not in answer["Reason"]
    assert stack.account.key_names == []


def test_a_failed_create_always_returns_the_same_id(stack: Stack, account: Account) -> None:
    account.fault = Fault(kind="deny", when="before", at=1, lasting=True)
    ids = {stack.request("Create")["PhysicalResourceId"] for _ in range(2)}
    assert {PHYSICAL_ID} == ids


def test_a_timeout_that_is_too_short_is_reported_before_any_call(stack: Stack) -> None:
    stack.timeout = 90
    answer = stack.request("Create")
    assert answer["Status"] == "FAILED"
    assert "ran out of time before secretsmanager:GetSecretValue" in answer["Reason"]
    assert stack.account.actions == []
