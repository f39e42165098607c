"""CloudFront's decision on signed cookies and signed URLs."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from hypothesis import given
from hypothesis import strategies as st

from preview.errors import Rejected
from preview.services.edge.signatures import public_key
from preview.services.edge.signed_requests import (
    ACCESS_DENIED,
    MALFORMED_POLICY,
    MISSING_KEY,
    UNKNOWN_KEY,
    Refusal,
    refusal,
)
from tests.preview.signer import (
    ECDSA_P256,
    HOST,
    NOW,
    PEMS,
    PRIVATE,
    RSA,
    URL,
    canned,
    encoded,
    policy,
    signature,
    signed,
)

KEYS = {name: public_key(pem) for name, pem in PEMS.items()}
PREFIX = "CloudFront-"


def decision(cookies: Mapping[str, str], url: str = URL, **changed: Any) -> Refusal | None:
    """The decision on a GET request at NOW with these cookies."""
    request: dict[str, Any] = {"method": "GET", "viewer": "203.0.113.7", "now": NOW, "keys": KEYS}
    return refusal(url=url, cookies=cookies, **(request | changed))


def of_policy(content: bytes, url: str = URL, **changed: Any) -> Refusal | None:
    """The decision on a correctly signed policy."""
    return decision(signed(content), url, **changed)


@pytest.mark.parametrize("key", [RSA, ECDSA_P256])
@pytest.mark.parametrize("algorithm", ["SHA1", "SHA256"])
def test_cookies_signed_with_a_trusted_key_are_accepted(key: str, algorithm: str) -> None:
    assert decision(signed(policy(), key=key, algorithm=algorithm)) is None


@pytest.mark.parametrize("key", [RSA, ECDSA_P256])
def test_sha_1_is_the_default_hash(key: str) -> None:
    for algorithm, expected in (("SHA1", None), ("SHA256", ACCESS_DENIED)):
        cookies = signed(policy(), key=key, algorithm=algorithm)
        del cookies[f"{PREFIX}Hash-Algorithm"]
        assert decision(cookies) == expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"Key-Pair-Id": ""}, MISSING_KEY),
        ({"Key-Pair-Id": "K1UNHEARDOF"}, UNKNOWN_KEY),
        ({"Key-Pair-Id": ECDSA_P256}, ACCESS_DENIED),
        ({"Hash-Algorithm": "sha256"}, ACCESS_DENIED),
        ({"Hash-Algorithm": ""}, ACCESS_DENIED),
        ({"Signature": ""}, ACCESS_DENIED),
        ({"Signature": signature(b"another policy")}, ACCESS_DENIED),
        ({"Policy": ""}, MALFORMED_POLICY),
        ({"Policy": encoded(policy()) + "A"}, MALFORMED_POLICY),
        ({"Policy": encoded(policy("https://*/a")).replace("_", "=")}, MALFORMED_POLICY),
        ({"Policy": encoded(policy(f"https://{HOST}/*"))}, ACCESS_DENIED),
    ],
)
def test_a_changed_cookie_is_rejected(changed: Mapping[str, str], expected: Refusal) -> None:
    cookies = signed(policy()) | {f"{PREFIX}{name}": value for name, value in changed.items()}
    assert decision(cookies) == expected


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ("Key-Pair-Id", MISSING_KEY),
        ("Signature", ACCESS_DENIED),
        ("Policy", MALFORMED_POLICY),
        ("Hash-Algorithm", ACCESS_DENIED),
    ],
)
def test_a_missing_cookie_is_rejected(missing: str, expected: Refusal) -> None:
    cookies = signed(policy())
    del cookies[f"{PREFIX}{missing}"]
    assert decision(cookies) == expected


def test_without_cookies_the_key_is_missing() -> None:
    assert decision({}) == MISSING_KEY


def test_unused_bits_of_base64_may_not_be_changed() -> None:
    """A last group of two characters has four unused bits: R is not the Q that was signed."""
    cookies = signed(policy(f"https://{HOST}/out/v1/**"))
    assert cookies[f"{PREFIX}Policy"].endswith("fQ__")
    assert decision(cookies) is None
    cookies[f"{PREFIX}Policy"] = cookies[f"{PREFIX}Policy"].replace("fQ__", "fR__")
    assert decision(cookies) == MALFORMED_POLICY


def test_pss_padding_is_rejected() -> None:
    """https://github.com/aws/aws-sdk-net/issues/4468."""
    private = PRIVATE[RSA]
    assert isinstance(private, RSAPrivateKey)
    padding = PSS(mgf=MGF1(hashes.SHA256()), salt_length=32)
    other = encoded(private.sign(policy(), padding, hashes.SHA256()))
    assert decision(signed(policy()) | {f"{PREFIX}Signature": other}) == ACCESS_DENIED


