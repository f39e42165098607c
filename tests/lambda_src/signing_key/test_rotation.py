"""Rotation: the four Secrets Manager steps, with failures and repetitions."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from preview.services.aws.moto_secrets import begin_rotation
from shared.key_ring import ALGORITHMS
from signing_key.app import REVOKE, NotDone
from signing_key.key_life import MOST_KEYS, TRUSTED_SECONDS
from tests.lambda_src.signing_key.aws_account import FAULTS, Crash, Fault
from tests.lambda_src.signing_key.cloudformation import GRACE_SECONDS, STEPS, TOKEN, Stack
from tests.lambda_src.signing_key.expectations import assert_nothing_left, assert_overlapping
from tests.lambda_src.signing_key.sequences import SETTLING
from tests.lambda_src.signing_key.watched import DAY, Watched

# the calls of each step of a successful rotation from a single key
CALLS = {
    "createSecret": (
        "secretsmanager:GetSecretValue",
        "secretsmanager:GetSecretValue",
        "cloudfront:ListPublicKeys",
        "cloudfront:GetKeyGroup",
        "cloudfront:CreatePublicKey",
        "cloudfront:GetKeyGroup",
        "cloudfront:UpdateKeyGroup",
        "secretsmanager:PutSecretValue",
        *SETTLING,
    ),
    "setSecret": SETTLING,
    "testSecret": ("secretsmanager:GetSecretValue", "cloudfront:GetKeyGroup"),
    "finishSecret": (
        *SETTLING,
        "secretsmanager:UpdateSecretVersionStage",
        "secretsmanager:GetSecretValue",
        "cloudfront:GetKeyGroup",
        "cloudfront:ListPublicKeys",
    ),
}
READ, WRITE = "secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"
GIVE_UP = "secretsmanager:UpdateSecretVersionStage"
SECOND = "00000000-0000-4000-8000-000000000002"
MINUTE = 60


@dataclass(frozen=True)
class Point:
    """A call of a step, and how it fails."""

    step: str
    kind: str
    when: str
    at: int

    def __str__(self) -> str:
        action = CALLS[self.step][self.at - 1].partition(":")[2]
        return f"{self.step}-{self.kind}-{self.when}-{self.at}-{action}"


POINTS = [
    Point(step, kind, when, at + 1)
    for step, actions in CALLS.items()
    for kind in FAULTS
    for when in ("before", "after")
    for at in range(len(actions))
]


def _fail(stack: Stack, point: Point) -> None:
    """Rotate until the call that fails."""
    begin_rotation(stack.secret_arn, TOKEN)
    for step in STEPS[: STEPS.index(point.step)]:
        stack.step(step)
    stack.account.record()
    stack.account.fault = Fault(kind=point.kind, when=point.when, at=point.at)
    with pytest.raises((Crash, NotDone)):
        stack.step(point.step)
    stack.account.fault = None


def _rotated(stack: Stack, pause: float = MINUTE, tries: int = 4) -> None:
    """RotateSecret is repeated after a failure; each time with a new token."""
    for number in range(2, 2 + tries):
        try:
            stack.rotate_or_reattempt(f"{TOKEN[:-1]}{number}")
        except NotDone as error:
            if "does not sign yet" in str(error):  # it had failed after it had made the key current
                return
            stack.clock.sleep(pause)
        else:
            return
    raise AssertionError("no attempt succeeded")


def test_a_new_key_signs_after_the_grace_period_and_the_old_one_until_then(
    watched: Watched,
) -> None:
    stack = watched.stack
    (old,) = stack.ring.keys
    began = int(stack.clock.now)
    stack.rotate()
    kept, new = stack.ring.keys
    assert new.signs_from == kept.signs_until == began + 600 + GRACE_SECONDS
    assert (kept.key_pair_id, kept.private_key) == (old.key_pair_id, old.private_key)
    assert_overlapping(stack)
    watched.assert_kept()


def test_the_steps_make_the_calls_at_which_faults_are_injected(watched: Watched) -> None:
    for step, calls in CALLS.items():
        watched.stack.account.record()
        watched.stack.step(step)
        assert (step, list(calls)) == (step, watched.stack.account.actions)
    assert len(POINTS) == 2 * len(FAULTS) * 23


@pytest.mark.slow
@pytest.mark.parametrize("pause", [MINUTE, 3 * 3600], ids=["soon", "hours later"])
@pytest.mark.parametrize("point", POINTS, ids=str)
def test_after_any_failed_call_the_rotation_can_be_repeated_and_the_invariant_holds(
    watched: Watched, point: Point, pause: float
) -> None:
    stack = watched.stack
    _fail(stack, point)
    stack.clock.sleep(pause)
    _rotated(stack)
    assert len(stack.ring.keys) > 1
    assert_overlapping(stack)
    watched.assert_kept()


@pytest.mark.parametrize("last", STEPS[:3])
def test_a_rotation_whose_key_should_sign_already_is_given_up_and_another_can_start(
    watched: Watched, last: str
) -> None:
    """Its ring says that the old key signs until a time that has passed, but it still signs."""
    stack = watched.stack
    (old,) = stack.ring.keys
    begin_rotation(stack.secret_arn, TOKEN)
    for step in STEPS[: STEPS.index(last) + 1]:
        stack.step(step)
    stack.clock.sleep(30 * 3600)
    with pytest.raises(NotDone, match="repeat it"):
        stack.rotate_or_reattempt(SECOND)
    assert watched.group == [old.key_pair_id]
    for token in (SECOND, f"{TOKEN[:-1]}3"):
        stack.rotate(token)
        stack.clock.sleep(3600)
    assert old.key_pair_id in watched.group
    watched.assert_kept()


@pytest.mark.parametrize(
    ("step", "at"), [(step, at + 1) for step, calls in CALLS.items() for at in range(len(calls))]
)
def test_the_sdks_next_attempt_makes_up_for_a_lost_response(
    watched: Watched, step: str, at: int
) -> None:
    """The service made the change, and the SDK retries: the result is the same."""
    stack = watched.stack
    begin_rotation(stack.secret_arn, TOKEN)
    for name in STEPS:
        stack.account.record()
        stack.account.lost_answer = at if name == step else None
        stack.step(name)
    assert stack.version_id == TOKEN
    assert_overlapping(stack)
    watched.assert_kept()


@pytest.mark.slow
@pytest.mark.parametrize("point", [p for p in POINTS if p.kind == "crash"], ids=str)
def test_the_stack_can_be_deleted_in_the_middle_of_a_rotation(
    watched: Watched, point: Point
) -> None:
    stack = watched.stack
    _fail(stack, point)
    assert stack.request("Delete", stack.ring.key_group_id)["Status"] == "SUCCESS"
    assert_nothing_left(stack)


@pytest.mark.parametrize("stale_reads", [1, 2, 3])
def test_a_rotation_that_reads_what_was_before_succeeds_or_can_be_repeated(
    watched: Watched, stale_reads: int
) -> None:
    stack = watched.stack
    stack.account.stale_reads = stale_reads
    _rotated(stack)
    stack.account.stale_reads = stack.account.stale_left = 0
    stack.clock.sleep(DAY)
    stack.rotate(f"{TOKEN[:-1]}8")
    assert_overlapping(stack)
    watched.assert_kept()


def test_every_step_can_be_repeated_without_effect(watched: Watched) -> None:
    stack = watched.stack
    for step in STEPS:
        stack.step(step)
        before = stack.value, watched.group, stack.account.key_names
        stack.step(step)
        assert before == (stack.value, watched.group, stack.account.key_names)
    stack.rotate()
    assert before == (stack.value, watched.group, stack.account.key_names)


def test_a_second_rotation_a_minute_later_fails_before_it_changes_anything(
    watched: Watched,
) -> None:
    stack = watched.stack
    stack.rotate()
    stack.clock.sleep(MINUTE)
    stack.account.record()
    with pytest.raises(NotDone, match=r"does not sign yet\. Nothing was changed") as refused:
        stack.step("createSecret", SECOND)
    assert set(stack.account.actions) == {READ, GIVE_UP}
    stack.clock.now = stack.ring.keys[-1].signs_from - 1
    with pytest.raises(NotDone):
        stack.step("createSecret", SECOND)
    (when,) = re.findall(r"after (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC", str(refused.value))
    assert when == "2027-02-14 08:25:00"
    stack.clock.now += 1
    stack.rotate(SECOND)
    assert len(stack.ring.keys) == 3
    watched.assert_kept()


def test_after_a_rejected_rotation_another_can_start(watched: Watched) -> None:
    """RotateSecret refuses if an earlier rotation's version is still AWSPENDING."""
    stack = watched.stack
    stack.rotate()
    stack.clock.sleep(MINUTE)
    with pytest.raises(NotDone, match="does not sign yet"):
        stack.rotate(SECOND)
    stack.clock.sleep(DAY)
    stack.rotate(f"{TOKEN[:-1]}3")
    assert_overlapping(stack)
    watched.assert_kept()


