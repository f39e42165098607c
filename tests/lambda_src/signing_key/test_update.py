"""Updating: the group's id stays, what is missing comes back, a rotation is refused."""

import pytest

from tests.lambda_src.signing_key.cloudformation import NAME, Stack
from tests.lambda_src.signing_key.expectations import assert_whole
from tests.lambda_src.signing_key.stories import LOOK_CALLS


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
def test_another_algorithm_is_refused_in_one_sentence(
    stack: Stack, present: str, wanted: str
) -> None:
    stack.algorithm = present
    group_id = stack.create()
    ring = stack.value
    stack.algorithm = wanted
    answer = stack.request("Update", group_id)
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("FAILED", group_id)
    assert answer["Reason"] == (
        f"The signing key is {present} and cannot become {wanted}, because that is a rotation,"
        f" which this version does not do yet: keep {present} or make a new stack."
    )
    assert ring == stack.value
    assert_whole(stack)


def test_the_rollback_of_a_refused_update_succeeds(stack: Stack) -> None:
    """Its old properties are the refused ones, so they cannot be what the new are compared with."""
    group_id = stack.create()
    refused = {"ServiceToken": "arn", "Algorithm": "rsa-2048"}
    stack.request("Update", group_id, ResourceProperties=refused)
    answer = stack.request("Update", group_id, OldResourceProperties=refused)
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", group_id)


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
    assert stack.request("Update", group_id)["Status"] == "FAILED"


def test_all_keys_of_the_ring_stay_in_the_group(stack: Stack) -> None:
    group_id = stack.create()
    first = stack.ring.keys
    stack.put('{"key_group_id": null, "keys": []}')
    stack.create()
    stack.put_keys(*first, *stack.ring.keys)
    stack.account.group(NAME).items = []
    stack.request("Update", group_id)
    assert [key.key_pair_id for key in stack.ring.keys] == stack.account.group(NAME).items


def test_a_public_key_that_is_gone_is_made_again(stack: Stack) -> None:
    group_id = stack.create()
    stack.account.group(NAME).items = []
    stack.account.cloudfront.public_keys.clear()
    answer = stack.request("Update", group_id)
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", group_id)
    assert_whole(stack)


def test_for_a_group_that_is_gone_getatt_has_the_new_one_and_the_physical_id_stays(
    stack: Stack,
) -> None:
    """Another physical id would bring a Delete for the old, and that removes all that is ours."""
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
