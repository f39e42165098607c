"""TLS certificates of the preview's servers, created for one run and valid for no real host."""

import base64
import hashlib
import ssl
from dataclasses import dataclass
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """A server's certificate, and the pin by which a browser trusts it."""

    context: ssl.SSLContext
    pin: str
    """The SHA-256 digest of the public key's SubjectPublicKeyInfo in base64 (RFC 7469, 2.4)."""


def new_certificate() -> Certificate:
    """A new certificate, which leaves no files; browsers accept it for any host, by its pin."""
    issued = trustme.CA().issue_cert("localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issued.configure_cert(context)
    shown = x509.load_pem_x509_certificate(issued.cert_chain_pems[0].bytes())
    public = shown.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    pin = base64.b64encode(hashlib.sha256(public).digest()).decode()
    return Certificate(context=context, pin=pin)


def certificate_of_this_machine(authority: Path) -> ssl.SSLContext:
    """A new certificate for 127.0.0.1; writes the file of the authority that issued it.

    Programs trust it if `SSL_CERT_FILE` names that file.
    """
    issuer = trustme.CA()
    issuer.cert_pem.write_to_path(str(authority))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issuer.issue_cert("127.0.0.1").configure_cert(context)
    return context
