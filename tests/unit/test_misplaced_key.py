"""A private key in the wrong place of a stream file is never shown in messages."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from protected_stream.config import Stream, load
from protected_stream.errors import StreamError
from protected_stream.template.options import tables

pytestmark = pytest.mark.slow

KEYS: dict[str, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey] = {
    "rsa": rsa.generate_private_key(65537, 2048),
    "ecdsa": ec.generate_private_key(ec.SECP256R1()),
}
FORMATS = {"pkcs8": PrivateFormat.PKCS8, "traditional": PrivateFormat.TraditionalOpenSSL}
PIECE = 16  # characters of base64: knowing them makes guessing the rest no easier


def forms(pem: str) -> Iterator[str]:
    """The forms in which someone may write it in TOML."""
    _, *body, _ = pem.splitlines()
    for text in (pem, pem.replace("\n", " "), "".join(body), "\n".join(body), body[0]):
        yield json.dumps(text)
        yield json.dumps([text])
        yield json.dumps([[text]])


def places() -> Iterator[str]:
    """Every key of every table, with a line before it where a mode is needed."""
    for name, item in Stream.model_fields.items():
        yield f"{name} = %s"
        for mode, model in tables(item.annotation).items():
            head = f"[{name}]\n" + (f'mode = "{mode}"\n' if mode else "")
            keys = [key for key in model.model_fields if key != "mode"]
            for key in (*keys, "mistaken"):
                yield f"{head}{key} = %s"
        yield f"[{name}]\nmode = %s"
    yield "[tags]\nteam = %s"


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize("shape", FORMATS)
def test_no_message_contains_a_piece_of_it(tmp_path: Path, kind: str, shape: str) -> None:
    key = KEYS[kind].private_bytes(Encoding.PEM, FORMATS[shape], NoEncryption()).decode()
    body = "".join(key.splitlines()[1:-1])
    # the first ones only identify the type of the key
    pieces = {body[start : start + PIECE] for start in range(PIECE, len(body) - PIECE)}
    path = tmp_path / "stream.toml"
    told = 0
    for form in forms(key):
        for place in places():
            path.write_text(place % form)
            try:
                load(path)
            except StreamError as error:
                told += 1
                said = "".join(error.lines)
                shown = {said[start : start + PIECE] for start in range(len(said))}
                assert not pieces & shown, place
    assert told > 1000
