"""The CloudFront key pair of an AWS account, which its root user makes by hand before all else.

No template and no API can make it. The private half is given to the stack as a parameter, and so is
the id by which CloudFront knows the public half.
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
"""The parameter for the account whose key pair it is; without it, the stack's own."""

PEM = re.compile(r"-----BEGIN (?:RSA |EC )?PRIVATE KEY-----([^-]+)-----END")
"""Of a key without a pass phrase (RFC 7468, RFC 8017, RFC 5915)."""
WRITTEN_OUT = r"\n"
"""A line break as it may be in a key that was pasted; base64 passes over the others."""

Declared = Mapping[str, Mapping[str, Any]]


def asks_for_it(declared: Declared) -> bool:
    """Whether the template has parameters for the key pair."""
    return {PRIVATE_KEY, KEY_PAIR_ID} <= declared.keys()


def new_private_key() -> str:
    """The private half of a new key pair, as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def register(account: Account, declared: Declared, given: Mapping[str, str]) -> None:
    """Does what the root user has done when the stack is created; nothing if no key pair is asked.

    Args:
        account: gets the public half, as a key of the account that signs.
        declared: the template's parameters.
        given: their values.

    Raises:
        PreviewError: the private half cannot be read.
        Rejected: it is of a kind that CloudFront does not take, or another parameter is wrong. Like
            the other, it says nothing of the key.
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
    except (TypeError, ValueError, UnsupportedAlgorithm):  # TypeError: it needs a pass phrase
        raise PreviewError(
            f"{PRIVATE_KEY} is no PEM text of a private key without a pass phrase, so that the"
            f" preview cannot know its public half: give it as {PRIVATE_KEY}=@path/to/key.pem."
        ) from None
    form = PublicFormat.SubjectPublicKeyInfo
    pem = key.public_key().public_bytes(Encoding.PEM, form).decode()
    try:
        public_key(pem)
    except Rejected as refusal:
        raise Rejected(f"{PRIVATE_KEY}: {refusal}.") from None
    return pem
