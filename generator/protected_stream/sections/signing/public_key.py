"""CloudFront public key from the stream file: parsing and checks."""

import base64
import codecs
import hashlib
import re
from contextlib import suppress
from pathlib import Path

from protected_stream.files import read_regular_file
from protected_stream.template.validation_errors import LONGEST_SHOWN

HEAD, FOOT = "-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----"
LENGTH_OF_FINGERPRINT = 16
RSA_BITS = 2048
MOST_BYTES = 65_536
NOT_ONE = "must be the PEM of a public key, or the name of a file with one"

UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"-\0", b"\0-")
# what copying adds, and base64 never contains: white space, line breaks (also as the two
# characters \\n), quotes; the same as the signing function removes from the private key
LEFT_BY_COPYING = re.compile(r"""\\+[nrt]?|[\s"'`\ufeff]""")
BODY = re.compile(r"-----BEGIN [A-Z0-9 ]*PUBLIC KEY-----([^-]*)")


def public_key(text: str, folder: Path) -> str:
    """The key as SubjectPublicKeyInfo in PEM (RFC 7468, section 13), however it was written.

    Args:
        text: a PEM, or the name of a file with one.
        folder: the base of relative file names.

    Raises:
        ValueError: the file is missing, or CloudFront does not accept the key; says why.
    """
    if "-----BEGIN" in text or "-----END" in text:
        return _checked(text)
    pem = _read(text, folder)
    try:
        return _checked(pem)
    except ValueError as error:
        raise ValueError(f"{folder / text} {error}") from None


def fingerprint(pem: str) -> str:
    """The first 16 hex digits of SHA-256 over the key's DER, by which the signer finds its ID."""
    body = pem.removeprefix(HEAD).strip().removesuffix(FOOT)
    return hashlib.sha256(base64.b64decode(body)).hexdigest()[:LENGTH_OF_FINGERPRINT]


def _read(name: str, folder: Path) -> str:
    """The file's text; what is not UTF-8 in it cannot be part of the key."""
    path = folder / name
    # a key without its first line is not shown: it may be a private one
    shown = f"{path}: " if path.suffix or len(name) <= LONGEST_SHOWN else ""
    try:
        content = read_regular_file(MOST_BYTES, path)
    except OSError as error:
        raise ValueError(f"{NOT_ONE}; {shown}{error.strerror}") from None
    except ValueError:  # not a name that a file can have
        raise ValueError(f"{NOT_ONE}; {shown}not the name of a file") from None
    if content.startswith(UTF_16):
        raise ValueError(f"{NOT_ONE}; {shown}is UTF-16 text: save it as UTF-8 or ASCII")
    return content.decode(errors="replace")


def _der(pem: str) -> bytes:
    """The content of the only PEM block, with its line breaks intact, escaped, or lost."""
    if "PRIVATE KEY" in pem:
        raise ValueError(
            "is a private key, which does not belong in a stream file: use its public key "
            "(openssl pkey -in key.pem -pubout)"
        )
    labels = re.findall(r"-----BEGIN ([A-Z0-9 ]+)-----", pem)
    others = [label for label in labels if not label.endswith("PUBLIC KEY")]
    if others:
        raise ValueError(f"{NOT_ONE}; this is a {others[0]}")
    if not labels:
        raise ValueError(f"{NOT_ONE}; the line {HEAD} is missing")
    if len(labels) > 1:
        raise ValueError(f"holds {len(labels)} keys: list each one separately")
    (body,) = BODY.findall(pem)
    with suppress(ValueError):
        return base64.b64decode(LEFT_BY_COPYING.sub("", body), validate=True)
    raise ValueError(NOT_ONE)


def _checked(pem: str) -> str:
    """The key, if CloudFront accepts it: RSA of 2048 bits or ECDSA on P-256.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-trusted-signers.html
    """
    # imported here, so that only a stream that supplies its keys waits for the library
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec, rsa  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
        Encoding,
        PublicFormat,
        load_der_public_key,
    )

    der = _der(pem)
    try:
        key = load_der_public_key(der)
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError(NOT_ONE) from None
    is_rsa = isinstance(key, rsa.RSAPublicKey) and key.key_size == RSA_BITS
    is_p256 = isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)
    if not (is_rsa or is_p256):
        raise ValueError("must be a key that CloudFront accepts: RSA of 2048 bits or ECDSA P-256")
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
