"""One-line faults, selected at random once, each with a test that must catch it.

`python -m tests.seeded_faults` makes each of them in the working tree, runs its test and reverts
it. Faults are located by the text of their lines; when a line changes, change it in
tests/expected/seeded_faults.json too.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
RECORD = CHECKOUT / "tests" / "expected" / "seeded_faults.json"
TESTS_FAILED = 1
"""pytest's exit status; any other but 0 means that the test could not run."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A line and its faulty form, without indentation."""

    file: str
    context: str
    """The nearest line above that is not blank."""
    before: str
    after: str
    caught_by: str
    """A test's node ID."""


def recorded() -> list[Fault]:
    """The recorded faults."""
    return [Fault(**one) for one in json.loads(RECORD.read_text("utf-8"))]


@contextmanager
def made(fault: Fault) -> Iterator[None]:
    """Puts the fault into its file for the duration of the context.

    Raises:
        LookupError: its line does not occur exactly once.
    """
    path = CHECKOUT / fault.file
    text = path.read_text("utf-8")
    path.write_text(with_fault(text, fault), "utf-8")
    try:
        yield
    finally:
        path.write_text(text, "utf-8")


def with_fault(text: str, fault: Fault) -> str:
    """A file's text with the faulty line.

    Raises:
        LookupError: its line does not occur exactly once.
    """
    lines = text.split("\n")
    above = ""
    places = []
    for place, line in enumerate(lines):
        if (line.strip(), above) == (fault.before, fault.context):
            places.append(place)
        above = line.strip() or above
    if len(places) != 1:
        raise LookupError(f"{fault.file}: {fault.before!r} occurs {len(places)} times")
    (place,) = places
    lines[place] = lines[place].replace(fault.before, fault.after)
    return "\n".join(lines)


def is_caught(fault: Fault) -> bool:
    """Whether its test fails with it, and passes without it.

    Raises:
        LookupError: its line does not occur exactly once.
    """
    without = _exit_status(fault.caught_by)
    with made(fault):
        return without == 0 and _exit_status(fault.caught_by) == TESTS_FAILED


def _exit_status(test: str) -> int:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", test]
    return subprocess.run(command, cwd=CHECKOUT, check=False, capture_output=True).returncode


def main() -> int:
    """Tries each fault; returns 1 if one is no longer caught."""
    faults = recorded()
    missed = 0
    for number, fault in enumerate(faults, 1):
        caught = is_caught(fault)
        missed += not caught
        word = "caught" if caught else "MISSED"
        print(f"{number} of {len(faults)}  {word}  {fault.file}: {fault.after}", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
