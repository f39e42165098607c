"""Update: keeps the group ID, restores missing resources, and changes the algorithm."""

from dataclasses import replace

import pytest

from signing_key.key_life import MOST_KEYS
from tests.lambda_src.signing_key.aws_account import Fault
from tests.lambda_src.signing_key.cloudformation import GRACE_SECONDS, NAME, TOKEN, Stack
from tests.lambda_src.signing_key.expectations import assert_overlapping, assert_whole
from tests.lambda_src.signing_key.sequences import LOOK_CALLS
from tests.lambda_src.signing_key.watched import Watched

MOVE = "secretsmanager:UpdateSecretVersionStage"
PROMOTION = 8
"""The call of an update with another algorithm that makes its ring current."""


def test_an_update_keeps_the_physical_id_and_changes_nothing(stack: Stack) -> None:
    group_id = stack.create()
    ring = stack.value
    stack.account.record()
    answer = stack.request("Update", group_id)
    assert answer["Status"] == "SUCCESS"
    assert (group_id, {"KeyGroupId": group_id}) == (answer["PhysicalResourceId"], answer["Data"])
    assert (ring, list(LOOK_CALLS)) == (stack.value, stack.account.actions)


@pytest.mark.parametrize(
    ("present", "wanted"), [("rsa-2048", "ecdsa-p256"), ("ecdsa-p256", "rsa-2048")]
)
def test_a_key_of_another_algorithm_follows_in_the_same_group(
    stack: Stack, present: str, wanted: str
) -> None:
    stack.algorithm = present
    group_id = stack.create()
    stack.algorithm = wanted
    answer = stack.request("Update", group_id)
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", group_id)
    assert answer["Data"] == {"KeyGroupId": group_id}
    assert [key.algorithm for key in stack.ring.keys] == [present, wanted]
    assert_overlapping(stack)


def _deploy(stack: Stack, algorithm: str) -> None:
    stack.algorithm = algorithm
    answer = stack.request("Update", stack.ring.key_group_id)
    assert answer["Status"] == "SUCCESS", answer["Reason"]


def test_going_back_before_the_new_key_signs_keeps_the_old_one_signing(stack: Stack) -> None:
    stack.create()
    (old,) = stack.ring.keys
    _deploy(stack, "rsa-2048")
    (_, new) = stack.ring.keys
    _deploy(stack, "ecdsa-p256")
    assert {old.key_pair_id, new.key_pair_id} == set(stack.account.group(NAME).items)
    for seconds in (0, 3600, 30 * 86_400):
        assert stack.ring.signer_at(int(stack.clock.now) + seconds) == old


def test_going_back_before_the_new_key_signs_lets_it_never_sign(watched: Watched) -> None:
    """A rotation's key does not sign yet either: the old key signs until that one takes over."""
    stack = watched.stack
    (old,) = stack.ring.keys
    stack.rotate()
    rotated = stack.ring.keys[-1]
    stack.clock.sleep(600)
    _deploy(stack, "rsa-2048")
    stack.clock.sleep(600)
    began = int(stack.clock.now)
    _deploy(stack, "ecdsa-p256")
    takes_over = began + 600 + GRACE_SECONDS
    for second in range(began, began + 7200, 60):
        signer = old if second < takes_over else rotated
        assert stack.ring.signer_at(second).key_pair_id == signer.key_pair_id
    assert [key.signs_until for key in stack.ring.keys][-2:] == [takes_over, None]
    for _ in range(2):
        stack.clock.sleep(26 * 3600)
        stack.rotate(f"{TOKEN[:-1]}{int(stack.clock.now) % 10}")
    watched.assert_kept()


def test_a_failed_change_of_the_algorithm_is_not_continued_by_a_rotation_after_its_rollback(
    stack: Stack,
) -> None:
    """Its ring stays pending, if it can neither be made current nor given up."""
    group_id = stack.create()
    stack.clock.sleep(86_400)
    stack.algorithm = "rsa-2048"
    stack.account.record()
    stack.account.fault = Fault(kind="throttle", when="before", at=PROMOTION, lasting=True)
    assert stack.request("Update", group_id)["Status"] == "FAILED"
    assert stack.account.actions[PROMOTION - 1 : PROMOTION + 1] == [MOVE, MOVE]
    stack.account.fault = None
    _deploy(stack, "ecdsa-p256")
    stack.clock.sleep(600)
    stack.rotate_or_reattempt()
    assert [key.algorithm for key in stack.ring.keys] == ["ecdsa-p256"] * 2
    assert_overlapping(stack)