@pytest.mark.parametrize("kind", [kind for kind in FAULTS if kind != "crash"])
@pytest.mark.parametrize("at", range(1, CALLS["createSecret"].index(WRITE) + 2))
def test_after_a_failure_before_the_new_version_is_written_another_rotation_can_start(
    watched: Watched, at: int, kind: str
) -> None:
    stack = watched.stack
    stack.account.record()
    stack.account.fault = Fault(kind=kind, when="before", at=at)
    with pytest.raises(NotDone):
        stack.rotate()
    stack.account.fault = None
    stack.clock.sleep(MINUTE)
    stack.rotate(SECOND)
    assert_overlapping(stack)
    watched.assert_kept()


def test_what_failed_rotations_left_is_deleted_when_the_account_has_no_room(
    watched: Watched,
) -> None:
    stack = watched.stack
    at = CALLS["createSecret"].index(WRITE) + 1
    for number in range(8):
        stack.account.record()
        stack.account.fault = Fault(kind="throttle", when="before", at=at)
        with pytest.raises(NotDone):
            stack.rotate(f"{TOKEN[:-1]}{number}")
    stack.account.fault = None
    assert len(stack.account.key_names) == 9
    stack.account.most_public_keys = 9
    stack.rotate(f"{TOKEN[:-1]}9")
    assert_overlapping(stack)
    watched.assert_kept()


