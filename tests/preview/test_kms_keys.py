"""Changing the KMS key in two deployments, as in docs/keys.md, without rejecting viewers."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from preview.account import Account
from preview.hosts.routing import key_group
from tests.conftest import CHECKOUT
from tests.preview.rotation_simulation import HOUR, MINUTE, REFUSED, Deploy, RotationSimulation

# The wait in docs/keys.md: a grace period of 15 minutes, cookies for an hour, 5-minute steps
UNTIL_THE_LAST_COOKIE_ENDS = 15 * MINUTE + 65 * MINUTE
ECDSA = {"algorithm": "ecdsa-p256"}
FROM_RSA = {**ECDSA, "former_algorithm": "rsa-2048"}


def deploy(generations: Sequence[int], *, wait: float, **more: Any) -> Deploy:
    return Deploy(signing={"mode": "kms", "generations": list(generations), **more}, wait=wait)


@pytest.fixture
def account() -> Iterator[Account]:
    with Account() as account:
        yield account


@pytest.fixture
def simulation(account: Account, tmp_path: Path) -> RotationSimulation:
    """A stream whose cookies an RSA key has signed for two hours."""
    return RotationSimulation(account, tmp_path, deploy([1], wait=2 * HOUR))


@pytest.mark.parametrize(("both", "then"), [({}, {}), (FROM_RSA, ECDSA)], ids=["rsa", "ecdsa"])
def test_two_deployments_change_the_key(
    simulation: RotationSimulation, both: dict[str, str], then: dict[str, str]
) -> None:
    simulation.change(
        [
            deploy([2, 1], wait=UNTIL_THE_LAST_COOKIE_ENDS, **both),
            deploy([2], wait=3 * HOUR, **then),
        ]
    )
    assert len(simulation.key_pair_ids) == 2
    assert len(key_group(simulation.account, simulation.stack.outputs["KeyGroupId"])) == 1
    states = _states(simulation.account)
    assert sorted(states) == ["Enabled", "PendingDeletion"]


def _states(account: Account) -> list[str]:
    """The KMS states of all keys."""
    kms = account.client("kms")
    keys = [one["KeyId"] for one in kms.list_keys()["Keys"]]
    return [kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] for key in keys]


@pytest.mark.parametrize(
    "deploys",
    [
        [deploy([2, 1], wait=16 * MINUTE), deploy([2], wait=3 * HOUR)],
        [deploy([2], wait=3 * HOUR)],
    ],
    ids=["the wait", "the deployment in between"],
)
def test_skipping_it_rejects_viewers(simulation: RotationSimulation, deploys: list[Deploy]) -> None:
    with pytest.raises(AssertionError, match=REFUSED):
        simulation.change(deploys)


def test_kms_signs_once_per_step_for_all_viewers(simulation: RotationSimulation) -> None:
    """Twenty viewers, one container, a new expiration every five minutes."""
    signatures = [call for call in simulation.account.aws.calls if call.action == "kms:Sign"]
    expiries = {cookies.expires for cookies in simulation.viewers.handed_out}
    print(f"{len(signatures)} KMS calls for {len(expiries)} steps and 20 viewers in two hours")
    assert len(signatures) == len(expiries)
    assert len({cookies.header for cookies in simulation.viewers.handed_out}) == len(expiries)


def test_the_wait_is_the_documented_one() -> None:
    text = (CHECKOUT / "docs" / "keys.md").read_text(encoding="utf-8")
    assert "`signing.grace_minutes` (15) plus the lifetime of cookies signed earlier" in text
    assert f": {UNTIL_THE_LAST_COOKIE_ENDS // MINUTE} minutes |" in text
