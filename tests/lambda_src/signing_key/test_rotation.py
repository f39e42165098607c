"""Rotation: the four Secrets Manager steps, with failures and repetitions."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from shared.key_ring import ALGORITHMS, KeyRing
from signing_key.app import REVOKE, NotDone
from signing_key.key_life import MOST_KEYS, TRUSTED_SECONDS
from tests.lambda_src.signing_key.aws_account import FAULTS, Account, Crash, Fault, Parameters
from tests.lambda_src.signing_key.cloudformation import GRACE_SECONDS, STEPS, TOKEN, Stack
from tests.lambda_src.signing_key.expectations import assert_nothing_left, assert_overlapping
from tests.lambda_src.signing_key.invariants import History, violations

# the calls of each step of a successful rotation from a single key
CALLS = {
    "createSecret": (
        "secretsmanager:GetSecretValue",
        "secretsmanager:GetSecretValue",
        "cloudfront:ListPublicKeys",
        "cloudfront:CreatePublicKey",
        "cloudfront:ListKeyGroups",
        "cloudfront:GetKeyGroup",
        "cloudfront:UpdateKeyGroup",
        "secretsmanager:PutSecretValue",
    ),
    "setSecret": (
        "secretsmanager:GetSecretValue",
        "secretsmanager:GetSecretValue",
        "cloudfront:ListKeyGroups",
    ),
    "testSecret": ("secretsmanager:GetSecretValue", "cloudfront:ListKeyGroups"),
    "finishSecret": (
        "secretsmanager:GetSecretValue",
        "secretsmanager:GetSecretValue",
        "cloudfront:ListKeyGroups",
        "secretsmanager:UpdateSecretVersionStage",
        "cloudfront:ListPublicKeys",
    ),
}
SECOND = "00000000-0000-4000-8000-000000000002"
MINUTE, DAY = 60, 86_400


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


@dataclass
class Watched:
    """A stack whose history is recorded from the first key on."""

    stack: Stack

    def __post_init__(self) -> None:
        self.stack.create()
        self.rings: list[tuple[float, KeyRing]] = [(self.stack.clock.now, self.stack.ring)]
        self.groups = [(self.stack.clock.now, frozenset(self.group))]

    @property
    def group(self) -> list[str]:
        """The IDs of the keys that the key group trusts."""
        return list(self.stack.account.group(self.stack.name).items)

    def look(self) -> None:
        """Record what has changed."""
        now = self.stack.clock.now
        if self.stack.ring != self.rings[-1][1]:
            self.rings.append((now, self.stack.ring))
        if frozenset(self.group) != self.groups[-1][1]:
            self.groups.append((now, frozenset(self.group)))

    def assert_kept(self) -> None:
        """The invariant holds from the beginning until long after now."""
        end = self.stack.clock.now + 3 * DAY
        history = History(rings=self.rings, groups=self.groups, end=end)
        assert violations(history, grace_seconds=GRACE_SECONDS) == []


@pytest.fixture
def watched(stack: Stack, account: Account, monkeypatch: pytest.MonkeyPatch) -> Watched:
    found = Watched(stack)
    effect = account._effect
    inside: list[bool] = []

    def seen(client: object, operation: str, parameters: Parameters) -> object:
        answer = effect(client, operation, parameters)  # type: ignore[arg-type]  # botocore's client
        if not inside and operation in (
            "UpdateKeyGroup",
            "PutSecretValue",
            "UpdateSecretVersionStage",
        ):
            inside.append(True)
            found.look()
            inside.clear()
        return answer

    monkeypatch.setattr(account, "_effect", seen)
    stack.clock.sleep(30 * DAY)
    account.record()
    return found


def _fail(stack: Stack, point: Point) -> None:
    """Rotate until the call that fails."""
    for step in STEPS[: STEPS.index(point.step)]:
        stack.step(step)
    stack.account.record()
    stack.account.fault = Fault(kind=point.kind, when=point.when, at=point.at)
    with pytest.raises((Crash, NotDone)):
        stack.step(point.step)
    stack.account.fault = None


def _rotated(stack: Stack, token: str = TOKEN, pause: float = MINUTE, tries: int = 4) -> None:
    """Secrets Manager restarts after a failure, with the same token."""
    for _ in range(tries):
        try:
            stack.rotate(token)
        except (Crash, NotDone):
            stack.account.fault = None
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
    assert len(POINTS) == 2 * len(FAULTS) * 18


@pytest.mark.parametrize("pause", [MINUTE, 3 * 3600], ids=["soon", "hours later"])
@pytest.mark.parametrize("point", POINTS, ids=str)
def test_after_any_failed_call_the_rotation_can_be_repeated_and_the_invariant_holds(
    watched: Watched, point: Point, pause: float
) -> None:
    stack = watched.stack
    _fail(stack, point)
    stack.clock.sleep(pause)
    _rotated(stack)
    assert len(stack.ring.keys) == 2
    assert_overlapping(stack)
    watched.assert_kept()


@pytest.mark.parametrize("point", [p for p in POINTS if p.kind == "crash"], ids=str)
def test_the_stack_can_be_deleted_in_the_middle_of_a_rotation(
    watched: Watched, point: Point
) -> None:
    stack = watched.stack
    _fail(stack, point)
    assert stack.request("Delete", stack.ring.key_group_id)["Status"] == "SUCCESS"
    assert_nothing_left(stack)


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
    assert set(stack.account.actions) == {"secretsmanager:GetSecretValue"}
    stack.clock.now = stack.ring.keys[-1].signs_from - 1
    with pytest.raises(NotDone):
        stack.step("createSecret", SECOND)
    (when,) = re.findall(r"after (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC", str(refused.value))
    assert when == "2027-02-14 08:25:00"
    stack.clock.now += 1
    stack.rotate(SECOND)
    assert len(stack.ring.keys) == 3
    watched.assert_kept()


def test_a_sixth_key_is_rejected_before_it_changes_anything(watched: Watched) -> None:
    stack = watched.stack
    for number in range(MOST_KEYS - 1):
        stack.rotate(f"{TOKEN[:-1]}{number}")
        stack.clock.now = stack.ring.keys[-1].signs_from
    stack.account.record()
    with pytest.raises(NotDone, match=r"The key group is full \(5 keys\)"):
        stack.step("createSecret", f"{TOKEN[:-1]}9")
    assert set(stack.account.actions) == {"secretsmanager:GetSecretValue"}
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
        _rotated(stack, token)
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
        with pytest.raises(NotDone, match="new key was discarded"):
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
    with pytest.raises(NotDone, match="new key was discarded"):
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
    ("changed", "says"),
    [
        (
            {"SecretId": "arn:aws:secretsmanager:eu-west-1:1:secret:other"},
            "only the stack's own secret",
        ),
        ({"SecretId": None}, "SecretId must be non-empty text"),
        ({"Step": "dropSecret"}, "Step must be one of createSecret, setSecret"),
        ({"Step": 1}, "Step must be non-empty text"),
        ({"ClientRequestToken": ""}, "ClientRequestToken must be non-empty text"),
    ],
)
def test_a_step_that_secrets_manager_would_not_send_is_rejected(
    watched: Watched, changed: dict[str, object], says: str
) -> None:
    stack = watched.stack
    event = {"Step": "createSecret", "SecretId": stack.secret_arn, "ClientRequestToken": TOKEN}
    with pytest.raises(NotDone, match=says):
        stack.run(event | changed)
    assert stack.account.actions == []
