"""The pair itself: a private key that signs the viewer's cookies, a public one that checks them."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from shared.key_ring import SigningKey

# The exponent is the one that everybody takes (FIPS 186-5, appendix A.1.1).
_MAKERS: Mapping[str, Callable[[], rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey]] = (
    MappingProxyType(
        {
            "rsa-2048": lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
            "ecdsa-p256": lambda: ec.generate_private_key(ec.SECP256R1()),
        }
    )
)


def key_pair(algorithm: str, *, now: int) -> SigningKey:
    """A new pair of the kind `algorithm` (`shared.key_ring.ALGORITHMS`) that signs from `now` on.

    `now` is in epoch seconds. CloudFront does not know the public key yet.
    """
    private_key = _MAKERS[algorithm]()
    return SigningKey(
        algorithm=algorithm,
        private_key=private_key.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        ).decode(),
        public_key=private_key.public_key()
        .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        .decode(),
        key_pair_id=None,
        signs_from=now,
        signs_until=None,
    )
