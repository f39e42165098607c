"""Changing a supplied key in three deployments, as in docs/keys.md, without rejecting viewers."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from preview.account import Account
from preview.hosts.routing import key_group
from tests.conftest import CHECKOUT
from tests.preview.rotation_simulation import HOUR, MINUTE, REFUSED, Deploy, RotationSimulation

# The waits in docs/keys.md; cookies for an hour, five-minute steps
UNTIL_EVERY_EDGE_KNOWS = 15 * MINUTE
UNTIL_THE_LAST_COOKIE_ENDS = HOUR + 65 * MINUTE


@cache
def key_pair(name: str) -> tuple[str, str]:
    """A key pair generated for this test: the private and the public key, as PEM."""
    key = (
        ec.generate_private_key(ec.SECP256R1())
        if "ecdsa" in name
        else rsa.generate_private_key(65537, 2048)
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


def deploy(signs: str, *, trusts: tuple[str, ...], wait: float) -> Deploy:
    """A deployment with a private key in the secret, and public keys in the list."""
    return Deploy(
        signing={"mode": "supplied", "public_keys": [key_pair(name)[1] for name in trusts]},
        pasted={"PrivateKeyString": key_pair(signs)[0]},
        wait=wait,
    )


def three_deploys(old: str, new: str, *, first_wait: float, second_wait: float) -> list[Deploy]:
    return [
        deploy(old, trusts=(old, new), wait=first_wait),
        deploy(new, trusts=(old, new), wait=second_wait),
        deploy(new, trusts=(new,), wait=3 * HOUR),
    ]


@pytest.fixture
def account() -> Iterator[Account]:
    with Account() as account:
        yield account


@pytest.mark.parametrize(("old", "new"), [("rsa one", "rsa other"), ("rsa one", "ecdsa other")])
def test_three_deployments_change_the_key(
    account: Account, tmp_path: Path, old: str, new: str
) -> None:
    simulation = RotationSimulation(account, tmp_path, deploy(old, trusts=(old,), wait=2 * HOUR))
    simulation.change(
        three_deploys(
            old,
            new,
            first_wait=UNTIL_EVERY_EDGE_KNOWS,
            second_wait=UNTIL_THE_LAST_COOKIE_ENDS,
        )
    )
    assert len(simulation.key_pair_ids) == 2
    assert list(key_group(account, simulation.stack.outputs["KeyGroupId"]).values()) == [
        key_pair(new)[1]
    ]
    listed = account.client("cloudfront").list_public_keys()["PublicKeyList"]["Items"]
    assert len(listed) == 1


@pytest.mark.parametrize(
    ("first_wait", "second_wait"),
    [(0, UNTIL_THE_LAST_COOKIE_ENDS), (UNTIL_EVERY_EDGE_KNOWS, 0)],
    ids=["the first", "the second"],
)
def test_skipping_a_wait_rejects_viewers(
    account: Account, tmp_path: Path, first_wait: float, second_wait: float
) -> None:
    old, new = "rsa one", "rsa other"
    simulation = RotationSimulation(account, tmp_path, deploy(old, trusts=(old,), wait=2 * HOUR))
    with pytest.raises(AssertionError, match=REFUSED):
        simulation.change(three_deploys(old, new, first_wait=first_wait, second_wait=second_wait))


def test_the_waits_are_the_documented_ones() -> None:
    text = (CHECKOUT / "docs" / "keys.md").read_text(encoding="utf-8")
    assert "| 15 minutes: until every edge location has learned of it |" in text
    assert f"| {UNTIL_THE_LAST_COOKIE_ENDS // MINUTE} minutes by default: an hour" in text
