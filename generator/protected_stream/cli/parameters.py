"""`protected-stream parameters`: fills in the file with the template's parameters."""

import argparse
import getpass
import secrets
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from protected_stream.cli.exit_status import (
    CLEAN,
    FINDINGS,
    INTERRUPTED,
    cannot_be_written,
    refuse,
    say,
)
from protected_stream.errors import BuildError, printable
from protected_stream.files import READABLE_FOR_OWNER, read_regular_file, write_atomically
from protected_stream.reading.parameters import (
    Merge,
    Parameter,
    declared,
    file_text,
    merged,
    missing,
    one_line,
    parsed,
)
from protected_stream.reading.written import read_template

LARGEST_FILE = 100_000
"""Bytes; CloudFormation accepts 200 parameters of 4,096 bytes, but no template here has so many."""
GENERATE = "generate"
GENERATED: Mapping[str, Callable[[], str]] = {"StreamKey": lambda: secrets.token_hex(16)}
"""Parameters whose value can be generated: none of them accepts the word "generate" itself."""
LEFT_TO_DEPLOY = ("ArtifactBucket",)
"""Parameters that may stay without a value: `deploy --create-bucket` gives them one."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    parser.add_argument("--out", type=Path, default=Path("build"), help="folder of the build")
    parser.add_argument("--file", type=Path, help="by default, parameters-NAME.json")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a value, and ask for none; @FILE takes a file's content, @@ stands for an @",
    )
    parser.add_argument("--check", action="store_true", help="write nothing, ask nothing")


def run(asked: argparse.Namespace) -> int:
    """Returns 0 if the file is complete, 1 if --check finds it is not, 2 for bad input."""
    try:
        document = read_template(asked.out)
        file = asked.file or Path(f"parameters-{document['Metadata']['Generator']['Name']}.json")
        parameters = declared(document)
        former = values_in(file) if file.exists() else {}
        merge = merged(parameters, {**former, **_given(asked.set, parameters)})
        if asked.check:
            return _check(file, parameters, merge)
        return _fill(file, parameters, merge, former, is_told=bool(asked.set))
    except BuildError as error:
        return refuse(str(error))
    except OSError as error:
        return cannot_be_written(error)
    except (KeyboardInterrupt, EOFError):
        say("Interrupted. Nothing was written.")
        return INTERRUPTED


def values_in(file: Path) -> dict[str, str]:
    """The values in a parameters file.

    Raises:
        BuildError: it cannot be read, or is something else.
    """
    return parsed(_content(file), str(file))


def _content(file: Path) -> str:
    try:
        return read_regular_file(LARGEST_FILE, file).decode()
    except UnicodeDecodeError:
        raise BuildError(f"{file}: is not a text file.") from None
    except OSError as error:
        raise BuildError(f"{file}: cannot be read: {error.strerror}.") from None


def _given(settings: list[str], parameters: tuple[Parameter, ...]) -> dict[str, str]:
    """The values of --set.

    Raises:
        BuildError: one is not Name=Value, or the template has no such parameter.
    """
    values = {}
    names = [one.name for one in parameters]
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals or name not in names:
            raise BuildError(
                f"--set {printable(name)}: is not a parameter with a value, as in Name=Value; the "
                f"template has {', '.join(names)}."
            )
        values[name] = _value(name, text)
    return values


def _value(name: str, text: str) -> str:
    """What an answer stands for.

    Raises:
        BuildError: it names a file that cannot be read.
    """
    if text == GENERATE and name in GENERATED:
        return GENERATED[name]()
    if text.startswith("@@"):
        return text[1:]
    return one_line(_content(Path(text[1:]))) if text.startswith("@") else text


def _check(file: Path, parameters: tuple[Parameter, ...], merge: Merge) -> int:
    """Says what is wrong with the file."""
    without = [one.name for one in parameters if one.default is None]
    lines = [
        *merge.objections,
        *_without_value(parameters, merge),
        *(f"{one} is new; its default applies." for one in merge.new if one not in without),
        *(f"{printable(one)} is no longer a parameter: remove it." for one in merge.gone),
    ]
    for line in lines:
        say(f"{file}: {line}")
    return FINDINGS if lines else CLEAN


def _without_value(
    parameters: tuple[Parameter, ...], merge: Merge, advice: str = ""
) -> Iterator[str]:
    """Sentences about the parameters that must have a value and have none."""
    refused = [line.partition(" ")[0] for line in merge.objections]
    for one in missing(parameters, merge.values):
        if one.name not in (*refused, *LEFT_TO_DEPLOY):
            yield f"{one.name} has no value.{advice.format(one.name)} {one.description}".strip()


def _fill(
    file: Path,
    parameters: tuple[Parameter, ...],
    merge: Merge,
    former: Mapping[str, str],
    *,
    is_told: bool,
) -> int:
    """Asks for the values if nothing was set, and writes the file."""
    values = dict(merge.values)
    if former:
        _tell_differences(file, merge)
    if not is_told and sys.stdin.isatty():
        for line in merge.objections:
            say(line)
        values = _answers(parameters, values)
    else:
        lines = [
            *merge.objections,
            *_without_value(parameters, merge, " Add --set {}=Value."),
        ]
        if lines:
            return refuse(*lines, f"{file} was not written.")
    write_atomically(file, file_text(parameters, values).encode(), READABLE_FOR_OWNER)
    secret = [one.name for one in parameters if one.is_secret and one.name in values]
    kept = f"; it contains {', '.join(secret)}: keep it secret" if secret else ""
    print(f"{file}: {len(values)} parameters, readable only by you{kept}")
    return CLEAN


def _tell_differences(file: Path, merge: Merge) -> None:
    new = [name for name in merge.new if name not in LEFT_TO_DEPLOY]
    for what, names in (("new", new), ("gone, and removed", merge.gone)):
        if names:
            say(f"{file}: {what}: {', '.join(map(printable, names))}")


def _answers(parameters: tuple[Parameter, ...], values: Mapping[str, str]) -> dict[str, str]:
    """Asks for every value; an empty answer keeps the present one, or takes the default."""
    say('Enter keeps the value in brackets; @FILE takes a file\'s content; "" is an empty value.')
    answers: dict[str, str] = {}
    heading = ""
    for one in parameters:
        if one.heading != heading:
            heading = one.heading
            print(f"\n{heading}", file=sys.stderr)
        say(f"{one.name}: {one.label}. {one.description}")
        answer = _answer(one, values.get(one.name, one.default))
        if answer is not None:
            answers[one.name] = answer
    return answers


def _answer(parameter: Parameter, present: str | None) -> str | None:
    """Asks until there is a value that the template accepts; None if `deploy` gives it one."""
    shown = "kept" if parameter.is_secret else present
    brackets = f" [{printable(shown)}]" if present and shown else ""
    choice = f" or {GENERATE}" if parameter.name in GENERATED else ""
    if parameter.name in LEFT_TO_DEPLOY and present is None:
        choice = " (none: deploy --create-bucket names one)"
    prompt = f"  {parameter.name}{choice}{brackets}: "
    while True:
        text = getpass.getpass(prompt) if parameter.is_secret else input(prompt)
        if text == "" and (present is not None or parameter.name in LEFT_TO_DEPLOY):
            return present
        try:
            value = "" if text in ("", '""') else _value(parameter.name, text)
        except BuildError as error:
            say(str(error))
            continue
        objection = parameter.objection(value)
        if not objection:
            return value
        say(objection)
