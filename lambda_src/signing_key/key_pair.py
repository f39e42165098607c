"""Signing key pair: the private key signs the viewer's cookies, the public key verifies them."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from shared.errors import Failure
from shared.key_ring import SigningKey
from shared.private_key import InvalidPrivateKey, load


class NoPair(Failure):
    """The private key and the public key are not a pair."""

    def __init__(self, key: SigningKey) -> None:
        super().__init__(
            f"The private key and public key of {key.key_pair_id} are not a pair: rotate again."
        )


# The usual exponent (FIPS 186-5, appendix A.1.1).
_MAKERS: Mapping[str, Callable[[], rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey]] = (
    MappingProxyType(
        {
            "rsa-2048": lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
            "ecdsa-p256": lambda: ec.generate_private_key(ec.SECP256R1()),
        }
    )
)


def key_pair(algorithm: str, *, signs_from: int) -> SigningKey:
    """A new key pair for `algorithm` (`shared.key_ring.ALGORITHMS`).

    It signs from `signs_from` (epoch seconds) on. CloudFront does not have the public key yet.
    """
    private_key = _MAKERS[algorithm]()
    return SigningKey(
        algorithm=algorithm,
        private_key=private_key.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        ).decode(),
        public_key=_pem(private_key.public_key()),
        key_pair_id=None,
        signs_from=signs_from,
        signs_until=None,
    )


def check_pair(key: SigningKey) -> None:
    """Check that the public key verifies what the private key signs.

    Raises:
        NoPair: It does not.
    """
    try:
        public_half = load(key.private_key).public_key()
    except InvalidPrivateKey:
        raise NoPair(key) from None
    if _pem(public_half) != key.public_key:
        raise NoPair(key)


def _pem(public_key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey) -> str:
    return public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
