"""CloudFront key pair of an AWS account, which the root user creates by hand before the stack.

No template and no API can create it. The stack gets the private key and the key pair ID, by which
CloudFront knows the public key, as parameters.
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-trusted-signers.html
"""

import base64
import re
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

from preview.account import Account
from preview.cloudformation.parameters import parameter_values
from preview.errors import PreviewError, Rejected
from preview.services.edge.signatures import public_key

PRIVATE_KEY = "PrivateKeyString"
KEY_PAIR_ID = "KeyPairId"
SIGNING_ACCOUNT = "SigningAccount"
"""The parameter for the account that owns the key pair; by default, the stack's account."""

PEM = re.compile(r"-----BEGIN (?:RSA |EC )?PRIVATE KEY-----([^-]+)-----END")
"""A private key without a passphrase (RFC 7468, RFC 8017, RFC 5915)."""
WRITTEN_OUT = r"\n"
"""A line break as it may appear in a pasted key; base64 ignores the other forms."""

Declared = Mapping[str, Mapping[str, Any]]


def asks_for_it(declared: Declared) -> bool:
    """Whether the template has the key pair's parameters."""
    return {PRIVATE_KEY, KEY_PAIR_ID} <= declared.keys()


def new_private_key() -> str:
    """The private key of a new key pair, as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def register(account: Account, declared: Declared, given: Mapping[str, str]) -> None:
    """Registers the key pair as the root user would, if the template needs one.

    Args:
        account: gets the public key, as a key of the account that signs.
        declared: the template's parameters.
        given: their values.

    Raises:
        PreviewError: the private key cannot be read.
        Rejected: CloudFront does not accept this type of key, or another parameter is wrong.
            Neither message contains the key.
    """
    if not asks_for_it(declared):
        return
    values = parameter_values(declared, given)
    public_half = _public_half(values[PRIVATE_KEY])
    signer = values.get(SIGNING_ACCOUNT, "self")
    account.signer_keys.setdefault(signer, {})[values[KEY_PAIR_ID]] = public_half


def _public_half(text: str) -> str:
    try:
        (body,) = PEM.findall(text)
        key = load_der_private_key(base64.b64decode(body.replace(WRITTEN_OUT, "")), password=None)
    except (TypeError, ValueError, UnsupportedAlgorithm):  # TypeError: it needs a passphrase
        raise PreviewError(
            f"{PRIVATE_KEY} is not a private key in PEM format without a passphrase, so the preview"
            f" cannot derive the public key. Pass it as {PRIVATE_KEY}=@path/to/key.pem."
        ) from None
    form = PublicFormat.SubjectPublicKeyInfo
    pem = key.public_key().public_bytes(Encoding.PEM, form).decode()
    try:
        public_key(pem)
    except Rejected as refusal:
        raise Rejected(f"{PRIVATE_KEY}: {refusal}.") from None
    return pem