@pytest.mark.parametrize(
    ("resource", "url", "is_covered"),
    [
        (f"https://{HOST}/out/v1/*", f"https://{HOST}/out/v1/", True),
        (f"https://{HOST}/out/v1/*", f"https://{HOST}/out/v1/a/b?m=1&start=2", True),
        (f"https://{HOST}/out/v1/*", f"https://{HOST}/out/v2/a", False),
        (f"https://{HOST}/out/v1/*", f"https://{HOST}/OUT/v1/a", False),
        (f"https://{HOST}/out/v1/*", f"http://{HOST}/out/v1/a", False),
        (f"https://{HOST}/out/v1/*", "https://live.example.com/out/v1/a", False),
        (f"https://{HOST}/a?c", f"https://{HOST}/abc", True),
        (f"https://{HOST}/a?c", f"https://{HOST}/a?c", True),
        (f"https://{HOST}/a?c", f"https://{HOST}/ac", False),
        (f"https://{HOST}/a", f"https://{HOST}/a?b=1", False),
        (f"https://{HOST}/a.b", f"https://{HOST}/aXb", False),
        (f"https://{HOST}/[ab]", f"https://{HOST}/a", False),
        ("https://*", URL, True),
        ("http*://*", URL, True),
        ("https://*/a", f"https://{HOST}/a", True),
        ("https://*/a", f"https://{HOST}/b/a", False),
        (f"https://{HOST}*", URL, True),
        (f"https://{HOST}", f"https://{HOST}/", True),
        (f"https://{HOST}", f"https://{HOST}/a", False),
        (f"*{HOST}/out/*", URL, True),
        (f"https://{HOST}/hello*world", f"https://{HOST}/hello/big-world", True),
        (f"https://{HOST}/hello*world", f"https://{HOST}/hello?world", False),
        (f"https://{HOST}/hello?world", f"https://{HOST}/hello?world", True),
        (f"https://{HOST}/a*?b=*", f"https://{HOST}/a/c?b=1&d=2", True),
        (f"https://{HOST}/a*?b=*", f"https://{HOST}/a/c", False),
        ("*", URL, True),
        (None, "https://any.example.org/", True),
    ],
)
def test_the_resource_is_compared_with_the_full_url(
    resource: str | None, url: str, is_covered: bool
) -> None:
    assert of_policy(policy(resource), url) == (None if is_covered else ACCESS_DENIED)


@pytest.mark.parametrize(
    ("seconds", "is_valid"),
    [
        (-1, False),
        (0, False),
        (0.9, False),
        (1, True),
        (3599.9, True),
        (3600, False),
        (4000, False),
    ],
)
def test_cookies_are_valid_after_the_start_and_before_the_end(
    seconds: float, is_valid: bool
) -> None:
    content = policy(DateGreaterThan={"AWS:EpochTime": NOW})
    assert of_policy(content, now=NOW + seconds) == (None if is_valid else ACCESS_DENIED)


@pytest.mark.parametrize(
    ("address", "viewer", "is_admitted"),
    [
        ("192.0.2.10", "192.0.2.10", True),
        ("192.0.2.10/32", "192.0.2.10", True),
        ("192.0.2.10/32", "192.0.2.11", False),
        ("192.0.2.0/24", "192.0.2.255", True),
        ("192.0.2.0/24", "192.0.3.0", False),
        ("0.0.0.0/0", "203.0.113.7", True),
        ("0.0.0.0/0", "2001:db8::1", False),
        ("0.0.0.0/0", "", False),
    ],
)
def test_the_viewer_must_be_in_the_range(address: str, viewer: str, is_admitted: bool) -> None:
    content = policy(IpAddress={"AWS:SourceIp": address})
    assert of_policy(content, viewer=viewer) == (None if is_admitted else ACCESS_DENIED)


WHOLE = policy().decode()
STATEMENT = WHOLE.removeprefix('{"Statement":[').removesuffix("]}")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "no json",
        "[]",
        "{}",
        '{"Statement":[]}',
        '{"Statement":{}}',
        f'{{"Statement":[{STATEMENT},{STATEMENT}]}}',
        f'{{"Statement":{STATEMENT}}}',
        f'{{"Version":"1","Statement":[{STATEMENT}]}}',
        WHOLE.replace('"Resource"', '"resource"'),
        WHOLE.replace('"Resource"', '"Effect":"Allow","Resource"'),
        WHOLE.replace('"Resource"', '"Resource":"https://*","Resource"'),
        WHOLE.replace("https://", "ftp://"),
        WHOLE.replace("https://", ""),
        WHOLE.replace(f'"https://{HOST}/out/v1/*"', '["https://*"]'),
        WHOLE.replace(f'"https://{HOST}/out/v1/*"', "null"),
        WHOLE.replace("DateLessThan", "DateGreaterThan"),
        WHOLE.replace("AWS:EpochTime", "EpochTime"),
        WHOLE.replace(str(NOW + 3600), f'"{NOW + 3600}"'),
        WHOLE.replace(str(NOW + 3600), f"{NOW + 3600}.0"),
        WHOLE.replace(str(NOW + 3600), "2147483648"),
        WHOLE.replace(str(NOW + 3600), "-1"),
        WHOLE.replace(str(NOW + 3600), "true"),
        WHOLE.replace(str(NOW + 3600), "9" * 5000),
        WHOLE.replace(":", ": "),
        WHOLE + "\n\n",
        "\n" + WHOLE,
        "\ufeff" + WHOLE,
        "[" * 100_000,
        *(
            policy(IpAddress={"AWS:SourceIp": address}).decode()
            for address in ("2001:db8::/32", "192.0.2.0/33", "300.0.0.1", "", ["192.0.2.1"], None)
        ),
        policy(IpAddress="192.0.2.1").decode(),
        policy(StringEquals={"a": "b"}).decode(),
    ],
)
def test_a_policy_that_is_not_as_documented_is_malformed(content: str) -> None:
    assert of_policy(content.encode()) == MALFORMED_POLICY


