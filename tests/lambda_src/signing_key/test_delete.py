"""Delete: removes all the stack's resources from CloudFront, and no others."""

import contextlib

import pytest

from preview.services.aws.moto_secrets import begin_rotation
from signing_key.app import REVOKE, NotDone
from signing_key.calls import ANSWER_SECONDS, CALL_SECONDS
from signing_key.cloudformation_handler import PHYSICAL_ID
from signing_key.cloudfront_resources import PAUSE_SECONDS
from tests.lambda_src.shared.simulated_time import Clock
from tests.lambda_src.signing_key.aws_account import Account, Fault
from tests.lambda_src.signing_key.cloudformation import (
    NAME,
    STEPS,
    TIMEOUT,
    TOKEN,
    ResponseUrl,
    Stack,
)
from tests.lambda_src.signing_key.expectations import (
    assert_nothing_left,
    assert_whole,
    other_peoples,
)
from tests.lambda_src.signing_key.sequences import CREATE_CALLS, DELETE_CALLS


def test_delete_leaves_nothing_and_empties_the_ring(stack: Stack) -> None:
    group_id = stack.create()
    stack.account.record()
    answer = stack.request("Delete", group_id)
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", group_id)
    assert_nothing_left(stack)
    assert (stack.ring.keys, list(DELETE_CALLS)) == ((), stack.account.actions)


def test_what_the_lists_do_not_show_yet_is_deleted(stack: Stack) -> None:
    group_id = stack.create()
    stack.account.hidden = dict.fromkeys([*stack.account.key_names, NAME], 99)
    assert stack.request("Delete", group_id)["Status"] == "SUCCESS"
    assert_nothing_left(stack)


def test_the_new_key_of_a_rotation_that_the_lists_do_not_show_yet_is_deleted(
    stack: Stack,
) -> None:
    group_id = stack.create()
    begin_rotation(stack.secret_arn, TOKEN)
    stack.clock.sleep(60)
    stack.step("createSecret")
    stack.account.hidden = dict.fromkeys([*stack.account.key_names, NAME], 99)
    assert stack.request("Delete", group_id)["Status"] == "SUCCESS"
    assert_nothing_left(stack)


@pytest.mark.parametrize("number", range(2, len(CREATE_CALLS) + 1))
@pytest.mark.parametrize("lagging", [False, True])
def test_a_create_that_goes_on_after_its_delete_leaves_nothing(
    stack: Stack, number: int, lagging: bool
) -> None:
    """Another resource failed, and CloudFormation canceled the creation."""
    deleted: list[str] = []

    def delete() -> None:
        if lagging:
            stack.account.hidden = dict.fromkeys([*stack.account.key_names, NAME], 2)
        made_up = "live-SigningKeyPair-1XQ2W3E4R5T6Y"
        deleted.append(stack.request("Delete", made_up)["Status"])

    stack.account.meanwhile[number] = delete
    (answer,) = stack.run(stack.event("Create"))
    # before its last call, everything has been created, and deleted
    status = "FAILED" if number < len(CREATE_CALLS) else "SUCCESS"
    assert (deleted, answer["Status"]) == (["SUCCESS"], status)
    assert_nothing_left(stack)


