"""Key pairs and key rings for tests."""

import functools

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from shared.key_ring import KeyRing, SigningKey
from shared.private_key import PrivateKey


@functools.cache
def rsa_2048(name: str = "first") -> rsa.RSAPrivateKey:
    """A key, created once per name."""
    assert name
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@functools.cache
def p256(name: str = "first") -> ec.EllipticCurvePrivateKey:
    """A key, created once per name."""
    assert name
    return ec.generate_private_key(ec.SECP256R1())


def pkcs8_pem(key: PrivateKey) -> str:
    """The private key in the key ring's format."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def spki_pem(key: PrivateKey) -> str:
    """The public key in the key ring's format."""
    public_key = key.public_key()
    return public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def signing_key(
    key: PrivateKey | None = None,
    *,
    key_pair_id: str | None = "K2JCJMDEHXQW5F",
    signs_from: int = 0,
    signs_until: int | None = None,
) -> SigningKey:
    """A key of the ring; by default, RSA 2048 that signs from the beginning."""
    pair = key or rsa_2048()
    return SigningKey(
        algorithm="rsa-2048" if isinstance(pair, rsa.RSAPrivateKey) else "ecdsa-p256",
        private_key=pkcs8_pem(pair),
        public_key=spki_pem(pair),
        key_pair_id=key_pair_id,
        signs_from=signs_from,
        signs_until=signs_until,
    )


def key_ring(*keys: SigningKey) -> KeyRing:
    """A ring of these keys; by default, of one key that signs."""
    return KeyRing(keys=keys or (signing_key(),), key_group_id="a-key-group")


def secret_pieces(key: PrivateKey) -> set[str]:
    """What a leak of the private key shows: 16 characters of base64, decimals or hex digits."""
    body = "".join(pkcs8_pem(key).splitlines()[1:-1])
    numbers = key.private_numbers()
    if isinstance(numbers, rsa.RSAPrivateNumbers):
        secret, number = body[400:-8], numbers.d  # the public modulus comes before it
    else:
        secret, number = body[48:88], numbers.private_value  # the public point comes after it
    return {
        text[at : at + 16] for text in (secret, str(number), f"{number:x}") for at in _starts(text)
    }


def _starts(text: str) -> range:
    return range(0, len(text) - 15, 8)