def test_attempts_with_another_algorithm_cost_no_room_and_the_rollback_is_never_rejected(
    stack: Stack,
) -> None:
    """The group is full after four rotations and one attempt."""
    stack.create()
    for number in range(3):
        stack.clock.sleep(3600)
        stack.rotate(f"{TOKEN[:-1]}{number}")
    stack.clock.sleep(3600)
    for _ in range(4):
        _deploy(stack, "rsa-2048")
        stack.clock.sleep(600)
        _deploy(stack, "ecdsa-p256")
        stack.clock.sleep(600)
    assert len(stack.ring.keys) == MOST_KEYS
    assert stack.ring.key_pair_ids == [key.key_pair_id for key in stack.ring.keys]
    assert set(stack.ring.key_pair_ids) == set(stack.account.group(NAME).items)


def test_the_way_back_after_the_new_key_signs_uses_the_old_key_again(stack: Stack) -> None:
    stack.create()
    (old,) = stack.ring.keys
    _deploy(stack, "rsa-2048")
    stack.clock.sleep(3600)
    began = int(stack.clock.now)
    _deploy(stack, "ecdsa-p256")
    _, again = stack.ring.keys
    assert again == replace(old, signs_from=began + 600 + GRACE_SECONDS)
    assert_overlapping(stack)


def test_no_viewer_is_rejected_while_deployments_go_back_and_forth(watched: Watched) -> None:
    stack = watched.stack
    for pause in (0, 60, 1400, 1500, 1600, 4000, 86_400, 3 * 86_400):
        _deploy(stack, "rsa-2048")
        stack.clock.sleep(pause)
        _deploy(stack, "ecdsa-p256")
        stack.clock.sleep(pause)
    stack.rotate()
    watched.assert_kept()


def test_another_algorithm_is_rejected_with_a_reason_if_the_group_is_full(stack: Stack) -> None:
    group_id = stack.create()
    for number in range(MOST_KEYS - 1):
        stack.clock.sleep(3600)
        stack.rotate(f"{TOKEN[:-1]}{number}")
    ring = stack.value
    stack.algorithm = "rsa-2048"
    answer = stack.request("Update", group_id)
    assert (answer["Status"], ring) == ("FAILED", stack.value)
    assert "The key group is full (5 keys)" in answer["Reason"]
    assert_overlapping(stack)


def test_the_newest_key_is_the_one_that_counts(stack: Stack) -> None:
    group_id = stack.create()
    older = stack.ring
    stack.account.cloudfront.key_groups.clear()
    stack.put('{"key_group_id": null, "keys": []}')
    stack.clock.sleep(60)
    stack.algorithm = "rsa-2048"
    stack.create()
    stack.put_keys(*older.keys, *stack.ring.keys)
    assert stack.request("Update", group_id)["Status"] == "SUCCESS"
    stack.put_keys(*reversed(stack.ring.keys))
    assert stack.request("Update", group_id)["Status"] == "SUCCESS"
    stack.algorithm = "ecdsa-p256"
    assert stack.request("Update", group_id)["Status"] == "SUCCESS"
    assert [key.algorithm for key in stack.ring.keys][-1] == "ecdsa-p256"


def test_all_keys_of_the_ring_stay_in_the_group(stack: Stack) -> None:
    group_id = stack.create()
    first = stack.ring.keys
    stack.put('{"key_group_id": null, "keys": []}')
    stack.create()
    stack.put_keys(*first, *stack.ring.keys)
    stack.account.group(NAME).items = []
    stack.request("Update", group_id)
    assert [key.key_pair_id for key in stack.ring.keys] == stack.account.group(NAME).items


def test_a_public_key_that_is_gone_is_created_again(stack: Stack) -> None:
    group_id = stack.create()
    stack.account.group(NAME).items = []
    stack.account.cloudfront.public_keys.clear()
    answer = stack.request("Update", group_id)
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", group_id)
    assert_whole(stack)


def test_a_group_that_is_gone_is_replaced_in_getatt_and_the_physical_id_stays(
    stack: Stack,
) -> None:
    """Another physical ID would cause a Delete for the old one, which removes all our resources."""
    gone = stack.create()
    stack.account.cloudfront.key_groups.clear()
    answer = stack.request("Update", gone)
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", gone)
    assert answer["Data"] == {"KeyGroupId": stack.account.group(NAME).id}
    assert_whole(stack)


def test_a_secret_that_lost_its_value_gets_a_new_pair(stack: Stack) -> None:
    group_id = stack.create()
    stack.put('{"key_group_id": null, "keys": []}')
    answer = stack.request("Update", group_id)
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", group_id)
    (key,) = stack.ring.keys
    assert key.key_pair_id in stack.account.group(NAME).items