CHANGES = {"createSecret": 11, "setSecret": 3, "finishSecret": 7, "revoke": 16, "update": 16}
"""What changes the keys: by how many calls."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("act", "number"), [(act, at) for act, calls in CHANGES.items() for at in range(2, calls + 1)]
)
def test_a_change_of_the_keys_that_goes_on_after_the_deletion_leaves_nothing(
    stack: Stack, act: str, number: int
) -> None:
    group_id = stack.create()
    stack.clock.sleep(86_400)
    stack.algorithm = "rsa-2048"
    update = stack.event("Update", group_id)
    if act in STEPS:
        begin_rotation(stack.secret_arn, TOKEN)
        for step in STEPS[: STEPS.index(act)]:
            stack.step(step)
    stack.account.record()
    stack.account.meanwhile[number] = lambda: stack.request("Delete", group_id)
    with contextlib.suppress(NotDone):
        if act in STEPS:
            stack.step(act)
        else:
            stack.run(update if act == "update" else REVOKE)
    assert stack.account.meanwhile == {}
    assert_nothing_left(stack)


def test_a_create_that_comes_again_after_its_delete_leaves_nothing(stack: Stack) -> None:
    event = stack.event("Create")
    (answer,) = stack.run(event)
    stack.request("Delete", answer["PhysicalResourceId"])
    (again,) = stack.run(event)
    assert again["Status"] == "FAILED"
    assert_nothing_left(stack)


def test_after_a_delete_the_keys_can_be_created_again(stack: Stack) -> None:
    stack.request("Delete", stack.create())
    stack.create()
    assert_whole(stack)


def test_a_delete_that_is_repeated_knows_what_the_first_one_knew(stack: Stack) -> None:
    group_id = stack.create()
    stack.account.record()
    at = DELETE_CALLS.index("cloudfront:GetKeyGroup") + 1
    stack.account.fault = Fault(kind="throttle", when="before", at=at)
    assert stack.request("Delete", group_id)["Status"] == "FAILED"
    stack.account.fault = None
    stack.account.hidden = dict.fromkeys([*stack.account.key_names, NAME], 99)
    assert stack.request("Delete", group_id)["Status"] == "SUCCESS"
    assert_nothing_left(stack)


@pytest.mark.parametrize("physical_id", [PHYSICAL_ID, NAME, "live-SigningKeyPair-1XQ2W3E4R5T6Y"])
def test_delete_finds_everything_with_any_physical_id(stack: Stack, physical_id: str) -> None:
    stack.create()
    answer = stack.request("Delete", physical_id)
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", physical_id)
    assert_nothing_left(stack)


@pytest.mark.parametrize("gone", [("group",), ("group", "key"), ("group", "key", "ring")])
def test_resources_that_are_already_gone_are_fine(stack: Stack, gone: tuple[str, ...]) -> None:
    group_id = stack.create()
    if "group" in gone:
        stack.account.cloudfront.key_groups.clear()
    if "key" in gone:
        stack.account.cloudfront.public_keys.clear()
    if "ring" in gone:
        stack.put('{"key_group_id": null, "keys": []}')
    assert stack.request("Delete", group_id)["Status"] == "SUCCESS"
    assert_nothing_left(stack)


def test_deleting_twice_and_deleting_nothing_is_fine(stack: Stack) -> None:
    assert [stack.request("Delete", PHYSICAL_ID)["Status"] for _ in range(2)] == ["SUCCESS"] * 2


def test_a_concurrent_deletion_by_someone_else_is_fine(stack: Stack) -> None:
    group_id = stack.create()
    stack.account.record()
    for action, things in (
        ("cloudfront:DeleteKeyGroup", stack.account.cloudfront.key_groups),
        ("cloudfront:GetPublicKey", stack.account.cloudfront.public_keys),
    ):
        stack.account.meanwhile[DELETE_CALLS.index(action) + 1] = things.clear
    assert stack.request("Delete", group_id)["Status"] == "SUCCESS"
    assert_nothing_left(stack)


def test_a_concurrent_change_is_retried(stack: Stack) -> None:
    group_id = stack.create()
    stack.account.record()

    def change() -> None:
        stack.account.group(NAME).etag += "X"

    stack.account.meanwhile[DELETE_CALLS.index("cloudfront:DeleteKeyGroup") + 1] = change
    assert stack.request("Delete", group_id)["Status"] == "SUCCESS"
    assert_nothing_left(stack)


@pytest.mark.parametrize("page_size", [1, 2, 5, 100])
def test_other_keys_and_groups_are_kept_however_many_pages_they_fill(
    stack: Stack, page_size: int
) -> None:
    other_peoples(stack.account, 5)
    before = (stack.account.key_names, stack.account.group_names)
    group_id = stack.create()
    other_peoples_later = stack.account.cloudfront.create_public_key("late", "other-late", "PEM\n")
    stack.account.page_size = page_size
    assert stack.request("Delete", group_id)["Status"] == "SUCCESS"
    assert_nothing_left(stack)
    stack.account.cloudfront.delete_public_key(other_peoples_later.id)
    assert before == (stack.account.key_names, stack.account.group_names)


@pytest.mark.parametrize("name", ["cookies-us-east-1", f"{NAME}-2", f"x{NAME}", NAME.upper()])
def test_a_stack_with_a_similar_name_is_untouched(
    account: Account, clock: Clock, url: ResponseUrl, stack: Stack, name: str
) -> None:
    other = Stack(account=account, clock=clock, url=url, name=name)
    other.create()
    stack.request("Delete", stack.create())
    assert_nothing_left(stack)
    assert_whole(other)


def test_what_is_in_the_ring_is_removed_under_any_name(stack: Stack) -> None:
    group_id = stack.create()
    stack.name = "another-name"
    assert stack.request("Delete", group_id)["Status"] == "SUCCESS"
    assert (stack.account.key_names, stack.account.group_names) == ([], [])


@pytest.mark.parametrize("value", ["no ring", '{"keys": 1}', '{"key_group_id": null, "keys": []}'])
def test_an_unreadable_ring_does_not_prevent_deletion(stack: Stack, value: str) -> None:
    group_id = stack.create()
    stack.put(value)
    assert stack.request("Delete", group_id)["Status"] == "SUCCESS"
    assert_nothing_left(stack)


def test_an_invalid_property_does_not_prevent_deletion(stack: Stack) -> None:
    stack.create()
    stack.algorithm = "rsa-4096"
    assert stack.request("Delete", PHYSICAL_ID)["Status"] == "SUCCESS"
    assert_nothing_left(stack)


def test_it_waits_for_a_distribution_that_is_updated_in_time(stack: Stack) -> None:
    group_id = stack.create()
    began = stack.clock.now
    stack.account.used_until[group_id] = began + 200
    stack.clock.pauses.clear()
    assert stack.request("Delete", group_id)["Status"] == "SUCCESS"
    assert_nothing_left(stack)
    waits = [pause for pause in stack.clock.pauses if pause]
    assert waits == [PAUSE_SECONDS] * 14


@pytest.mark.parametrize("seconds_per_call", [0, 1, CALL_SECONDS])
def test_a_distribution_that_keeps_the_group_is_named_in_time(
    stack: Stack, seconds_per_call: float
) -> None:
    group_id = stack.create()
    stack.account.used_until[group_id] = stack.clock.now + 10_000
    stack.account.seconds_per_call = seconds_per_call
    answer = stack.request("Delete", group_id)
    assert answer["Status"] == "FAILED"
    assert answer["Reason"] == (
        f"The key group {NAME} ({group_id}) is still in use by a distribution or being changed."
        " Remove it there, wait for the deployment, and delete the stack again."
    )
    assert TIMEOUT - ANSWER_SECONDS - 200 <= stack.longest_run <= TIMEOUT - ANSWER_SECONDS
    assert_whole(stack)


def test_deleting_again_after_the_distribution_was_updated_leaves_nothing(stack: Stack) -> None:
    group_id = stack.create()
    stack.account.used_until[group_id] = stack.clock.now + 10_000
    assert stack.request("Delete", group_id)["Status"] == "FAILED"
    stack.clock.sleep(10_000)
    assert stack.request("Delete", group_id)["Status"] == "SUCCESS"
    assert_nothing_left(stack)


def test_it_waits_for_a_key_that_another_group_has(stack: Stack) -> None:
    group_id = stack.create()
    stranger = stack.account.cloudfront.create_key_group("others", stack.account.group(NAME).items)
    stack.account.record()
    stack.account.meanwhile[12] = stranger.items.clear
    assert stack.request("Delete", group_id)["Status"] == "SUCCESS"
    assert_nothing_left(stack)


def test_a_key_that_another_group_keeps_is_named_in_time(stack: Stack) -> None:
    group_id = stack.create()
    (key,) = stack.ring.keys
    stack.account.cloudfront.create_key_group("others", stack.account.group(NAME).items)
    answer = stack.request("Delete", group_id)
    assert answer["Status"] == "FAILED"
    assert answer["Reason"].startswith(
        f"The public key {NAME}-{key.fingerprint} ({key.key_pair_id}) is still in use by a key"
        " group or being changed."
    )
    assert stack.longest_run <= TIMEOUT - ANSWER_SECONDS


def test_too_many_keys_for_the_time_are_a_failure_in_time(stack: Stack) -> None:
    """Every call takes its maximum time; the next Delete continues from there."""
    group_id = stack.create()
    for _ in range(9):
        stack.put('{"key_group_id": null, "keys": []}')
        stack.account.group(NAME).items = []
        stack.create()
    stack.account.seconds_per_call = CALL_SECONDS
    answer = stack.request("Delete", group_id)
    assert answer["Status"] == "FAILED"
    assert "ran out of time before cloudfront:" in answer["Reason"]
    assert stack.longest_run <= TIMEOUT - ANSWER_SECONDS
    left = len(stack.account.key_names)
    assert 0 < left < 10
    stack.account.seconds_per_call = 0
    assert stack.request("Delete", group_id)["Status"] == "SUCCESS"
    assert_nothing_left(stack)


def test_an_unavailable_secret_does_not_prevent_deletion(stack: Stack) -> None:
    group_id = stack.create()
    stack.account.record()
    stack.account.fault = Fault(kind="deny", when="before", at=1)
    assert stack.request("Delete", group_id)["Status"] == "SUCCESS"
    assert_nothing_left(stack)
