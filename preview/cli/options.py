"""Command-line options of the preview."""

import argparse
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from preview.stack_id import StackId

LAST_PORT = 65_533
"""The second pipeline's is two higher."""
TEMPLATE = Path("build/template.json")
"""What `make template` writes."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """The command line."""

    template: Path
    parameters: Mapping[str, str]
    stack: StackId
    source: Path | None
    """The video that the encoder sends in a loop; None for a test pattern."""
    push_port: int | None
    """The port where an encoder of the operator's pushes to, 0 for MediaLive's own; None: none."""
    browser: bool
    """Whether a browser is opened."""
    encoder: bool
    """Whether media is encoded; otherwise, manifests and segments are a line of text."""
    requests: bool
    """Whether each request gets a line."""
    endpoint: bool = False
    """Whether the account is empty and waits for a client that deploys a stack to it."""


def options(arguments: Sequence[str] | None = None) -> Options:
    """The options of a command line; by default, this process's.

    Raises:
        SystemExit: an option is wrong (argparse has printed why), or help was requested.
    """
    parser = _parser()
    asked = parser.parse_intermixed_args(arguments)
    if asked.endpoint and (asked.parameters or asked.template != TEMPLATE):
        parser.error("--endpoint takes no template and no parameters: the client deploys them")
    return Options(
        template=asked.template,
        parameters=dict(asked.parameters),
        stack=StackId(name=asked.stack_name, region=asked.region),
        source=asked.source if isinstance(asked.source, Path) else None,
        push_port=asked.source if isinstance(asked.source, int) else None,
        browser=asked.browser,
        encoder=asked.encoder,
        requests=asked.requests,
        endpoint=asked.endpoint,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m preview",
        description="Creates a template's stack on this machine and serves its stream to viewers."
        " The functions' zip files are read from the folder 'lambda' next to the template, the page"
        " from the folder 'site'. Required parameters that you omit get sample values.",
    )
    parser.add_argument(
        "template", nargs="?", type=Path, default=TEMPLATE, help=f"default: {TEMPLATE}"
    )
    parser.add_argument(
        "parameters",
        nargs="*",
        type=parameter,
        metavar="Name=Value",
        help="a template parameter; Name=@path/to/file reads the value from a file, which keeps"
        " private keys out of the shell's history: PrivateKeyString=@key.pem",
    )
    parser.add_argument("--region", default="us-east-1", help="default: us-east-1")
    parser.add_argument("--stack-name", type=_stack_name, default="live", help="default: live")
    parser.add_argument(
        "--source",
        type=_source,
        metavar="FILE|push[:PORT]",
        help="a video to send instead of a test pattern; push: your encoder pushes to this machine,"
        " as to MediaLive (push:PORT if another program has MediaLive's port)",
    )
    parser.add_argument(
        "--no-browser", dest="browser", action="store_false", help="do not open a browser"
    )
    parser.add_argument(
        "--no-encoder",
        dest="encoder",
        action="store_false",
        help="do not encode media: manifests and segments are a line of text",
    )
    parser.add_argument(
        "--endpoint",
        action="store_true",
        help="create no stack: print AWS_ENDPOINT_URL, with which the AWS CLI deploys one here",
    )
    parser.add_argument("--requests", action="store_true", help="print a line for every request")
    return parser


def parameter(text: str) -> tuple[str, str]:
    """Name and value of a template parameter, written as Name=Value or Name=@path/to/file.

    Raises:
        ArgumentTypeError: it is written otherwise, or the file cannot be read. The message does not
            quote the text, which may be part of a secret.
    """
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError("write every parameter as Name=Value")
    return name, _from_file(name, value[1:]) if value.startswith("@") else value


def _from_file(name: str, path: str) -> str:
    """The file's text without its final line break, which is not part of the value."""
    try:
        return Path(path).read_text("utf-8").rstrip("\n")
    except OSError as error:
        reason = error.strerror
    except ValueError:
        reason = "it is not text"
    raise argparse.ArgumentTypeError(f"the file for {name} cannot be read: {reason}")


def _stack_name(text: str) -> str:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html ."""
    if not re.fullmatch("[A-Za-z][A-Za-z0-9-]{0,127}", text):
        raise argparse.ArgumentTypeError(
            "a stack name is a letter and up to 127 letters, digits and hyphens"
        )
    return text


def _source(text: str) -> Path | int:
    """A file, or the port where an encoder pushes to: 0 for MediaLive's own."""
    if not (match := re.fullmatch(r"push(?::(\d{1,5}))?", text)):
        return _file(text)
    port = int(match[1] or 0)
    if port > LAST_PORT:
        raise argparse.ArgumentTypeError(f"a port to push to is at most {LAST_PORT}, got {port}")
    return port


def _file(text: str) -> Path:
    if not Path(text).is_file():
        raise argparse.ArgumentTypeError(f"{text} is not a file")
    return Path(text)
