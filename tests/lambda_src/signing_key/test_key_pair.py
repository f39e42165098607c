"""Signing key pair: the requested algorithm, in formats that CloudFront and the signer read."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from shared.key_ring import ALGORITHMS
from signing_key.key_pair import key_pair
from tests.lambda_src.signing_key.expectations import public_half


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_the_keys_are_a_pair_in_the_formats_that_are_read(algorithm: str) -> None:
    key = key_pair(algorithm, signs_from=1_800_000_000)
    assert key.private_key.startswith("-----BEGIN PRIVATE KEY-----\n")
    assert key.public_key.startswith("-----BEGIN PUBLIC KEY-----\n")
    assert key.public_key.endswith("\n-----END PUBLIC KEY-----\n")
    assert public_half(key.private_key) == key.public_key


def test_a_new_pair_signs_from_now_on_and_is_not_in_cloudfront() -> None:
    key = key_pair("ecdsa-p256", signs_from=1_800_000_000)
    assert (key.signs_from, key.signs_until, key.key_pair_id) == (1_800_000_000, None, None)


def test_rsa_has_2048_bits_and_the_usual_exponent() -> None:
    key = load_pem_private_key(
        key_pair("rsa-2048", signs_from=0).private_key.encode(), password=None
    )
    assert isinstance(key, rsa.RSAPrivateKey)
    assert (key.key_size, key.public_key().public_numbers().e) == (2048, 65537)


def test_ecdsa_is_on_the_curve_that_cloudfront_accepts() -> None:
    key = load_pem_private_key(
        key_pair("ecdsa-p256", signs_from=0).private_key.encode(), password=None
    )
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    assert key.curve.name == "secp256r1"


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_every_pair_is_different(algorithm: str) -> None:
    assert (
        key_pair(algorithm, signs_from=0).fingerprint
        != key_pair(algorithm, signs_from=0).fingerprint
    )