@pytest.mark.parametrize("gone", ["public key", "key group", "both"])
def test_a_rotation_restores_what_cloudfront_has_lost(stack: Stack, gone: str) -> None:
    stack.create()
    stack.clock.sleep(DAY)
    if gone != "public key":
        stack.account.cloudfront.key_groups.clear()
    if gone != "key group":
        # CloudFront deletes only keys that no group has
        for group in stack.account.cloudfront.key_groups.values():
            group.items = []
        stack.account.cloudfront.public_keys.clear()
    stack.rotate()
    assert_overlapping(stack)


@pytest.mark.parametrize("last", STEPS[:3])
@pytest.mark.parametrize("gone", ["old key", "new key", "key group"])
def test_a_rotation_that_lost_something_halfway_is_given_up_and_the_next_restores_it(
    stack: Stack, gone: str, last: str
) -> None:
    stack.create()
    stack.clock.sleep(DAY)
    begin_rotation(stack.secret_arn, TOKEN)
    for step in STEPS[: STEPS.index(last) + 1]:
        stack.step(step)
    (old,) = stack.ring.key_pair_ids
    if gone == "key group":
        stack.account.cloudfront.key_groups.clear()
    else:
        items = stack.account.group(stack.name).items
        (lost,) = [one for one in items if (one == old) == (gone == "old key")]
        items.remove(lost)
        del stack.account.cloudfront.public_keys[lost]
    stack.clock.sleep(MINUTE)
    with pytest.raises(NotDone, match=r"repeat it|rotate the key"):
        stack.rotate_or_reattempt(SECOND)
    stack.rotate(SECOND)
    assert_overlapping(stack)


