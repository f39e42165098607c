"""The four cookies, and how often they are signed."""

from collections.abc import Iterator

import pytest

from cookies.names import NAMES
from cookies.signed_cookies import SignedCookies
from cookies.signer import Signer, signer
from tests.lambda_src.cookies.stream import ENVIRONMENT, NOW
from tests.lambda_src.shared.key_pairs import p256, rsa_2048, signing_key

# an ECDSA signature is random: two equal ones were created once
ECDSA = signer(signing_key(p256()), hash_algorithm="SHA256")
RSA = signer(signing_key(rsa_2048(), key_pair_id="KOTHER"), hash_algorithm="SHA1")


def cookies_of(*signers: Signer) -> SignedCookies:
    """The cookies, signed by these one after the other, and then always by the last one."""

    def current() -> Iterator[Signer]:
        yield from signers
        while True:
            yield signers[-1]

    return SignedCookies(environment=ENVIRONMENT, current_signer=current().__next__)


def test_there_are_always_four_cookies_with_the_hash_even_for_sha_1() -> None:
    for each, hash_algorithm in [(ECDSA, "SHA256"), (RSA, "SHA1")]:
        cookies, _ = cookies_of(each).cookies(NOW)
        assert tuple(cookies) == NAMES
        assert cookies["CloudFront-Hash-Algorithm"] == hash_algorithm


def test_the_same_expiry_and_key_is_signed_once() -> None:
    source = cookies_of(ECDSA)
    assert source.cookies(NOW)[0] is source.cookies(NOW - 299)[0]


def test_another_expiry_is_signed_again() -> None:
    source = cookies_of(ECDSA)
    assert source.cookies(NOW)[0] != source.cookies(NOW + 1)[0]


def test_another_key_signs_immediately() -> None:
    source = cookies_of(ECDSA, RSA)
    ids = [source.cookies(NOW)[0]["CloudFront-Key-Pair-Id"] for _ in range(2)]
    assert ids == ["K2JCJMDEHXQW5F", "KOTHER"]


def test_the_cache_is_bounded() -> None:
    source = cookies_of(ECDSA)
    first, _ = source.cookies(NOW)
    for seconds in range(300, 3000, 300):
        source.cookies(NOW + seconds)
    assert source.cookies(NOW)[0] != first


def test_cached_cookies_cannot_be_changed() -> None:
    cookies, _ = cookies_of(ECDSA).cookies(NOW)
    with pytest.raises(TypeError):
        cookies["CloudFront-Policy"] = "x"  # type: ignore[index]  # the test is that it fails