def test_a_policy_must_be_utf_8() -> None:
    assert of_policy(policy().decode().encode("utf-16")) == MALFORMED_POLICY


def test_the_order_of_names_and_a_newline_at_the_end_do_not_matter() -> None:
    """The documentation's examples have that newline."""
    first = policy(IpAddress={"AWS:SourceIp": "0.0.0.0/0"})
    document = json.loads(first)
    document["Statement"][0]["Condition"] |= {
        "DateLessThan": document["Statement"][0]["Condition"].pop("DateLessThan")
    }
    second = json.dumps(document, separators=(",", ":")).encode() + b"\n"
    assert first.strip() != second.strip()
    assert [of_policy(first), of_policy(second)] == [None, None]


def test_options_is_not_checked() -> None:
    assert decision({}, method="OPTIONS") is None
    assert decision({}, method="HEAD") == MISSING_KEY


def with_query(url: str, parameters: Mapping[str, str]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(parameters)}"


@pytest.mark.parametrize("own", ["", "?size=large&license=yes"])
def test_signed_urls_are_compared_without_their_signature(own: str) -> None:
    url = URL + own
    custom = with_query(url, signed(policy(url), prefix=""))
    assert decision({}, custom) is None
    assert decision({}, with_query(url, canned(url, NOW + 60))) is None
    assert decision({}, f"{custom}&more=1") == ACCESS_DENIED


def test_own_parameters_may_follow_those_of_cloudfront() -> None:
    url = f"{URL}?size=large"
    parameters = urlencode(canned(url, NOW + 60))
    assert decision({}, f"{URL}?{parameters}&size=large") is None


@pytest.mark.parametrize(
    "name", ["Expires", "Policy", "Signature", "Key-Pair-Id", "Hash-Algorithm"]
)
def test_a_url_with_any_of_the_parameters_is_a_signed_url(name: str) -> None:
    """So the cookies, which would be valid, are ignored."""
    assert decision(signed(policy()), URL) is None
    assert decision(signed(policy()), f"{URL}?{name}=SHA256") is not None


def test_a_duplicate_parameter_is_rejected() -> None:
    url = with_query(URL, signed(policy(), prefix=""))
    assert decision({}, url) is None
    assert decision({}, f"{url}&Key-Pair-Id={RSA}") == MISSING_KEY


@pytest.mark.parametrize(
    ("expires", "expected"),
    [
        (NOW + 1, None),
        (NOW, ACCESS_DENIED),
        (NOW * 1000, MALFORMED_POLICY),
        (f"0{NOW + 1}", MALFORMED_POLICY),
        (f"{NOW + 1}.0", MALFORMED_POLICY),
        ("", MALFORMED_POLICY),
    ],
)
def test_the_end_of_a_canned_policy_is_a_32_bit_integer(
    expires: int | str, expected: Refusal | None
) -> None:
    cookies = {f"{PREFIX}{name}": value for name, value in canned(URL, expires).items()}
    assert decision(cookies) == expected


def test_a_canned_policy_is_for_one_url_without_wildcards() -> None:
    cookies = {f"{PREFIX}{k}": v for k, v in canned(f"https://{HOST}/out/*", NOW + 60).items()}
    assert decision(cookies) == ACCESS_DENIED


@given(
    url=st.text(),
    cookies=st.dictionaries(
        st.sampled_from([f"{PREFIX}{n}" for n in ("Policy", "Signature", "Expires")]), st.text()
    ),
    viewer=st.text(),
)
def test_any_request_gets_a_decision(url: str, cookies: Mapping[str, str], viewer: str) -> None:
    cookies = {**cookies, f"{PREFIX}Key-Pair-Id": RSA}
    assert decision(cookies, url, viewer=viewer) is not None


@given(st.binary(max_size=200))
def test_any_signed_content_gets_a_decision(content: bytes) -> None:
    assert of_policy(content) == MALFORMED_POLICY


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no key",
        pem(rsa.generate_private_key(public_exponent=65537, key_size=3072)),
        pem(ec.generate_private_key(ec.SECP384R1())),
    ],
)
def test_only_rsa_2048_and_p_256_keys_are_accepted(text: str) -> None:
    with pytest.raises(Rejected, match="a CloudFront public key must be"):
        public_key(text)
