"""`python -m release FOLDER`: writes the files of a release into the folder."""

import argparse
import sys
from pathlib import Path

from protected_stream.cli.exit_status import CLEAN, cannot_be_written, refuse, say
from protected_stream.errors import BuildError, StreamError
from release.assets import write
from release.checkout import commit_time

CHECKOUT = Path(__file__).parents[1]


def main(arguments: list[str] | None = None) -> int:
    """Returns 0 if the files are written, 2 if nothing is."""
    parser = argparse.ArgumentParser(prog="release", description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args(arguments).folder
    try:
        write(CHECKOUT, folder, commit_time(CHECKOUT), say)
    except StreamError as error:
        return refuse(*error.lines)
    except BuildError as error:
        return refuse(str(error))
    except OSError as error:
        return cannot_be_written(error)
    print(f"{folder}: checked with: cd {folder} && sha256sum --check SHA256SUMS")
    return CLEAN


if __name__ == "__main__":
    sys.exit(main())
