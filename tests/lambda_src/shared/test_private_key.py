"""Private key loading: accepted formats, and errors for everything else."""

import base64
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa, x25519
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from shared.private_key import InvalidPrivateKey, PrivateKey, load
from tests.lambda_src.shared.key_pairs import p256, rsa_2048, secret_pieces, spki_pem

VECTORS = Path(__file__).parents[2] / "vectors"

RSA, EC = rsa_2048(), p256()

FORMATS: dict[str, tuple[PrivateKey, PrivateFormat]] = {
    "RSA PKCS#1": (RSA, PrivateFormat.TraditionalOpenSSL),
    "RSA PKCS#8": (RSA, PrivateFormat.PKCS8),
    "RSA OpenSSH": (RSA, PrivateFormat.OpenSSH),
    "EC SEC1": (EC, PrivateFormat.TraditionalOpenSSL),
    "EC PKCS#8": (EC, PrivateFormat.PKCS8),
    "EC OpenSSH": (EC, PrivateFormat.OpenSSH),
}


def body(pem: str) -> list[str]:
    """The lines between the first and the last."""
    return pem.strip().splitlines()[1:-1]


SHAPES: dict[str, Callable[[str], str | bytes]] = {
    "as it is": str,
    "CRLF": lambda pem: pem.replace("\n", "\r\n"),
    "CR": lambda pem: pem.replace("\n", "\r"),
    "blank lines between": lambda pem: pem.replace("\n", "\n\n"),
    "indented": lambda pem: "\n".join("    " + line for line in pem.splitlines()),
    "tabs": lambda pem: pem.replace("\n", "\t\n"),
    "spaces for newlines": lambda pem: pem.replace("\n", " "),
    "one line": lambda pem: pem.replace("\n", ""),
    "newlines for spaces": lambda pem: pem.replace(" ", "\n"),
    r"literal \n": lambda pem: pem.replace("\n", "\\n"),
    r"literal \r\n": lambda pem: pem.replace("\n", "\\r\\n"),
    r"literal \\n": lambda pem: pem.replace("\n", "\\\\n"),
    "shell continuation": lambda pem: pem.replace("\n", "\\\n"),
    "no first line": lambda pem: "\n".join(pem.splitlines()[1:]),
    "no last line": lambda pem: "\n".join(pem.splitlines()[:-1]),
    "neither first nor last line": lambda pem: "\n".join(body(pem)),
    "neither, and one line": lambda pem: "".join(body(pem)),
    "no padding": lambda pem: "".join(body(pem)).rstrip("="),
    "double quotes": lambda pem: f'"{pem}"',
    "single quotes": lambda pem: f"'{pem}'",
    "a JSON string": lambda pem: f'  "{pem}" \n'.replace("\n", "\\n"),
    "white space around": lambda pem: f"\n\n  {pem}  \n\t",
    "byte order mark": lambda pem: "\ufeff" + pem,
    "no-break spaces": lambda pem: pem.replace("\n", "\u00a0\n"),
    "text before and after": lambda pem: f"Bag Attributes\n    localKeyID: 01\n{pem}that is all\n",
    "bytes": str.encode,
    "bytes with CRLF and byte order mark": lambda pem: (
        b"\xef\xbb\xbf" + pem.replace("\n", "\r\n").encode()
    ),
    "bytes without first and last line": lambda pem: "\n".join(body(pem)).encode(),
    "base64 of the PEM": lambda pem: base64.b64encode(pem.encode()).decode(),
    "as the bytes within": lambda pem: base64.b64decode("".join(body(pem))),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("form", FORMATS)
def test_a_key_is_read_in_every_form_and_every_shape(form: str, shape: str) -> None:
    key, private_format = FORMATS[form]
    pem = key.private_bytes(Encoding.PEM, private_format, NoEncryption()).decode()
    assert load(SHAPES[shape](pem)).private_numbers() == key.private_numbers()


OPENSSL = {
    "genrsa": ["openssl", "genrsa", "2048"],
    "genrsa -traditional": ["openssl", "genrsa", "-traditional", "2048"],
    "genpkey RSA": ["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
    "genpkey EC": [
        *("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
    ],
    "ecparam with parameters": [*("openssl", "ecparam", "-name", "prime256v1", "-genkey")],
    "ecparam without parameters": [
        "openssl",
        "ecparam",
        "-name",
        "prime256v1",
        "-genkey",
        "-noout",
    ],
    "DER": [*("openssl", "genpkey", "-algorithm", "RSA", "-outform", "DER")],
}


@pytest.mark.parametrize("command", OPENSSL.values(), ids=OPENSSL.keys())
def test_a_key_from_openssl_is_read_with_the_public_key_that_openssl_prints(
    command: list[str], tmp_path: Path
) -> None:
    made = subprocess.run(command, check=True, capture_output=True).stdout
    (tmp_path / "key").write_bytes(made)
    public = subprocess.run(
        ["openssl", "pkey", "-in", tmp_path / "key", "-pubout"], check=True, capture_output=True
    ).stdout.decode()
    assert spki_pem(load(made)) == public


def test_the_keys_of_the_vectors_are_read_despite_the_note_above_them() -> None:
    keys = [load((VECTORS / name).read_text()) for name in sorted(VECTORS.glob("*.pem"))]
    assert [type(key) for key in keys] == [type(EC), type(RSA)]


def pem_of(key: PrivateKeyTypes) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize(
    ("key", "found"),
    [
        (lambda: rsa.generate_private_key(65537, 1024), "a 1024-bit RSA key"),  # noqa: S505 - rejected
        (lambda: rsa.generate_private_key(65537, 3072), "a 3072-bit RSA key"),
        (lambda: rsa.generate_private_key(65537, 4096), "a 4096-bit RSA key"),
        (lambda: ec.generate_private_key(ec.SECP384R1()), "an EC key on the curve secp384r1"),
        (lambda: ec.generate_private_key(ec.SECP256K1()), "an EC key on the curve secp256k1"),
        (ed25519.Ed25519PrivateKey.generate, "a key of type Ed25519"),
        (x25519.X25519PrivateKey.generate, "a key of type X25519"),
        (lambda: dsa.generate_private_key(2048), "a key of type DSA"),
    ],
)
def test_a_key_that_cloudfront_does_not_accept_is_rejected_with_its_type(
    key: Callable[[], PrivateKeyTypes], found: str
) -> None:
    with pytest.raises(InvalidPrivateKey) as caught:
        load(pem_of(key()))
    assert str(caught.value) == (
        f"The private key is {found}; CloudFront accepts RSA 2048 or ECDSA P-256."
    )


def encrypted(key: PrivateKey, private_format: PrivateFormat) -> bytes:
    secret = BestAvailableEncryption(b"passphrase")
    return key.private_bytes(Encoding.PEM, private_format, secret)


PKCS8_BODY = body(pem_of(RSA).decode())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        (b"", "empty"),
        ("-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n", "damaged"),
        ("correct horse battery staple!", "not base64"),
        ("hunter2", "damaged|not base64"),
        (b"\xff\xfe-\x00-\x00", "neither text nor DER"),
        ("\n".join(PKCS8_BODY[:-1]), "damaged, truncated"),
        ("\n".join(PKCS8_BODY[1:]), "damaged, truncated"),
        ("".join(PKCS8_BODY).swapcase(), "damaged"),
        (base64.b64decode("".join(PKCS8_BODY))[:-1], "damaged, truncated"),
        (base64.b64encode(b"-----BEGIN nothing").decode(), "not base64"),
        (spki_pem(RSA), "a public key"),
        (spki_pem(EC), "a public key"),
        ("-----BEGIN RSA PUBLIC KEY-----\nMIIB\n-----END RSA PUBLIC KEY-----", "a public key"),
        ("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "a certificate"),
        (encrypted(RSA, PrivateFormat.PKCS8), "protected by a passphrase"),
        (encrypted(RSA, PrivateFormat.TraditionalOpenSSL), "protected by a passphrase"),
        (encrypted(EC, PrivateFormat.TraditionalOpenSSL), "protected by a passphrase"),
        (body(encrypted(RSA, PrivateFormat.PKCS8).decode()), "protected by a passphrase"),
    ],
)
def test_an_unusable_key_is_reported_without_its_content(
    text: str | bytes | list[str], found: str
) -> None:
    pasted = "".join(text) if isinstance(text, list) else text
    with pytest.raises(InvalidPrivateKey, match=found) as caught:
        load(pasted)
    shown = str(caught.value) + repr(caught.value)
    assert not [piece for piece in secret_pieces(RSA) if piece in shown]
    assert not isinstance(caught.value.__context__, UnicodeDecodeError)  # it holds the bytes
    assert "horse" not in shown
    assert "hunter2" not in shown


def test_a_key_with_one_changed_number_is_rejected() -> None:
    """Signing with a wrong prime would reveal the whole key."""
    der = bytearray(base64.b64decode("".join(PKCS8_BODY)))
    der[-200] ^= 1
    with pytest.raises(InvalidPrivateKey, match="damaged"):
        load(bytes(der))