@pytest.mark.parametrize("step", STEPS)
def test_a_rotation_whose_value_cannot_be_read_is_given_up_and_another_can_start(
    watched: Watched, step: str
) -> None:
    stack = watched.stack
    begin_rotation(stack.secret_arn, TOKEN)
    stack.put("not JSON", ClientRequestToken=TOKEN, VersionStages=["AWSPENDING"])
    with pytest.raises(NotDone, match="not JSON") as refused:
        stack.step(step)
    assert "rotate again" in str(refused.value)
    assert "AWSCURRENT" not in str(refused.value)
    stack.rotate(SECOND)
    assert_overlapping(stack)
    watched.assert_kept()


def test_a_current_value_that_cannot_be_read_is_reported_with_the_way_back(
    watched: Watched,
) -> None:
    stack = watched.stack
    good = stack.version_id
    stack.put("not JSON")
    with pytest.raises(NotDone, match="Move the staging label AWSCURRENT back"):
        stack.rotate()
    stack.move_current_to(good)
    stack.rotate(SECOND)
    assert_overlapping(stack)
    watched.assert_kept()


def test_a_slow_first_step_does_not_lose_the_key_of_a_faster_run(watched: Watched) -> None:
    """Another run of the rotation ends before the slow run creates its key."""
    stack = watched.stack
    at = CALLS["createSecret"].index("cloudfront:CreatePublicKey") + 1
    stack.account.meanwhile = {at: stack.rotate}
    stack.step("createSecret")
    assert stack.ring.key_pair_ids == watched.group
    watched.assert_kept()


def test_a_sixth_key_is_rejected_before_it_changes_anything(watched: Watched) -> None:
    stack = watched.stack
    for number in range(MOST_KEYS - 1):
        stack.rotate(f"{TOKEN[:-1]}{number}")
        stack.clock.now = stack.ring.keys[-1].signs_from
    stack.account.record()
    with pytest.raises(NotDone, match=r"The key group is full \(5 keys\)"):
        stack.step("createSecret", f"{TOKEN[:-1]}9")
    assert set(stack.account.actions) == {READ, GIVE_UP}
    oldest, *younger = stack.ring.keys
    assert oldest.signs_until is not None
    stack.clock.now = oldest.signs_until + TRUSTED_SECONDS - 1
    with pytest.raises(NotDone):
        stack.step("createSecret", f"{TOKEN[:-1]}9")
    stack.clock.now += 1
    stack.rotate(f"{TOKEN[:-1]}9")
    assert [key.key_pair_id for key in younger] == stack.ring.key_pair_ids[:-1]
    assert_overlapping(stack)
    watched.assert_kept()


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_the_new_key_has_the_old_ones_algorithm(stack: Stack, algorithm: str) -> None:
    stack.algorithm = algorithm
    stack.create()
    stack.clock.sleep(DAY)
    stack.rotate()
    assert {algorithm} == {key.algorithm for key in stack.ring.keys}


def test_a_schedule_is_tested_with_a_version_that_does_not_exist(watched: Watched) -> None:
    stack = watched.stack
    before = stack.value, watched.group, stack.account.key_names
    stack.step("testSecret")
    assert before == (stack.value, watched.group, stack.account.key_names)


@pytest.mark.parametrize("step", ["setSecret", "finishSecret"])
def test_a_step_without_the_first_is_rejected(watched: Watched, step: str) -> None:
    with pytest.raises(NotDone, match="createSecret must run first"):
        watched.stack.step(step)


