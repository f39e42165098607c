"""Private key that signs the viewer's cookies, loaded from any format in which it was pasted.

Reads PKCS#1 (RFC 8017 appendix A.1.2), PKCS#8 (RFC 5958), SEC1 (RFC 5915) and OpenSSH keys: as PEM
(RFC 7468) with line breaks intact, changed, escaped, replaced by spaces or lost, with or without
first and last line, surrounding quotes and text, or a second base64 encoding; and as DER.
"""

import base64
import re
from contextlib import suppress

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    SSHPrivateKeyTypes,
    load_der_private_key,
    load_ssh_private_key,
)

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

# What copying adds and base64 never contains: whitespace, line breaks (also as the two characters
# \n), quotes, byte order mark. Without them, every damaged PEM looks the same.
_LEFT_BY_COPYING = re.compile(r"""\\+[nrt]?|[\s"'`\ufeff]""")
_PRIVATE_BLOCK = re.compile(r"-+BEGIN([A-Z]*?)PRIVATEKEY-{1,5}([^-]*)")
_OTHER_BLOCK = re.compile(r"-+BEGIN[A-Z]*?(PUBLICKEY|CERTIFICATE)")
_FOOT = re.compile(r"-+END.*")
_OTHER_BLOCKS = {"PUBLICKEY": "a public key", "CERTIFICATE": "a certificate"}

_DER_SEQUENCE = b"\x30"
_OPENSSH_MAGIC = b"openssh-key-v1\0"
_PROTECTED = "protected by a passphrase"


class InvalidPrivateKey(ValueError):
    """Not a private key that CloudFront accepts; says what was found, never a part of it."""

    def __init__(self, found: str) -> None:
        super().__init__(f"The private key is {found}; CloudFront accepts RSA 2048 or ECDSA P-256.")


def load(text: str | bytes) -> PrivateKey:
    """The RSA-2048 or P-256 key in `text`: PEM in any format, or DER as bytes.

    Loading an RSA key checks its numbers, which takes tens of milliseconds: keep the result.

    Raises:
        InvalidPrivateKey: `text` contains no such key.

    Source of the accepted key types:
    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-trusted-signers.html
    """
    key = _key(_der(text))
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size == 2048:
        return key
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1):
        return key
    raise InvalidPrivateKey(_described(key))


def _der(text: str | bytes) -> bytes:
    if isinstance(text, bytes) and text.startswith((_DER_SEQUENCE, _OPENSSH_MAGIC)):
        return text
    decoded = _decoded(_base64_body(_LEFT_BY_COPYING.sub("", _as_text(text))))
    if decoded.startswith(b"-----BEGIN"):
        return _decoded(_base64_body(_LEFT_BY_COPYING.sub("", _as_text(decoded))))
    return decoded


def _as_text(text: str | bytes) -> str:
    if isinstance(text, str):
        return text
    # codec errors contain the invalid bytes; raised out here, ours is not chained to them
    with suppress(UnicodeDecodeError):
        return text.decode()
    raise InvalidPrivateKey("neither text nor DER")


def _base64_body(compact: str) -> str:
    if not compact:
        raise InvalidPrivateKey("empty")
    if block := _PRIVATE_BLOCK.search(compact):
        label, body = block.groups()
        if label == "ENCRYPTED" or body.startswith("Proc"):  # Proc-Type: 4,ENCRYPTED (RFC 1421)
            raise InvalidPrivateKey(_PROTECTED)
        return body
    if other := _OTHER_BLOCK.search(compact):
        raise InvalidPrivateKey(_OTHER_BLOCKS[other[1]])
    return _FOOT.sub("", compact)


def _decoded(body: str) -> bytes:
    padding = "=" * (-len(body) % 4)  # easily lost at the end of copied text
    with suppress(ValueError):
        return base64.b64decode(body + padding, validate=True)
    raise InvalidPrivateKey("text that is not base64")


def _key(der: bytes) -> PrivateKeyTypes | SSHPrivateKeyTypes:
    try:
        with suppress(ValueError, UnsupportedAlgorithm):
            if der.startswith(_OPENSSH_MAGIC):
                return load_ssh_private_key(_openssh_pem(der), password=None)
            return load_der_private_key(der, password=None)
    except TypeError:  # cryptography's error for "a password is needed"
        raise InvalidPrivateKey(_PROTECTED) from None
    raise InvalidPrivateKey("damaged, truncated, or of an unknown type")


def _openssh_pem(content: bytes) -> bytes:
    label = b"OPENSSH PRIVATE KEY-----\n"
    return b"-----BEGIN " + label + base64.encodebytes(content) + b"-----END " + label


def _described(key: PrivateKeyTypes | SSHPrivateKeyTypes) -> str:
    if isinstance(key, rsa.RSAPrivateKey):
        return f"a {key.key_size}-bit RSA key"
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return f"an EC key on the curve {key.curve.name}"
    return f"a key of type {type(key).__name__.removesuffix('PrivateKey')}"
