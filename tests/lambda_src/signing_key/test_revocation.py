"""Revocation: one new key immediately, and none of the old ones."""

import pytest

from signing_key.app import REVOKE, NotDone
from tests.lambda_src.signing_key.aws_account import FAULTS, Crash, Fault
from tests.lambda_src.signing_key.cloudformation import Stack
from tests.lambda_src.signing_key.expectations import assert_whole

CALLS = (
    "secretsmanager:GetSecretValue",
    "secretsmanager:GetSecretValue",
    "cloudfront:ListPublicKeys",
    "cloudfront:CreatePublicKey",
    "secretsmanager:PutSecretValue",
    "cloudfront:ListKeyGroups",
    "cloudfront:GetKeyGroup",
    "cloudfront:UpdateKeyGroup",
    "cloudfront:ListPublicKeys",
    "cloudfront:GetPublicKey",
    "cloudfront:DeletePublicKey",
)


def test_a_new_key_signs_immediately_and_all_others_are_gone(stack: Stack) -> None:
    group_id = stack.create()
    (old,) = stack.ring.keys
    stack.clock.sleep(86_400)
    stack.account.record()
    said = stack.run_for_a_person(REVOKE)
    (new,) = stack.ring.keys
    assert list(CALLS) == stack.account.actions
    assert (new.signs_from, new.algorithm) == (int(stack.clock.now), old.algorithm)
    assert (new.key_pair_id != old.key_pair_id, stack.ring.key_group_id) == (True, group_id)
    assert said is not None
    assert said.startswith(f"The key {new.key_pair_id} signs from now on")
    assert "reject cookies from earlier keys within 15 minutes" in said
    assert_whole(stack)


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
    with pytest.raises((Crash, NotDone)):
        stack.run(REVOKE)
    stack.account.fault = None
    stack.run(REVOKE)
    assert old.key_pair_id not in stack.ring.key_pair_ids
    assert_whole(stack)


def test_without_keys_there_is_nothing_to_revoke(stack: Stack) -> None:
    with pytest.raises(NotDone, match="The secret has no key"):
        stack.run(REVOKE)
