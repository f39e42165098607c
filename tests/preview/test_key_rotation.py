"""Keys rotate without rejecting viewers: days of simulated time, with the real functions."""

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from preview.account import Account
from preview.cloudformation.providers.rotation import STEPS, rotate, step
from preview.cloudformation.stack import Stack
from preview.hosts.routing import key_group
from preview.resource import Resource
from preview.services.aws.aws import Call
from preview.services.aws.aws_error import AwsError
from preview.services.aws.moto_secrets import pending_version
from preview.services.functions.function import Function, FunctionError
from tests.preview.late_edges import LATEST, LateEdges
from tests.preview.operator import PARAMETERS, copy_code, deployed, go_on_air, template_in
from tests.preview.scenario import look_for_leftovers
from tests.preview.viewers import Viewer, Viewers

MINUTE, HOUR, DAY = 60, 3600, 86_400
VIEWERS, EDGES = 20, 8
MOST_KEYS = 5
# every API call of the four steps, with and without its effect; six calls remove the oldest key
CRASHES = 2 * 29
REVOKE = {"Act": "revoke every key"}


class Simulation:
    """A stack on air, its viewers, and its rotation."""

    def __init__(self, account: Account, stack: Stack, random: Random) -> None:
        self.account, self.stack, self.random = account, stack, random
        self.edges = LateEdges(account, stack.outputs["KeyGroupId"], count=EDGES, random=random)
        now = account.clock.now()
        self.viewers = Viewers(
            account=account,
            outputs=stack.outputs,
            edges=self.edges,
            # staggered, so that some of them need new cookies at any time
            viewers=[Viewer(joins_at=now + 3 * MINUTE * number) for number in range(VIEWERS)],
        )

    @property
    def schedule(self) -> Resource:
        (schedule,) = self.account.resources.of_type("AWS::SecretsManager::RotationSchedule")
        return schedule

    @property
    def function(self) -> Function:
        return self.account.functions[self.schedule.properties["RotationLambdaARN"]]

    @property
    def secret_arn(self) -> str:
        return self.stack.outputs["SigningSecretArn"]

    @property
    def ring(self) -> dict[str, Any]:
        """The secret's value."""
        secret = self.account.client("secretsmanager").get_secret_value(
            SecretId=self.secret_arn, VersionStage="AWSCURRENT"
        )
        return dict(json.loads(secret["SecretString"]))

    def rotate(self, token: str | None = None) -> bool:
        """Whether Secrets Manager completes all four steps."""
        try:
            rotate(self.account, self.schedule, token)
        except FunctionError:
            return False
        return True

    def assert_kept(self) -> None:
        """No cookies are rejected before they expire, and the keys follow the rules."""
        assert self.viewers.refused_too_early() == []
        ids = [key["key_pair_id"] for key in self.ring["keys"]]
        listed = self.account.client("cloudfront").list_public_keys()["PublicKeyList"]["Items"]
        assert len(ids) <= MOST_KEYS
        assert set(ids) == set(key_group(self.account, self.stack.outputs["KeyGroupId"]))
        assert set(ids) == {key["Id"] for key in listed}
        assert [key["signs_until"] for key in self.ring["keys"]] == [
            *(key["signs_from"] for key in self.ring["keys"][1:]),
            None,
        ]


@pytest.fixture
def simulation(built: Path, request: pytest.FixtureRequest) -> Iterator[Simulation]:
    with Account() as account:
        copy_code(account, built)
        stack = deployed(account, template_in(built))
        go_on_air(account, stack.outputs)
        yield Simulation(account, stack, Random(request.node.name))  # noqa: S311 - the same in every run


def test_twelve_rotations_in_a_row(simulation: Simulation) -> None:
    """Daily; the default is every 30 days, with nothing in between."""
    for _ in range(12):
        simulation.viewers.watch(20 * HOUR, step=30 * MINUTE)
        assert simulation.rotate()
        simulation.viewers.watch(4 * HOUR, step=10 * MINUTE)
    simulation.assert_kept()
    signed = {cookies.key_pair_id for cookies in simulation.viewers.handed_out}
    assert len(signed) == 13
    assert simulation.viewers.asked > VIEWERS * 12 * 60


def test_a_second_rotation_a_minute_later_is_rejected(simulation: Simulation) -> None:
    simulation.viewers.watch(HOUR, step=10 * MINUTE)
    assert simulation.rotate()
    simulation.viewers.watch(MINUTE, step=MINUTE)
    assert not simulation.rotate()
    simulation.viewers.watch(3 * HOUR, step=5 * MINUTE)
    simulation.assert_kept()
    assert len(simulation.ring["keys"]) == 2
    assert simulation.rotate()
    simulation.viewers.watch(3 * HOUR, step=5 * MINUTE)
    simulation.assert_kept()


def test_a_rotation_every_third_of_the_cookies_life(simulation: Simulation) -> None:
    """As often as the rules allow: not before the newest key signs, and never with a sixth key."""
    done = []
    for _ in range(12):
        done.append(simulation.rotate())
        simulation.viewers.watch(20 * MINUTE, step=2 * MINUTE)
    simulation.viewers.watch(2 * HOUR, step=10 * MINUTE)
    simulation.assert_kept()
    assert done == [True, False] * 4 + [False] * 4


