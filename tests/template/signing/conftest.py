"""Keys that CloudFront does not accept."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)


@pytest.fixture(scope="session")
def small_and_wrong_keys() -> dict[str, str]:
    """PEM strings by file name: a private key, a short key, a key on another curve."""
    short = rsa.generate_private_key(65537, 1024)  # noqa: S505 - to be rejected
    curve = ec.generate_private_key(ec.SECP384R1())
    private = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    return {
        "key.pem": private.decode(),
        "rsa1024.pem": pem(short.public_key()),
        "p384.pem": pem(curve.public_key()),
    }


def pem(key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey) -> str:
    """A public key's SubjectPublicKeyInfo (RFC 7468, section 13)."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
