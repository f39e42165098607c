"""Assertions about the signing key that must hold after any sequence of events."""

import re

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from moto.cloudfront.models import PublicKey

from tests.lambda_src.signing_key.aws_account import Account
from tests.lambda_src.signing_key.cloudformation import SIGNATURE, Stack


def public_half(private_pem: str) -> str:
    """The public key of a private key."""
    private_key = load_pem_private_key(private_pem.encode(), password=None)
    pem = private_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return pem.decode()


def assert_whole(stack: Stack) -> None:
    """There is one pair, CloudFront has its public key, and the stack's only group trusts it."""
    (key,) = stack.ring.keys
    name = f"{stack.name}-{key.fingerprint}"
    assert ([name], [stack.name]) == _names(stack)
    public_key, group = stack.account.public_key(name), stack.account.group(stack.name)
    assert (public_key.id, group.id) == (key.key_pair_id, stack.ring.key_group_id)
    assert [public_key.id] == group.items
    assert public_half(key.private_key) == key.public_key == public_key.encoded_key


def assert_overlapping(stack: Stack) -> None:
    """Ring, group and CloudFront have the same key pairs; each key signs until the next one."""
    ring = stack.ring
    keys: dict[str | None, PublicKey] = {
        key.id: key for key in stack.account.cloudfront.public_keys.values()
    }
    names = sorted(f"{stack.name}-{key.fingerprint}" for key in ring.keys)
    assert (names, [stack.name]) == _names(stack)
    assert set(ring.key_pair_ids) == set(stack.account.group(stack.name).items)
    for key in ring.keys:
        assert public_half(key.private_key) == key.public_key == keys[key.key_pair_id].encoded_key
    ends = [key.signs_until for key in ring.keys]
    assert [*(key.signs_from for key in ring.keys[1:]), None] == ends


def assert_nothing_left(stack: Stack) -> None:
    """CloudFront has no resources of the stack."""
    assert _names(stack) == ([], [])


def assert_no_secret(text: str, account: Account) -> None:
    """The text has no piece of any private key so far or of the ResponseURL's signature."""
    bodies = ["".join(pem.split("-----")[2].split()) for pem in account.private_keys]
    pieces = [body[at : at + 16] for body in bodies for at in range(0, len(body) - 16, 8)]
    flat = text.replace("\\n", "").replace("\n", "")
    assert [piece for piece in [*pieces, SIGNATURE[:16], SIGNATURE[-16:]] if piece in flat] == []
    assert "MESSAGE-OF-AWS" not in text


def other_peoples(account: Account, count: int) -> list[str]:
    """Create public keys and key groups of other owners; return the key IDs."""
    keys = [
        account.cloudfront.create_public_key(f"other-{n}", f"other-{n}", "PEM\n")
        for n in range(count)
    ]
    for n in range(count):
        account.cloudfront.create_key_group(f"others-{n}", [keys[n].id])
    return [key.id for key in keys]


def _names(stack: Stack) -> tuple[list[str], list[str]]:
    """The names of the stack's public keys and key groups."""
    ours = re.compile(re.escape(stack.name) + "-[0-9a-f]{16}")
    keys = [name for name in stack.account.key_names if ours.fullmatch(name)]
    return keys, [name for name in stack.account.group_names if name == stack.name]
