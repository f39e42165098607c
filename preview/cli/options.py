"""What the operator asks the preview for."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from preview.stack_id import StackId


@dataclass(frozen=True, kw_only=True)
class Options:
    """The command line."""

    template: Path
    parameters: Mapping[str, str]
    stack: StackId
    source: Path | None
    """The file that the encoder sends, again and again; None for a test picture."""
    browser: bool
    """Whether a browser is opened."""
    encoder: bool
    """Whether there are pictures, or a line of text for each of them."""
    requests: bool
    """Whether each request gets a line."""


def options(arguments: Sequence[str] | None = None) -> Options:
    """The options of a command line; without one, of this process.

    Raises:
        SystemExit: they are wrong, or help was asked for; it is said why.
    """
    asked = _parser().parse_intermixed_args(arguments)
    return Options(
        template=asked.template,
        parameters=dict(asked.parameters),
        stack=StackId(name=asked.stack_name, region=asked.region),
        source=asked.source,
        browser=asked.browser,
        encoder=asked.encoder,
        requests=asked.requests,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m preview",
        description="Creates an emitted template on this machine and lets viewers watch its stream."
        " The functions' zip files are taken from the folder lambda beside the template, the page"
        " from the folder site. What the template asks for and is not given is made up.",
    )
    parser.add_argument("template", type=Path, help="build/template.json")
    parser.add_argument(
        "parameters",
        nargs="*",
        type=_pair,
        metavar="Name=Value",
        help="a parameter of the template; Name=@path/to/file takes the value from a file, so that"
        " no key lands in the shell's history: PrivateKeyString=@key.pem",
    )
    parser.add_argument("--region", default="us-east-1", help="default: us-east-1")
    parser.add_argument("--stack-name", default="live", help="default: live")
    parser.add_argument("--source", type=_file, help="a video to send instead of a test picture")
    parser.add_argument(
        "--no-browser", dest="browser", action="store_false", help="open no browser"
    )
    parser.add_argument(
        "--no-encoder",
        dest="encoder",
        action="store_false",
        help="send no pictures: manifests and segments are a line of text",
    )
    parser.add_argument("--requests", action="store_true", help="print a line for every request")
    return parser


def _pair(text: str) -> tuple[str, str]:
    """Name and value; what is wrong is said without the text, which may be a part of a secret."""
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError("every parameter is written Name=Value")
    return name, _from_file(name, value[1:]) if value.startswith("@") else value


def _from_file(name: str, path: str) -> str:
    """The file's text without the line break at its end, which is the file's, not the value's."""
    try:
        return Path(path).read_text("utf-8").rstrip("\n")
    except OSError as error:
        reason = error.strerror
    except ValueError:
        reason = "it is no text"
    raise argparse.ArgumentTypeError(f"the file for {name} cannot be read: {reason}")


def _file(text: str) -> Path:
    if not Path(text).is_file():
        raise argparse.ArgumentTypeError(f"{text} is no file")
    return Path(text)
