"""The four cookies, and how often they are signed."""

from collections.abc import Iterator

import pytest

from cookies.names import NAMES
from cookies.signed_cookies import CookieMint
from cookies.signer import Signer, signer
from tests.lambda_src.cookies.stream import MEDIA_URL
from tests.lambda_src.shared.key_pairs import p256, rsa_2048, signing_key

# an ECDSA signature is random: two equal ones were created once
ECDSA = signer(signing_key(p256()), hash_algorithm="SHA256")
RSA = signer(signing_key(rsa_2048(), key_pair_id="KOTHER"), hash_algorithm="SHA1")


def mint_of(*signers: Signer) -> CookieMint:
    """A mint that gets these signers one after the other, and then always the last one."""

    def current() -> Iterator[Signer]:
        yield from signers
        while True:
            yield signers[-1]

    return CookieMint(media_url=MEDIA_URL, current_signer=current().__next__)


def test_there_are_always_four_cookies_with_the_hash_even_for_sha_1() -> None:
    for each, hash_algorithm in [(ECDSA, "SHA256"), (RSA, "SHA1")]:
        cookies = mint_of(each).cookies(1000)
        assert tuple(cookies) == NAMES
        assert cookies["CloudFront-Hash-Algorithm"] == hash_algorithm


def test_the_same_expiry_and_key_is_signed_once() -> None:
    mint = mint_of(ECDSA)
    assert mint.cookies(1000) is mint.cookies(1000)


def test_another_expiry_is_signed_again() -> None:
    mint = mint_of(ECDSA)
    assert mint.cookies(1000) != mint.cookies(1300)


def test_another_key_signs_immediately() -> None:
    mint = mint_of(ECDSA, RSA)
    ids = [mint.cookies(1000)["CloudFront-Key-Pair-Id"] for _ in range(2)]
    assert ids == ["K2JCJMDEHXQW5F", "KOTHER"]


def test_the_cache_is_bounded() -> None:
    mint = mint_of(ECDSA)
    first = mint.cookies(0)
    for expires in range(300, 3000, 300):
        mint.cookies(expires)
    assert mint.cookies(0) != first


def test_cached_cookies_cannot_be_changed() -> None:
    cookies = mint_of(ECDSA).cookies(1000)
    with pytest.raises(TypeError):
        cookies["CloudFront-Policy"] = "x"  # type: ignore[index]  # the test is that it fails
