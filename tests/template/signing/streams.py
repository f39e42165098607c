"""Templates of the signing modes, and keys for tests."""

from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from protected_stream import Stream, assemble
from protected_stream.template.emit import document
from tests.conftest import Document


@cache
def public_pem(kind: str, name: str = "") -> str:
    """The public key of a key pair created here and then discarded: another for each name."""
    assert kind in ("rsa-2048", "ecdsa-p256"), name
    key = (
        rsa.generate_private_key(65537, 2048)
        if kind == "rsa-2048"
        else ec.generate_private_key(ec.SECP256R1())
    ).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def signed_by(**signing: object) -> Document:
    """The template of the default stream with this `[signing]` table."""
    return document(assemble(Stream.model_validate({"signing": signing})))
