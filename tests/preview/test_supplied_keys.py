"""Another key of one's own in three deploys, as docs/keys.md tells: nobody is turned away."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from generator import Stream, assemble
from generator.build import build
from generator.emit import document
from preview.account import Account
from preview.fronts import key_group
from preview.stack import Stack
from tests.conftest import CHECKOUT, Document
from tests.preview.audience import Audience, Viewer
from tests.preview.late_edges import LateEdges
from tests.preview.operator import PARAMETERS, copy_code, go_on_air

MINUTE, HOUR = 60, 3600
VIEWERS, EDGES = 20, 8
# The waits of docs/keys.md; cookies of an hour and a step of five minutes
UNTIL_EVERY_EDGE_KNOWS = 15 * MINUTE
UNTIL_THE_LAST_COOKIE_ENDS = HOUR + 65 * MINUTE


@cache
def key_pair(name: str) -> tuple[str, str]:
    """A key pair made for this test: the private and the public half, in PEM."""
    key = (
        ec.generate_private_key(ec.SECP256R1())
        if "ecdsa" in name
        else rsa.generate_private_key(65537, 2048)
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


def template(*names: str) -> Document:
    """The template that trusts those keys."""
    keys = [key_pair(name)[1] for name in names]
    signing = {"mode": "supplied", "public_keys": keys}
    return document(assemble(Stream.model_validate({"signing": signing})))


class Theatre:
    """A stack with a supplied key, on air, and its audience."""

    def __init__(self, account: Account, folder: Path, first: str) -> None:
        self.account, self.stack = account, Stack(account=account)
        signing = {"mode": "supplied", "public_keys": [key_pair(first)[1]]}
        build(Stream.model_validate({"signing": signing}), folder, lambda _: None)
        copy_code(account, folder)
        self._deploy(first, trusts=(first,))
        go_on_air(account, self.stack.outputs)
        self.edges = LateEdges(
            account,
            self.stack.outputs["KeyGroupId"],
            count=EDGES,
            random=Random(first),  # noqa: S311 - the same in every run
        )
        now = account.clock.now()
        self.audience = Audience(
            account=account,
            outputs=self.stack.outputs,
            edges=self.edges,
            viewers=[Viewer(joins_at=now + 3 * MINUTE * number) for number in range(VIEWERS)],
        )

    def deploy(self, signs: str, *, trusts: tuple[str, ...]) -> None:
        """Updates the stack, and lets the edges hear of it."""
        self._deploy(signs, trusts=trusts)
        self.edges.hear()

    def _deploy(self, signs: str, *, trusts: tuple[str, ...]) -> None:
        private, _ = key_pair(signs)
        self.stack.deploy(template(*trusts), {**PARAMETERS, "PrivateKeyString": private})

    def change(self, old: str, new: str, *, first_wait: float, second_wait: float) -> None:
        """The three deploys, with these waits after the first and the second."""
        self.audience.watch(2 * HOUR, step=10 * MINUTE)
        self.deploy(old, trusts=(old, new))
        self.audience.watch(first_wait, step=5 * MINUTE)
        self.deploy(new, trusts=(old, new))
        self.audience.watch(second_wait, step=5 * MINUTE)
        self.deploy(new, trusts=(new,))
        self.audience.watch(3 * HOUR, step=10 * MINUTE)
        assert self.audience.refused_too_early() == []


@pytest.fixture
def account() -> Iterator[Account]:
    with Account() as account:
        yield account


@pytest.mark.parametrize(("old", "new"), [("rsa one", "rsa other"), ("rsa one", "ecdsa other")])
def test_three_deploys_change_the_key(account: Account, tmp_path: Path, old: str, new: str) -> None:
    theatre = Theatre(account, tmp_path, old)
    theatre.change(
        old,
        new,
        first_wait=UNTIL_EVERY_EDGE_KNOWS,
        second_wait=UNTIL_THE_LAST_COOKIE_ENDS,
    )
    assert len({cookies.key_pair_id for cookies in theatre.audience.handed_out}) == 2
    assert list(key_group(account, theatre.stack.outputs["KeyGroupId"]).values()) == [
        key_pair(new)[1]
    ]
    listed = account.client("cloudfront").list_public_keys()["PublicKeyList"]["Items"]
    assert len(listed) == 1


@pytest.mark.parametrize(
    ("first_wait", "second_wait"),
    [(0, UNTIL_THE_LAST_COOKIE_ENDS), (UNTIL_EVERY_EDGE_KNOWS, 0)],
    ids=["the first", "the second"],
)
def test_whoever_skips_a_wait_turns_viewers_away(
    account: Account, tmp_path: Path, first_wait: float, second_wait: float
) -> None:
    theatre = Theatre(account, tmp_path, "rsa one")
    with pytest.raises(AssertionError):
        theatre.change("rsa one", "rsa other", first_wait=first_wait, second_wait=second_wait)


def test_the_waits_are_those_of_the_documents() -> None:
    text = (CHECKOUT / "docs" / "keys.md").read_text(encoding="utf-8")
    assert "| 15 minutes: until every edge has learnt of it |" in text
    assert "an hour and the cookies' life" in text
