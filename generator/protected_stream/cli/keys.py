"""`protected-stream keys new`: a key pair for signing.mode = "supplied"."""

import argparse
import shlex
from pathlib import Path

from protected_stream.cli.exit_status import CLEAN, refuse
from protected_stream.errors import BuildError
from protected_stream.sections.signing.key_pair import ALGORITHMS, write_key_pair


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what the command takes."""
    parser.add_argument("new", choices=["new"], help="make a key pair")
    parser.add_argument("name", help="NAME.pem and NAME.pub.pem are written")
    parser.add_argument("--algorithm", choices=ALGORITHMS, default=ALGORITHMS[0])


def run(asked: argparse.Namespace) -> int:
    """Makes a key pair, and says where its halves are and what to do with them."""
    try:
        private, public, mark = write_key_pair(asked.name, asked.algorithm, Path())
    except BuildError as error:
        return refuse(str(error))
    print(f"{private}  the private half, readable for you alone: PrivateKeyString, in one line:")
    print(f"  tr '\\n' ' ' < {shlex.quote(str(private))}")
    print(f"{public}  the public half, fingerprint {mark}: name it in signing.public_keys")
    return CLEAN
