"""`keys new`: a key pair for `signing.mode = "supplied"`, in two files."""

import os
from pathlib import Path
from typing import Literal

from protected_stream.errors import BuildError
from protected_stream.sections.signing.public_key import fingerprint

ALGORITHMS = ("rsa-2048", "ecdsa-p256")
Algorithm = Literal["rsa-2048", "ecdsa-p256"]
PUBLIC_EXPONENT = 65_537
PUBLIC = ".pub"
FOR_THE_OWNER_ALONE = 0o600
FOR_ALL_TO_READ = 0o644


def write_key_pair(name: str, algorithm: Algorithm, folder: Path) -> tuple[Path, Path, str]:
    """Makes a key pair and writes NAME.pem, for its owner alone, and NAME.pub.pem.

    Nothing of the private half is given back or shown; a file that is there is never overwritten.

    Returns:
        The files of the private and of the public half, and the fingerprint.

    Raises:
        BuildError: there is no name, one of the files is there already, or the folder cannot be
            written.
    """
    last = name.rpartition("/")[2]
    if not last.strip(".") or last.endswith(PUBLIC):
        raise BuildError(f'a key pair needs a name that does not end in "/", "." or "{PUBLIC}"')
    private, public = _pair(algorithm)
    paths = folder / f"{name}.pem", folder / f"{name}{PUBLIC}.pem"
    for path in paths:
        if path.exists():
            raise BuildError(f"{path} is there already: give another name, or move it away")
    _write(paths[0], private, FOR_THE_OWNER_ALONE)
    _write(paths[1], public, FOR_ALL_TO_READ)
    return (*paths, fingerprint(public.decode()))


def _pair(algorithm: Algorithm) -> tuple[bytes, bytes]:
    """PKCS#8 and SubjectPublicKeyInfo, both in PEM."""
    from cryptography.hazmat.primitives.asymmetric import ec, rsa  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
        Encoding,
        NoEncryption,
        PrivateFormat,
        PublicFormat,
    )

    key = (
        rsa.generate_private_key(PUBLIC_EXPONENT, 2048)
        if algorithm == "rsa-2048"
        else ec.generate_private_key(ec.SECP256R1())
    )
    return (
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    )


def _write(path: Path, content: bytes, mode: int) -> None:
    """Writes a file that was not there, with that mode from its first moment."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except OSError as error:
        raise BuildError(f"{path}: cannot be written: {error.strerror}") from None
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(descriptor, mode)  # whatever the umask leaves of it
        file.write(content)
