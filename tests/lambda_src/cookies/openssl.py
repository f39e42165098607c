"""Cookies decoded and verified with the openssl command line instead of our own code."""

import subprocess
from pathlib import Path

DIGESTS = {"SHA256": "-sha256", "SHA1": "-sha1"}


def decoded(cookie: str) -> bytes:
    """Decode a cookie value: the AWS example in reverse.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-linux-openssl.html
    """
    base64_text = subprocess.run(
        ["tr", "--", "-_~", "+=/"], input=cookie.encode(), check=True, capture_output=True
    ).stdout
    command = ["openssl", "base64", "-d", "-A"]
    return subprocess.run(command, input=base64_text, check=True, capture_output=True).stdout


def verifies(
    message: bytes, signature: bytes, *, public_key: str, hash_algorithm: str, folder: Path
) -> bool:
    """Whether openssl accepts the signature."""
    (folder / "public.pem").write_text(public_key)
    (folder / "signature").write_bytes(signature)
    command = ["openssl", "dgst", DIGESTS[hash_algorithm], "-verify", "public.pem"]
    ended = subprocess.run(
        [*command, "-signature", "signature"],
        input=message,
        capture_output=True,
        cwd=folder,
        check=False,
    )
    return ended.stdout.strip() == b"Verified OK"
