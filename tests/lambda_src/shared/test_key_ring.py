"""Key ring: the format of the secret's value."""

import dataclasses
import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.key_ring import InvalidKeyRing, KeyRing, NoSigningKey, SigningKey
from tests.lambda_src.shared.key_pairs import (
    key_ring,
    p256,
    rsa_2048,
    secret_pieces,
    signing_key,
    spki_pem,
)

RING = json.loads(key_ring().to_json())
KEY = RING["keys"][0]


def ring_with(**changes: object) -> str:
    """The JSON of a ring whose one key has these fields changed; `...` removes a field."""
    key = {name: value for name, value in (KEY | changes).items() if value is not ...}
    return json.dumps(RING | {"keys": [key]})


def test_a_ring_survives_the_round_trip_through_json() -> None:
    ring = key_ring(signing_key(signs_until=9), signing_key(p256(), key_pair_id=None, signs_from=9))
    assert KeyRing.from_json(ring.to_json()) == ring


def test_an_empty_ring_survives_the_round_trip() -> None:
    empty = KeyRing(keys=(), key_group_id=None)
    assert KeyRing.from_json(empty.to_json()) == empty


def test_the_binary_value_of_a_secret_is_read_like_the_text() -> None:
    assert KeyRing.from_json(key_ring().to_json().encode()) == key_ring()


def test_equal_rings_produce_equal_json() -> None:
    shuffled = json.dumps(dict(reversed(RING.items())), indent=2)
    assert KeyRing.from_json(shuffled).to_json() == key_ring().to_json()


def test_line_breaks_inside_the_json_strings_are_read() -> None:
    """A template that puts a pasted private key into the value cannot escape its line breaks."""
    assert KeyRing.from_json(key_ring().to_json().replace("\\n", "\n")) == key_ring()


def test_fields_of_a_newer_version_are_ignored() -> None:
    assert KeyRing.from_json(ring_with(color="blue")) == key_ring()


def test_fingerprint_is_the_beginning_of_the_sha_256_that_openssl_computes(tmp_path: Path) -> None:
    pem, der = tmp_path / "public.pem", tmp_path / "public.der"
    pem.write_text(spki_pem(p256()))
    subprocess.run(
        ["openssl", "pkey", "-pubin", "-in", pem, "-outform", "DER", "-out", der], check=True
    )
    assert signing_key(p256()).fingerprint == hashlib.sha256(der.read_bytes()).hexdigest()[:16]


def test_the_fingerprint_of_anything_but_a_public_key_is_an_error() -> None:
    key = dataclasses.replace(signing_key(), public_key="ssh-rsa AAAA")
    with pytest.raises(InvalidKeyRing, match="public_key"):
        _ = key.fingerprint


OLD = signing_key(rsa_2048("old"), key_pair_id="KOLD", signs_from=100, signs_until=200)
NEW = signing_key(rsa_2048("new"), key_pair_id="KNEW", signs_from=200)
UNKNOWN = signing_key(p256(), key_pair_id=None, signs_from=150)


@pytest.mark.parametrize(
    ("now", "signer"), [(100, OLD), (150, OLD), (199, OLD), (200, NEW), (10**10, NEW)]
)
@pytest.mark.parametrize("keys", [(OLD, UNKNOWN, NEW), (NEW, UNKNOWN, OLD)])
def test_the_newest_started_key_that_cloudfront_has_signs(
    now: int, signer: SigningKey, keys: tuple[SigningKey, ...]
) -> None:
    assert key_ring(*keys).signer_at(now) == signer


def test_of_two_keys_that_start_together_the_later_in_the_ring_signs() -> None:
    twin = dataclasses.replace(OLD, key_pair_id="KTWIN")
    assert key_ring(OLD, twin).signer_at(100) == twin


@pytest.mark.parametrize("keys", [(), (NEW,), (UNKNOWN,)], ids=["none", "too early", "no id"])
def test_without_a_usable_key_the_error_says_what_a_key_needs(
    keys: tuple[SigningKey, ...],
) -> None:
    with pytest.raises(NoSigningKey, match="needs a key_pair_id and a signs_from"):
        KeyRing(keys=keys, key_group_id=None).signer_at(199)


