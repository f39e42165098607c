"""Signatures that openssl accepts, and keys that are rejected before they sign."""

import dataclasses
from pathlib import Path

import pytest

from cookies.names import NAMES
from cookies.signed_cookies import signed
from cookies.signer import UnusableKey, signer
from shared.key_ring import SigningKey
from shared.private_key import PrivateKey
from tests.lambda_src.cookies.openssl import decoded, verifies
from tests.lambda_src.cookies.stream import MEDIA_URL
from tests.lambda_src.shared.key_pairs import p256, rsa_2048, secret_pieces, signing_key

EXPIRES = 1_800_003_600
EXPECTED_POLICY = (
    b'{"Statement":[{"Resource":"' + MEDIA_URL.encode() + b'",'
    b'"Condition":{"DateLessThan":{"AWS:EpochTime":1800003600}}}]}'
)
KINDS = {
    "RSA-2048, SHA-256": (rsa_2048(), "SHA256"),
    "RSA-2048, SHA-1": (rsa_2048(), "SHA1"),
    "ECDSA P-256, SHA-256": (p256(), "SHA256"),
}


@pytest.mark.parametrize(("pair", "hash_algorithm"), KINDS.values(), ids=KINDS.keys())
def test_openssl_verifies_the_decoded_cookies(
    pair: PrivateKey, hash_algorithm: str, tmp_path: Path
) -> None:
    key = signing_key(pair)
    ready = signer(key, hash_algorithm=hash_algorithm)
    cookies = signed(ready, media_url=MEDIA_URL, expires=EXPIRES)
    policy, signature, key_pair_id, hash_name = (cookies[name] for name in NAMES)

    assert (key_pair_id, hash_name) == (key.key_pair_id, hash_algorithm)
    assert decoded(policy) == EXPECTED_POLICY
    assert verifies(
        decoded(policy),
        decoded(signature),
        public_key=key.public_key,
        hash_algorithm=hash_algorithm,
        folder=tmp_path,
    )


@pytest.mark.parametrize("changed", ["a byte of the policy", "a byte of the signature", "the hash"])
@pytest.mark.parametrize(("pair", "hash_algorithm"), KINDS.values(), ids=KINDS.keys())
def test_openssl_rejects_any_change(
    pair: PrivateKey, hash_algorithm: str, changed: str, tmp_path: Path
) -> None:
    """The control for the test above."""
    key = signing_key(pair)
    signature = signer(key, hash_algorithm=hash_algorithm).signature(EXPECTED_POLICY)
    other_hash = "SHA1" if hash_algorithm == "SHA256" else "SHA256"
    assert not verifies(
        EXPECTED_POLICY.replace(b"00}", b"01}") if "policy" in changed else EXPECTED_POLICY,
        signature[:-1] + bytes([signature[-1] ^ 1]) if "signature" in changed else signature,
        public_key=key.public_key,
        hash_algorithm=other_hash if "hash" in changed else hash_algorithm,
        folder=tmp_path,
    )


def test_a_key_pasted_in_another_format_signs_the_same() -> None:
    key = signing_key()
    pasted = dataclasses.replace(key, private_key=key.private_key.replace("\n", " "))
    signatures = {signer(each, hash_algorithm="SHA256").signature(b"x") for each in (key, pasted)}
    assert len(signatures) == 1


RSA_KEY, EC_KEY = signing_key(), signing_key(p256())


@pytest.mark.parametrize(
    ("key", "hash_algorithm", "reason"),
    [
        (dataclasses.replace(RSA_KEY, key_pair_id=None), "SHA256", "CloudFront does not have it"),
        (dataclasses.replace(RSA_KEY, private_key="x"), "SHA256", "K2JCJMDEHXQW5F cannot sign"),
        (
            dataclasses.replace(RSA_KEY, algorithm="ecdsa-p256"),
            "SHA256",
            "is not an ecdsa-p256 key",
        ),
        (dataclasses.replace(EC_KEY, algorithm="rsa-2048"), "SHA256", "is not an rsa-2048 key"),
        (
            dataclasses.replace(RSA_KEY, public_key=signing_key(rsa_2048("other")).public_key),
            "SHA256",
            "K2JCJMDEHXQW5F are not a pair",
        ),
        (dataclasses.replace(RSA_KEY, public_key=EC_KEY.public_key), "SHA256", "are not a pair"),
        (
            dataclasses.replace(
                RSA_KEY,
                public_key="-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n",
            ),
            "SHA256",
            "public key of K2JCJMDEHXQW5F cannot be read",
        ),
    ],
)
def test_a_key_whose_cookies_cloudfront_would_reject_is_an_error(
    key: SigningKey, hash_algorithm: str, reason: str
) -> None:
    with pytest.raises(UnusableKey, match=reason):
        signer(key, hash_algorithm=hash_algorithm)


def test_the_private_key_is_not_in_a_signers_repr() -> None:
    shown = repr(signer(RSA_KEY, hash_algorithm="SHA256"))
    assert not [piece for piece in secret_pieces(rsa_2048()) if piece in shown]
    assert "PrivateKey" not in shown
