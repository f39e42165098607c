"""`protected-stream keys new`: a key pair for signing.mode = "supplied"."""

import argparse
import shlex
from pathlib import Path

from protected_stream.cli.exit_status import CLEAN, refuse
from protected_stream.errors import BuildError
from protected_stream.sections.signing.key_pair import ALGORITHMS, write_key_pair


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    parser.add_argument("new", choices=["new"], help="create a key pair")
    parser.add_argument("name", help="NAME.pem and NAME.pub.pem are written")
    parser.add_argument("--algorithm", choices=ALGORITHMS, default=ALGORITHMS[0])


def run(asked: argparse.Namespace) -> int:
    """Creates a key pair, and prints where its files are and how to use them."""
    try:
        private, public, mark = write_key_pair(asked.name, asked.algorithm, Path())
    except BuildError as error:
        return refuse(str(error))
    print(f"{private}  the private key, readable only by you. For PrivateKeyString, on one line:")
    print(f"  tr '\\n' ' ' < {shlex.quote(str(private))}")
    print(f"{public}  the public key, fingerprint {mark}: add it to signing.public_keys")
    return CLEAN
