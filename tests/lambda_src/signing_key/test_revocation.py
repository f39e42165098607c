"""Revocation: one new key immediately, and none of the old ones."""

import contextlib

import pytest

from preview.services.aws.moto_secrets import begin_rotation
from signing_key.app import REVOKE, NotDone
from signing_key.calls import ANSWER_SECONDS, CALL_SECONDS
from tests.lambda_src.signing_key.aws_account import FAULTS, Crash, Fault
from tests.lambda_src.signing_key.cloudformation import STEPS, TIMEOUT, TOKEN, Stack
from tests.lambda_src.signing_key.expectations import (
    assert_overlapping,
    assert_whole,
    other_peoples,
)
from tests.lambda_src.signing_key.sequences import SETTLING

CALLS = (
    "secretsmanager:GetSecretValue",
    "cloudfront:CreatePublicKey",
    "secretsmanager:PutSecretValue",
    "cloudfront:GetKeyGroup",
    "cloudfront:UpdateKeyGroup",
    "secretsmanager:UpdateSecretVersionStage",
    "secretsmanager:UpdateSecretVersionStage",
    *SETTLING,
    "cloudfront:UpdateKeyGroup",
    *SETTLING,
    "cloudfront:ListPublicKeys",
    "cloudfront:GetPublicKey",
    "cloudfront:DeletePublicKey",
)


GIVE_UP = 7
"""The call that removes the label from what has become current."""


def test_a_new_key_signs_immediately_and_all_others_are_gone(stack: Stack) -> None:
    group_id = stack.create()
    (old,) = stack.ring.keys
    stack.clock.sleep(86_400)
    stack.account.record()
    said = stack.run_for_a_person(REVOKE)
    (new,) = stack.ring.keys
    assert list(CALLS) == stack.account.actions
    assert len(CALLS) * CALL_SECONDS <= TIMEOUT - ANSWER_SECONDS
    assert (new.signs_from, new.algorithm) == (int(stack.clock.now), old.algorithm)
    assert (new.key_pair_id != old.key_pair_id, stack.ring.key_group_id) == (True, group_id)
    assert said is not None
    assert said.startswith(f"The key {new.key_pair_id} signs from now on")
    assert "reject cookies from earlier keys within 15 minutes" in said
    assert_whole(stack)


@pytest.mark.parametrize("stale_reads", [1, 2, 3])
def test_the_group_does_not_trust_the_former_key_because_it_was_read_once_more(
    stack: Stack, stale_reads: int
) -> None:
    stack.create()
    (old,) = stack.ring.keys
    stack.account.stale_reads = stale_reads
    stack.run(REVOKE)
    assert old.key_pair_id not in stack.ring.key_pair_ids
    assert_whole(stack)


def test_a_former_key_that_is_read_for_a_long_time_is_a_failure_and_can_be_repeated(
    stack: Stack,
) -> None:
    stack.create()
    stack.account.stale_reads = 100
    with pytest.raises(NotDone, match="repeat it"):
        stack.run(REVOKE)
    stack.account.stale_reads = stack.account.stale_left = 0
    stack.run(REVOKE)
    assert_whole(stack)


@pytest.mark.slow
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("kind", FAULTS)
@pytest.mark.parametrize("at", range(1, len(CALLS) + 1))
def test_it_can_be_repeated_after_any_failed_call(
    stack: Stack, at: int, kind: str, when: str
) -> None:
    stack.create()
    (old,) = stack.ring.keys
    stack.account.record()
    stack.account.fault = Fault(kind=kind, when=when, at=at)
    # it does not need the label to be removed
    survives = at == GIVE_UP and kind != "crash"
    with contextlib.nullcontext() if survives else pytest.raises((Crash, NotDone)):
        stack.run(REVOKE)
    stack.account.fault = None
    stack.run(REVOKE)
    assert old.key_pair_id not in stack.ring.key_pair_ids
    assert_whole(stack)


@pytest.mark.parametrize("at", range(1, len(CALLS) + 1))
def test_the_sdks_next_attempt_makes_up_for_a_lost_response(stack: Stack, at: int) -> None:
    stack.create()
    stack.account.record()
    stack.account.lost_answer = at
    stack.run(REVOKE)
    assert_whole(stack)


