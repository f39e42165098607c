"""Update: keeps the group ID, restores missing resources, and changes the algorithm."""

import pytest

from tests.lambda_src.signing_key.cloudformation import NAME, Stack
from tests.lambda_src.signing_key.expectations import assert_overlapping, assert_whole
from tests.lambda_src.signing_key.sequences import LOOK_CALLS


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


def test_changing_the_algorithm_back_immediately_adds_one_more_key(stack: Stack) -> None:
    """A rollback must not fail for being too soon."""
    group_id = stack.create()
    other = {"ServiceToken": "arn", "Algorithm": "rsa-2048"}
    stack.request("Update", group_id, ResourceProperties=other)
    answer = stack.request("Update", group_id, OldResourceProperties=other)
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", group_id)
    assert [key.algorithm for key in stack.ring.keys] == ["ecdsa-p256", "rsa-2048", "ecdsa-p256"]
    assert_overlapping(stack)


def test_a_sixth_key_is_rejected_with_a_reason(stack: Stack) -> None:
    group_id = stack.create()
    for _ in range(2):
        for stack.algorithm in ("rsa-2048", "ecdsa-p256"):
            assert stack.request("Update", group_id)["Status"] == "SUCCESS"
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
