"""Terminal output of the commands: tables, progress, questions and JSON.

Without a terminal, tables are plain lines with tabs, and progress is one line each.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from protected_stream.cli.exit_status import say
from protected_stream.cli.on_stack import Declined
from protected_stream.errors import printable


def print_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Prints rows below their heads; without a terminal, only the rows, separated by tabs."""
    if not sys.stdout.isatty():
        for row in rows:
            print("\t".join(printable(cell) for cell in row))
        return
    said = [[printable(cell) for cell in row] for row in rows]
    table = Table(
        *map(_column, zip(heads, *said, strict=True)),
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    for row in said:
        table.add_row(*row)
    Console(markup=False, highlight=False).print(table, crop=False)


def _column(cells: Sequence[str]) -> Column:
    """A column in which lines end between words only: a name in two parts cannot be copied."""
    words = (word for cell in cells for word in cell.split())
    return Column(cells[0], overflow="fold", min_width=max(map(len, words)))


def print_json(value: Any) -> None:
    """Prints it for programs: UTF-8, indented, keys sorted."""
    print(json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False))


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Shows what is waited for: the latest line, or each that is new if there is no terminal."""
    if sys.stderr.isatty():
        with Console(stderr=True).status("") as status:
            yield lambda line: status.update(Text(printable(line)))
        return
    last = ""

    def show(line: str) -> None:
        nonlocal last
        if line != last:
            say(line)
        last = line

    yield show


def ask(question: str, *, is_answered: bool, otherwise: str = "") -> None:
    """Asks the operator whether to go on.

    Args:
        question: a sentence that says what would happen.
        is_answered: whether the operator has agreed beforehand, by --yes.
        otherwise: what is said if the answer is no; by default, that nothing was changed.

    Raises:
        Declined: the answer is no, or there is no terminal to ask on.
    """
    if is_answered:
        return
    if not sys.stdin.isatty():
        raise Declined(f"{question} There is no terminal to ask on: add --yes to agree.")
    say(question)
    if answer("Go on? [y/N] ").lower() not in ("y", "yes"):
        raise Declined(otherwise)


def ask_for_name(name: str, question: str, *, is_answered: bool) -> None:
    """Asks the operator to type the stack's name, for what cannot be undone.

    Args:
        name: the stack's.
        question: a sentence that says what would happen.
        is_answered: whether the operator has agreed beforehand, by --yes.

    Raises:
        Declined: something else was typed, or there is no terminal to ask on.
    """
    say(question)
    if is_answered:
        return
    if not sys.stdin.isatty():
        raise Declined("There is no terminal to ask on: add --yes to agree. Nothing was changed.")
    if answer(f"Type {name} to go on: ") != name:
        raise Declined


def answer(prompt: str) -> str:
    """What is typed; nothing if the input ends."""
    try:
        return input(prompt).strip()
    except EOFError:
        return ""
