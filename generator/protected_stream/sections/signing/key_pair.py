"""Key pair files for `signing.mode = "supplied"`, created by `keys new`."""

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
    """Creates a key pair and writes NAME.pem, readable only by its owner, and NAME.pub.pem.

    The private key is neither returned nor shown; an existing file is never overwritten.

    Returns:
        The files of the private and the public key, and the fingerprint.

    Raises:
        BuildError: the name is invalid, one of the files exists, or the folder cannot be written.
    """
    last = name.rpartition("/")[2]
    if not last.strip(".") or last.endswith(PUBLIC):
        raise BuildError(f'a key pair needs a name that does not end in "/", "." or "{PUBLIC}"')
    private, public = _pair(algorithm)
    paths = folder / f"{name}.pem", folder / f"{name}{PUBLIC}.pem"
    for path in paths:
        if os.path.lexists(path):
            raise BuildError(f"{path} already exists: choose another name, or move the file")
    _write(paths[0], private, FOR_THE_OWNER_ALONE)
    try:
        _write(paths[1], public, FOR_ALL_TO_READ)
    except BuildError:
        paths[0].unlink()
        raise
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
    """Creates a file that must not exist, with that mode from the start; all of it or nothing."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        try:
            with os.fdopen(descriptor, "wb") as file:
                os.fchmod(descriptor, mode)  # regardless of the umask
                file.write(content)
        except OSError:
            path.unlink()
            raise
    except OSError as error:
        raise BuildError(f"{path}: cannot be written: {error.strerror}") from None