@pytest.mark.parametrize("value", [None, "{}", "not JSON"])
def test_a_rotation_in_progress_is_discarded_even_if_its_version_cannot_be_read(
    stack: Stack, value: str | None
) -> None:
    """Secrets Manager would otherwise refuse every other rotation."""
    stack.create()
    stack.clock.sleep(86_400)
    begin_rotation(stack.secret_arn, TOKEN)
    if value is not None:
        stack.put(value, ClientRequestToken=TOKEN, VersionStages=["AWSPENDING"])
    stack.run(REVOKE)
    assert_whole(stack)
    stack.clock.sleep(86_400)
    stack.rotate(f"{TOKEN[:-1]}2")
    assert_overlapping(stack)


@pytest.mark.parametrize("step", STEPS[:3])
def test_after_a_rotation_that_revocation_overtook_another_can_start(
    stack: Stack, step: str
) -> None:
    stack.create()
    stack.clock.sleep(86_400)
    begin_rotation(stack.secret_arn, TOKEN)
    for name in STEPS[: STEPS.index(step) + 1]:
        stack.step(name)
    stack.run(REVOKE)
    assert_whole(stack)
    stack.clock.sleep(3600)
    stack.rotate(f"{TOKEN[:-1]}2")
    assert_overlapping(stack)


def test_at_the_quota_of_public_keys_it_first_deletes_what_failed_rotations_left(
    stack: Stack,
) -> None:
    stack.create()
    _leave_public_keys(stack, 3)
    stack.account.most_public_keys = len(stack.account.key_names)
    stack.run(REVOKE)
    assert_whole(stack)


def test_at_the_quota_of_public_keys_it_first_deletes_older_keys(stack: Stack) -> None:
    stack.create()
    stack.clock.sleep(86_400)
    stack.rotate()
    stack.clock.sleep(3600)
    stack.account.most_public_keys = len(stack.account.key_names)
    old = stack.ring.key_pair_ids
    stack.run(REVOKE)
    assert not set(old) & set(stack.ring.key_pair_ids)
    assert_whole(stack)


def test_at_the_quota_with_a_single_key_it_says_what_to_do_and_changes_nothing(
    stack: Stack,
) -> None:
    """CloudFront does not delete a key that is in a group, and the group needs one."""
    stack.create()
    other_peoples(stack.account, 3)
    stack.account.most_public_keys = len(stack.account.key_names)
    with pytest.raises(NotDone, match="Delete unused public keys"):
        stack.run(REVOKE)
    stack.account.most_public_keys += 1
    stack.run(REVOKE)
    assert len(stack.ring.keys) == 1


@pytest.mark.parametrize("minutes", [1, 60])
def test_at_the_quota_the_signer_stays_trusted_if_another_stack_takes_the_room(
    stack: Stack, minutes: int
) -> None:
    """A minute after a rotation, the older key signs; after an hour, the newer one."""
    stack.create()
    stack.clock.sleep(86_400)
    stack.rotate()
    stack.clock.sleep(minutes * 60)
    stack.account.most_public_keys = len(stack.account.key_names)
    stack.account.others_wait_for_room = True
    signer = stack.ring.signer_at(int(stack.clock.now)).key_pair_id
    for pause in (0, 3600, 86_400):
        stack.clock.sleep(pause)
        with pytest.raises(NotDone, match="Delete unused public keys"):
            stack.run(REVOKE)
        assert stack.account.group(stack.name).items == [signer]
        assert stack.ring.signer_at(int(stack.clock.now)).key_pair_id == signer
    stack.account.most_public_keys += 1
    stack.run(REVOKE)
    assert len(stack.ring.keys) == 1
    assert signer not in stack.account.group(stack.name).items


def _leave_public_keys(stack: Stack, count: int) -> None:
    """What crashed rotations leave."""
    for number in range(count):
        name = f"{stack.name}-{number:016x}"
        stack.account.cloudfront.create_public_key(name, name, "PEM\n")


def test_without_keys_there_is_nothing_to_revoke(stack: Stack) -> None:
    with pytest.raises(NotDone, match="The secret has no key"):
        stack.run(REVOKE)
