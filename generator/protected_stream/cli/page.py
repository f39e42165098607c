"""`protected-stream page`: writes the page and its libraries for upload to the page bucket."""

import argparse
from pathlib import Path

from protected_stream.cli.exit_status import CLEAN, cannot_be_written, refuse, say
from protected_stream.cli.template import DEFAULT_FILE
from protected_stream.config import load
from protected_stream.errors import BuildError, StreamError
from protected_stream.package_files import IS_CHECKOUT
from protected_stream.page.bundle import write
from protected_stream.reading.commands import out_option, program, upload_page


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    parser.add_argument("stream", nargs="?", type=Path, default=DEFAULT_FILE)
    parser.add_argument("--out", type=Path, default=Path("build"), help="folder to write to")


def run(asked: argparse.Namespace) -> int:
    """Writes the stream's page to the folder site, and prints how to upload it."""
    out: Path = asked.out
    try:
        count = write(out / "site", say, load(asked.stream).page.brand)
    except StreamError as error:
        return refuse(*error.lines)
    except BuildError as error:
        return refuse(str(error))
    except OSError as error:
        return cannot_be_written(error)
    deploy = f"{program(in_checkout=IS_CHECKOUT)} deploy{out_option(out)}"
    print(
        f"{out}/site: {count} files, and {out}/404.html. To deploy them with the template:\n"
        f"  {deploy}\n"
        "Or with the AWS CLI, to the bucket in the output PageBucketName:"
    )
    for line in upload_page(out):
        print(f"  {line}")
    return CLEAN
