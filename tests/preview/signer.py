"""Signs cookies and URLs for edge tests, with the keys of the test vectors."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

VECTORS = Path(__file__).parents[1] / "vectors"
RSA, ECDSA_P256 = "K1TESTONLYRSA2048", "K2TESTONLYP256"
HOST = "d111111abcdef8.cloudfront.net"
NOW = 1_790_000_000
URL = f"https://{HOST}/out/v1/live/index.m3u8"
HASHES = {"SHA1": hashes.SHA1(), "SHA256": hashes.SHA256()}  # noqa: S303 - CloudFront's default


def _private(name: str) -> RSAPrivateKey | EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key((VECTORS / name).read_bytes(), password=None)
    assert isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey)
    return key


PRIVATE = {
    RSA: _private("test-only-rsa-2048.pem"),
    ECDSA_P256: _private("test-only-ecdsa-p256.pem"),
}
PEMS = {
    name: key.public_key()
    .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    .decode()
    for name, key in PRIVATE.items()
}


def encoded(content: bytes) -> str:
    """MIME base64 in CloudFront's alphabet."""
    return base64.b64encode(content).decode().translate(str.maketrans("+=/", "-_~"))


def signature(content: bytes, *, key: str = RSA, algorithm: str = "SHA256") -> str:
    """The encoded signature of these bytes."""
    private, hashed = PRIVATE[key], HASHES[algorithm]
    if isinstance(private, RSAPrivateKey):
        return encoded(private.sign(content, PKCS1v15(), hashed))
    return encoded(private.sign(content, ECDSA(hashed)))


def policy(resource: str | None = f"https://{HOST}/out/v1/*", **condition: Any) -> bytes:
    """A custom policy until one hour from NOW; conditions are added or replaced."""
    statement: dict[str, Any] = {} if resource is None else {"Resource": resource}
    statement["Condition"] = {"DateLessThan": {"AWS:EpochTime": NOW + 3600}, **condition}
    return json.dumps({"Statement": [statement]}, separators=(",", ":")).encode()


def signed(
    content: bytes, *, key: str = RSA, algorithm: str = "SHA256", prefix: str = "CloudFront-"
) -> dict[str, str]:
    """The cookies for a custom policy or, with an empty prefix, the parameters of a URL."""
    return {
        f"{prefix}Policy": encoded(content),
        f"{prefix}Signature": signature(content, key=key, algorithm=algorithm),
        f"{prefix}Key-Pair-Id": key,
        f"{prefix}Hash-Algorithm": algorithm,
    }


def canned(
    url: str, expires: int | str, *, key: str = RSA, algorithm: str = "SHA256"
) -> Mapping[str, str]:
    """The values for a canned policy, by URL parameter name."""
    content = policy(url).replace(str(NOW + 3600).encode(), str(expires).encode())
    return {
        "Expires": str(expires),
        "Signature": signature(content, key=key, algorithm=algorithm),
        "Key-Pair-Id": key,
        "Hash-Algorithm": algorithm,
    }