def test_a_rotation_by_hand_during_the_scheduled_one(simulation: Simulation) -> None:
    """Secrets Manager resumes the pending rotation, so its steps run twice, interleaved."""
    simulation.viewers.watch(HOUR, step=10 * MINUTE)
    for number, name in enumerate(STEPS):
        token = f"00000000-0000-4000-8000-00000000000{number}"
        for before in STEPS[: number + 1]:
            step(simulation.account, simulation.schedule, token, before)
        assert simulation.rotate(token)
        for after in STEPS[number + 1 :]:
            step(simulation.account, simulation.schedule, token, after)
        simulation.viewers.watch(2 * HOUR, step=5 * MINUTE)
        assert len(simulation.ring["keys"]) == 2 + number, name
    simulation.assert_kept()


@pytest.mark.timeout(600)
def test_a_crash_before_and_after_every_call_of_every_step(simulation: Simulation) -> None:
    """Each rotation crashes at the next call, first without and then with its effect."""
    points = 0
    simulation.viewers.watch(HOUR, step=30 * MINUTE)
    while _crashes(simulation, points):
        points += 1
        simulation.viewers.watch(2 * HOUR, step=30 * MINUTE)
        simulation.viewers.watch(26 * HOUR, step=13 * HOUR)
    simulation.assert_kept()
    # two more calls remove each public key that a rotation left when it was given up
    assert points >= CRASHES


def _crashes(simulation: Simulation, point: int) -> bool:
    """Whether the rotation has a call to crash at.

    Secrets Manager reattempts it after a while, or starts another if it was given up.
    """
    crash = Crash(simulation.function, at=point // 2, with_effect=bool(point % 2))
    aws, token = simulation.account.aws, f"00000000-0000-4000-8000-{point:012}"
    aws.before.append(crash.before)
    aws.after.append(crash.after)
    survived = simulation.rotate(token)
    aws.before.remove(crash.before)
    aws.after.remove(crash.after)
    while not survived:
        simulation.viewers.watch(simulation.random.uniform(1, 90) * MINUTE, step=10 * MINUTE)
        survived = simulation.rotate(pending_version(simulation.secret_arn))
    return crash.happened


class Crash:
    """Kills the function during one of its calls."""

    def __init__(self, function: Function, *, at: int, with_effect: bool) -> None:
        self._function, self._left, self._with_effect = function, at, with_effect
        self.happened = False

    def before(self, _: Call) -> None:
        if not self._with_effect:
            self._count()

    def after(self, _: Call) -> None:
        if self._with_effect:
            self._count()

    def _count(self) -> None:
        self._left -= 1
        if self._left < 0 and not self.happened:
            self.happened = True
            self._function.crash()
            raise AwsError("Crash", "nobody hears this")


def test_the_stack_is_deleted_in_the_middle_of_a_rotation(simulation: Simulation) -> None:
    for name in STEPS[:2]:
        step(simulation.account, simulation.schedule, "00000000-0000-4000-8000-000000000000", name)
    simulation.stack.delete()
    look_for_leftovers(simulation.account, simulation.stack.outputs["KeptAfterDeletion"])


def test_another_algorithm_is_a_rotation_in_the_same_group(
    simulation: Simulation, built: Path
) -> None:
    changed = template_in(built)
    changed["Resources"]["SigningKeyPair"]["Properties"]["Algorithm"] = "ecdsa-p256"
    simulation.viewers.watch(HOUR, step=10 * MINUTE)
    group = simulation.stack.outputs["KeyGroupId"]
    simulation.stack.deploy(changed, PARAMETERS)
    simulation.viewers.watch(3 * HOUR, step=5 * MINUTE)
    simulation.assert_kept()
    assert group == simulation.stack.outputs["KeyGroupId"]
    assert [key["algorithm"] for key in simulation.ring["keys"]] == ["rsa-2048", "ecdsa-p256"]


def test_the_message_of_a_revocation_is_true(simulation: Simulation) -> None:
    simulation.viewers.watch(HOUR, step=30 * MINUTE)
    old = simulation.viewers.renewed()
    said = simulation.account.run(simulation.schedule.properties["RotationLambdaARN"], REVOKE)
    (key,) = simulation.ring["keys"]
    assert said.startswith(f"The key {key['key_pair_id']} signs from now on, and the key group")
    assert "reject cookies from earlier keys within 15 minutes" in said
    assert "which for up to 5 minutes (60 minutes if Secrets Manager cannot be read)" in said
    simulation.account.clock.skip(5 * MINUTE)
    new = simulation.viewers.renewed()
    assert new.key_pair_id == key["key_pair_id"]
    simulation.account.clock.skip(LATEST - 5 * MINUTE)
    for edge in simulation.edges.edges:
        statuses = [edge.answer(simulation.viewers.request(one)).status_code for one in (old, new)]
        assert statuses == [403, 200]