def test_before_there_are_keys_nothing_is_rotated(stack: Stack) -> None:
    with pytest.raises(NotDone, match="The secret has no key"):
        stack.step("createSecret")


def test_two_concurrent_runs_of_the_first_step_end_with_one_new_key(watched: Watched) -> None:
    """At each of its calls, another run of the same step interrupts it."""
    stack = watched.stack
    for number in range(1, len(CALLS["createSecret"]) + 1):
        token = f"{TOKEN[:-1]}{number}"
        keys = len(stack.ring.keys)
        stack.account.record()
        stack.account.meanwhile = {number: lambda token=token: stack.step("createSecret", token)}  # type: ignore[misc]  # bound immediately
        stack.step("createSecret", token)
        stack.rotate(token)
        assert len(stack.ring.keys) == min(keys + 1, 2)
        assert_overlapping(stack)
        stack.clock.sleep(30 * DAY)
    watched.assert_kept()


def _revoked(stack: Stack) -> None:
    stack.run(REVOKE)


def _of_another_kind(stack: Stack) -> None:
    stack.algorithm = "rsa-2048"
    stack.request("Update", stack.ring.key_group_id)


@pytest.mark.parametrize("meanwhile", [_revoked, _of_another_kind])
@pytest.mark.parametrize("last", STEPS[:3])
def test_a_rotation_that_was_overtaken_gives_up_and_another_can_start(
    watched: Watched, last: str, meanwhile: Callable[[Stack], None]
) -> None:
    stack = watched.stack
    for step in STEPS[: STEPS.index(last) + 1]:
        stack.step(step)
    meanwhile(stack)
    ring = stack.value
    for _ in range(2):
        with pytest.raises(NotDone, match="discarded: repeat it"):
            stack.step("finishSecret")
    assert ring == stack.value
    assert_overlapping(stack)
    stack.clock.sleep(DAY)
    stack.rotate(SECOND)
    assert_overlapping(stack)


def test_a_new_key_that_the_group_lost_too_late_is_discarded(watched: Watched) -> None:
    stack = watched.stack
    stack.step("createSecret")
    stack.account.group(stack.name).items.pop()
    stack.clock.sleep(601)
    with pytest.raises(NotDone, match="discarded: repeat it"):
        stack.step("setSecret")


def test_a_new_key_that_the_group_lost_in_time_is_restored(watched: Watched) -> None:
    stack = watched.stack
    stack.step("createSecret")
    lost = stack.account.group(stack.name).items.pop()
    stack.clock.sleep(599)
    stack.step("setSecret")
    assert lost in watched.group
    stack.account.group(stack.name).items.pop()
    with pytest.raises(NotDone, match="does not trust all keys"):
        stack.step("testSecret")


def test_a_private_key_and_public_key_that_are_not_a_pair_fail_the_test(watched: Watched) -> None:
    stack = watched.stack
    stack.rotate()
    first, second = stack.ring.keys
    value = json.loads(stack.value or "")
    value["keys"][1]["private_key"] = first.private_key
    stack.put(json.dumps(value))
    with pytest.raises(NotDone, match=f"private key and public key of {second.key_pair_id}"):
        stack.step("testSecret", stack.version_id)


@pytest.mark.parametrize(
    "changed",
    [{"SecretId": "arn:aws:secretsmanager:eu-west-1:1:secret:other"}, {"Step": "dropSecret"}],
)
def test_another_step_and_another_secret_are_rejected(
    watched: Watched, changed: dict[str, object]
) -> None:
    stack = watched.stack
    event = {"Step": "createSecret", "SecretId": stack.secret_arn, "ClientRequestToken": TOKEN}
    with pytest.raises(NotDone, match="only the stack's own secret"):
        stack.run(event | changed)
    assert stack.account.actions == []
