"""Custom policy, and the base64 variant for cookie values."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cookies.policy import cookie_text, policy
from tests.lambda_src.cookies.openssl import decoded
from tests.lambda_src.cookies.stream import MEDIA_URL


def test_the_policy_is_exactly_one_statement_with_resource_and_expiry() -> None:
    assert policy(MEDIA_URL, 1_800_003_600) == (
        b'{"Statement":[{"Resource":"https://d111111abcdef8.cloudfront.net/out/v1/'
        b'live-us-east-1-1a2b3c4d/*","Condition":{"DateLessThan":{"AWS:EpochTime":1800003600}}}]}'
    )


@given(expires=st.integers(1, 2**40))
def test_the_policy_can_be_parsed_back(expires: int) -> None:
    assert json.loads(policy(MEDIA_URL, expires)) == {
        "Statement": [
            {
                "Resource": MEDIA_URL,
                "Condition": {"DateLessThan": {"AWS:EpochTime": expires}},
            }
        ]
    }


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", ""),
        (b"a", "YQ__"),
        (b"ab", "YWI_"),
        (b"abc", "YWJj"),
        (b"\xfb\xef\xbe", "----"),
        (b"\xff\xff\xff", "~~~~"),
        (b"\xfb\xff", "-~8_"),
    ],
)
def test_cookie_text_is_base64_with_three_other_characters(content: bytes, text: str) -> None:
    assert cookie_text(content) == text


@pytest.mark.parametrize("content", [bytes(range(256)), b"\xfb\xef\xbe\xff\xff\xff\x00", b"x"])
def test_openssl_and_tr_decode_cookie_text(content: bytes) -> None:
    assert decoded(cookie_text(content)) == content


@given(content=st.binary())
def test_cookie_text_can_be_decoded_and_has_only_valid_cookie_characters(content: bytes) -> None:
    text = cookie_text(content)
    assert base64.b64decode(text.translate(str.maketrans("-_~", "+=/")), validate=True) == content
    assert not set(text) & set('+=/ ,;"\\')