@given(
    starts=st.lists(st.integers(0, 50), min_size=1, max_size=5),
    now=st.integers(0, 60),
)
def test_no_key_that_may_sign_is_newer_than_the_signer(starts: list[int], now: int) -> None:
    ring = key_ring(*(signing_key(signs_from=start) for start in starts))
    begun = [start for start in starts if start <= now]
    if begun:
        assert ring.signer_at(now).signs_from == max(begun)
    else:
        with pytest.raises(NoSigningKey):
            ring.signer_at(now)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        (b"\xff\xfe\xfa", "not JSON"),
        ("[" * 60_000, "not JSON"),
        (7, "not JSON"),
        (["a"], "not JSON"),
        ("[]", "the value"),
        ("null", "the value"),
        ('"a key"', "the value"),
        ("{}", "no field keys"),
        ('{"keys": {}, "key_group_id": null}', "keys"),
        ('{"keys": []}', "no field key_group_id"),
        ('{"keys": [], "key_group_id": 1}', "key_group_id"),
        ('{"keys": ["K1"], "key_group_id": null}', r"keys\[0\]"),
        (ring_with(algorithm=...), r"keys\[0\] has no field algorithm"),
        (ring_with(algorithm="rsa-4096"), "algorithm.*rsa-2048 or ecdsa-p256"),
        (ring_with(algorithm=["rsa-2048"]), "algorithm"),
        (ring_with(private_key=...), "no field private_key"),
        (ring_with(private_key=None), "private_key"),
        (ring_with(private_key=" \n"), "private_key"),
        (ring_with(public_key=...), "no field public_key"),
        (ring_with(public_key=KEY["public_key"].strip()), "public_key.*BEGIN PUBLIC KEY"),
        (ring_with(public_key=KEY["private_key"]), "public_key.*BEGIN PUBLIC KEY"),
        (ring_with(public_key=KEY["public_key"].replace("M", "?")), "public_key"),
        (ring_with(key_pair_id=...), "no field key_pair_id"),
        (ring_with(key_pair_id=""), "key_pair_id"),
        (ring_with(key_pair_id=7), "key_pair_id"),
        (ring_with(key_pair_id="K1; Domain=example.com"), "key_pair_id"),
        (ring_with(key_pair_id="K1\r\nSet-Cookie: x=y"), "key_pair_id"),
        (ring_with(key_pair_id="K" * 33), "key_pair_id"),
        (ring_with(key_pair_id=KEY["private_key"]), "key_pair_id"),
        (ring_with(signs_from=...), "no field signs_from"),
        (ring_with(signs_from=None), "signs_from.*epoch seconds"),
        (ring_with(signs_from="1700000000"), "signs_from.*epoch seconds"),
        (ring_with(signs_from=1.5), "signs_from.*epoch seconds"),
        (ring_with(signs_from=True), "signs_from.*epoch seconds"),
        (ring_with(signs_from=-1), "signs_from.*epoch seconds"),
        (ring_with(signs_until=...), "no field signs_until"),
        (ring_with(signs_until="never"), "signs_until.*epoch seconds"),
    ],
)
def test_an_invalid_value_is_reported_without_the_value(text: Any, names: str) -> None:
    with pytest.raises(InvalidKeyRing, match=names) as caught:
        KeyRing.from_json(text)
    assert caught.value.__context__ is None  # json's error would contain the whole value
    shown = str(caught.value) + repr(caught.value)
    assert not [piece for piece in secret_pieces(rsa_2048()) if piece in shown]


def test_the_private_key_is_not_in_a_rings_repr() -> None:
    shown = repr(key_ring(signing_key(), signing_key(p256())))
    pieces = secret_pieces(rsa_2048()) | secret_pieces(p256())
    assert not [piece for piece in pieces if piece in shown]
    assert "K2JCJMDEHXQW5F" in shown
