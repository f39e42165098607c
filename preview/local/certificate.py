"""A certificate for any host, made for one preview and thrown away with it."""

import base64
import hashlib
import ssl
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from werkzeug.serving import generate_adhoc_ssl_pair


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """What a server shows, and how a browser knows it."""

    context: ssl.SSLContext
    pin: str
    """The SHA-256 digest of the public key's SubjectPublicKeyInfo in base64 (RFC 7469, 2.4)."""


def new_certificate() -> Certificate:
    """A new one; no file of it stays."""
    shown, key = generate_adhoc_ssl_pair()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        both = Path(folder, "both.pem")
        both.write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
            + shown.public_bytes(Encoding.PEM)
        )
        context.load_cert_chain(both)
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    pin = base64.b64encode(hashlib.sha256(public).digest()).decode()
    return Certificate(context=context, pin=pin)
