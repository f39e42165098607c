"""Policy signature for the cookies, created with one key of the key ring.

RSA signs with PKCS#1 v1.5 (RFC 8017 section 8.2) and SHA-256 or SHA-1; ECDSA P-256 signs with
SHA-256 and is encoded in DER (RFC 3279 section 2.2.3).
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-trusted-signers.html
"""

from dataclasses import dataclass, field

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from shared.key_ring import SigningKey
from shared.private_key import InvalidPrivateKey, PrivateKey, load

_HASHES: dict[str, type[SHA1 | SHA256]] = {"SHA1": SHA1, "SHA256": SHA256}
_KEY_TYPES = {"rsa-2048": rsa.RSAPrivateKey, "ecdsa-p256": ec.EllipticCurvePrivateKey}


class UnusableKey(ValueError):
    """This key cannot sign cookies that CloudFront accepts; says why, never shows the key."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Signer:
    """A loaded key and the hash it signs with; equal only to itself, so it can be a cache key."""

    key_pair_id: str
    hash_algorithm: str
    private_key: PrivateKey = field(repr=False)

    def signature(self, message: bytes) -> bytes:
        """The signature of `message`."""
        hash_algorithm = _HASHES[self.hash_algorithm]()
        if isinstance(self.private_key, rsa.RSAPrivateKey):
            return self.private_key.sign(message, padding.PKCS1v15(), hash_algorithm)
        return self.private_key.sign(message, ec.ECDSA(hash_algorithm))


def signer(key: SigningKey, *, hash_algorithm: str) -> Signer:
    """The signer that uses `key` with `SHA256` or `SHA1`.

    An ECDSA key always signs with SHA-256: during a change from ECDSA to RSA with SHA-1, first one
    key signs and then the other.

    Raises:
        UnusableKey: CloudFront does not have the key or would reject its signatures.
    """
    if not key.key_pair_id:
        raise UnusableKey(
            f"The key {key.fingerprint} has no key_pair_id: CloudFront does not have it."
        )
    return Signer(
        key_pair_id=key.key_pair_id,
        hash_algorithm="SHA256" if key.algorithm == "ecdsa-p256" else hash_algorithm,
        private_key=_private_half(key),
    )


def _private_half(key: SigningKey) -> PrivateKey:
    try:
        private_half = load(key.private_key)
    except InvalidPrivateKey as error:
        raise UnusableKey(f"The key {key.key_pair_id} cannot sign: {error}") from error
    if not isinstance(private_half, _KEY_TYPES[key.algorithm]):
        raise UnusableKey(f"The private key of {key.key_pair_id} is not an {key.algorithm} key.")
    # keys of two pairs would create cookies that CloudFront rejects without a clear reason
    if private_half.public_key() != _public_half(key):
        raise UnusableKey(f"The private key and public key of {key.key_pair_id} are not a pair.")
    return private_half


def _public_half(key: SigningKey) -> PublicKeyTypes:
    try:
        return load_pem_public_key(key.public_key.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise UnusableKey(f"The public key of {key.key_pair_id} cannot be read.") from None
