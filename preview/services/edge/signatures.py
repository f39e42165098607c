"""CloudFront signatures of cookies and URLs.

Sources: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/
private-content-trusted-signers.html (which keys), private-content-linux-openssl.html (base64),
private-content-setting-signed-cookie-custom-policy.html (hash algorithms).
"""

import base64
import re
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from preview.errors import Rejected

PublicKey = RSAPublicKey | EllipticCurvePublicKey
DEFAULT_HASH = "SHA1"
HASHES: Mapping[str, hashes.HashAlgorithm] = {
    "SHA1": hashes.SHA1(),  # noqa: S303 - CloudFront's default
    "SHA256": hashes.SHA256(),
}
BASE64 = re.compile(r"[A-Za-z0-9~-]+_{0,2}")
STANDARD = str.maketrans("-_~", "+=/")


def public_key(pem: str) -> PublicKey:
    """The public key in a PEM text: RSA 2048 or ECDSA P-256; raises Rejected for any other."""
    try:
        key = load_pem_public_key(pem.encode())
    except ValueError as error:
        raise Rejected("a CloudFront public key must be in PEM format") from error
    if isinstance(key, RSAPublicKey) and key.key_size == 2048:
        return key
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1):
        return key
    raise Rejected("a CloudFront public key must be RSA 2048 or ECDSA P-256")


def decoded(text: str) -> bytes:
    """Decodes MIME base64 with - _ ~ for + = /; ValueError unless padded and canonical."""
    if not BASE64.fullmatch(text):
        raise ValueError(text)
    standard = text.translate(STANDARD)
    content = base64.b64decode(standard)
    if base64.b64encode(content).decode() != standard:
        raise ValueError(text)
    return content


def is_signed(content: bytes, *, signature: str, algorithm: str, key: PublicKey) -> bool:
    """Whether the signature of these bytes is valid: RSA PKCS #1 v1.5 or ECDSA (DER)."""
    if algorithm not in HASHES:
        return False
    try:
        if isinstance(key, RSAPublicKey):
            key.verify(decoded(signature), content, PKCS1v15(), HASHES[algorithm])
        else:
            key.verify(decoded(signature), content, ECDSA(HASHES[algorithm]))
    except (InvalidSignature, ValueError):
        return False
    return True
