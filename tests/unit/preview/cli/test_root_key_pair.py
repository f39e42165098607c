"""CloudFront key pair of a root user: it is registered as if the root user had created it."""

from base64 import encodebytes
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from preview.account import Account
from preview.cli.root_key_pair import asks_for_it, new_private_key, register
from preview.errors import PreviewError, Rejected
from tests.preview.signer import ECDSA_P256, PEMS, PRIVATE, RSA, VECTORS

KEY = (VECTORS / "test-only-rsa-2048.pem").read_text("utf-8")
P_256 = (VECTORS / "test-only-ecdsa-p256.pem").read_text("utf-8")
TEXT = {"Type": "String"}
DECLARED: Mapping[str, Mapping[str, Any]] = {
    "PrivateKeyString": {**TEXT, "NoEcho": True},
    "KeyPairId": {**TEXT, "AllowedPattern": "^[A-Z0-9]{8,32}$"},
    "SigningAccount": {**TEXT, "Default": "self"},
}
GIVEN = {"PrivateKeyString": KEY, "KeyPairId": "APKATEST0001"}


@pytest.fixture
def account() -> Iterator[Account]:
    with Account() as account:
        yield account


def test_the_public_key_belongs_to_the_signing_account(account: Account) -> None:
    register(account, DECLARED, GIVEN)
    assert account.signer_keys == {"self": {"APKATEST0001": PEMS[RSA]}}
    other = {"PrivateKeyString": P_256, "KeyPairId": "APKATEST0002"}
    register(account, DECLARED, {**other, "SigningAccount": "210987654321"})
    register(account, DECLARED, other)
    assert account.signer_keys == {
        "self": {"APKATEST0001": PEMS[RSA], "APKATEST0002": PEMS[ECDSA_P256]},
        "210987654321": {"APKATEST0002": PEMS[ECDSA_P256]},
    }


@pytest.mark.parametrize("line_break", ["\r\n", " ", "\\n", ""])
def test_pasting_may_have_changed_its_line_breaks(account: Account, line_break: str) -> None:
    pasted = KEY.replace("\n", line_break)
    register(account, DECLARED, {**GIVEN, "PrivateKeyString": pasted})
    assert account.signer_keys == {"self": {"APKATEST0001": PEMS[RSA]}}


@pytest.mark.parametrize("name", [RSA, ECDSA_P256])
def test_it_may_be_in_the_traditional_openssl_format(account: Account, name: str) -> None:
    """PKCS#1 and SEC1: BEGIN RSA PRIVATE KEY, BEGIN EC PRIVATE KEY."""
    form = PrivateFormat.TraditionalOpenSSL
    pem = PRIVATE[name].private_bytes(Encoding.PEM, form, NoEncryption()).decode()
    register(account, DECLARED, {**GIVEN, "PrivateKeyString": pem})
    assert account.signer_keys == {"self": {"APKATEST0001": PEMS[name]}}


@pytest.mark.parametrize("name", ["PrivateKeyString", "KeyPairId"])
def test_it_is_for_templates_with_both_parameters(account: Account, name: str) -> None:
    declared = {name: DECLARED[name]}
    assert not asks_for_it(declared)
    register(account, declared, GIVEN)
    assert account.signer_keys == {}


def test_a_new_one_is_of_a_type_that_cloudfront_accepts() -> None:
    key, other = (load_pem_private_key(new_private_key().encode(), None) for _ in range(2))
    assert isinstance(key, rsa.RSAPrivateKey)
    assert key.key_size == 2048
    assert key.public_key() != other.public_key()


def _written(key: rsa.RSAPrivateKey, *, encrypted: bool = False) -> str:
    protection = BestAvailableEncryption(b"x") if encrypted else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection).decode()


def _of_no_curve() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    der = der.replace(bytes.fromhex("2a8648ce3d030107"), bytes.fromhex("2a8648ce3d03010b"))
    label = "PRIVATE KEY-----\n"
    return f"-----BEGIN {label}{encodebytes(der).decode()}-----END {label}"


TOO_SMALL = rsa.generate_private_key(65537, 1024)  # noqa: S505 - it is rejected
PROTECTED = _written(TOO_SMALL, encrypted=True)
NO_KEY = "is not a private key in PEM format without a passphrase"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("secret-of-mine", NO_KEY, id="no key"),
        pytest.param(PEMS[RSA], NO_KEY, id="public"),
        pytest.param(KEY + KEY, NO_KEY, id="two keys"),
        pytest.param(KEY.replace("MII", "MMI"), NO_KEY, id="damaged"),
        pytest.param(PROTECTED, NO_KEY, id="encrypted"),
        pytest.param(PROTECTED.replace("ENCRYPTED ", ""), NO_KEY, id="encrypted, wrong label"),
        pytest.param(_of_no_curve(), NO_KEY, id="unknown curve"),
        pytest.param(
            _written(TOO_SMALL), "PrivateKeyString: .* must be RSA 2048 or ECDSA P-256", id="small"
        ),
    ],
)
def test_an_invalid_key_is_rejected_without_quoting_it(
    account: Account, text: str, words: str
) -> None:
    with pytest.raises(PreviewError, match=words) as refusal:
        register(account, DECLARED, {**GIVEN, "PrivateKeyString": text})
    assert not [line for line in text.splitlines() if line in str(refusal.value)]
    assert account.signer_keys == {}


def test_a_wrong_id_is_rejected(account: Account) -> None:
    with pytest.raises(Rejected, match="KeyPairId must match"):
        register(account, DECLARED, {**GIVEN, "KeyPairId": "apka"})
