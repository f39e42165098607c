"""`protected-stream verify --rehearsal`: the first deployment, step by step, with evidence."""

import argparse
import shlex
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from protected_stream.cli import on_stack
from protected_stream.cli.console import answer, print_json, print_table
from protected_stream.cli.deploy import add_arguments_of_build, build_in
from protected_stream.cli.exit_status import (
    AWS_REFUSED,
    CLEAN,
    FINDINGS,
    cannot_be_written,
    refuse,
    say,
)
from protected_stream.errors import AwsError, BuildError, printable
from protected_stream.operator.artifacts import BUCKET, expect_zip_files
from protected_stream.operator.clock import moment
from protected_stream.operator.deployment import Bucket, Build, named
from protected_stream.operator.page_upload import page_files
from protected_stream.reading.parameters import declared
from protected_stream.reading.written import name_in
from protected_stream.rehearsal.acts import CIDR, objection_to
from protected_stream.rehearsal.evidence import Evidence, Result
from protected_stream.rehearsal.notes import Answer
from protected_stream.rehearsal.run import DECLINED, StillRunning, rehearse
from protected_stream.rehearsal.scrub import scrubber
from protected_stream.rehearsal.stage import Stage
from protected_stream.rehearsal.steps import STEPS
from protected_stream.version import VERSION

EVIDENCE = "evidence.json"
OPTIONS = ("bucket", "create_bucket", "evidence", "input_cidr", "parameters", "yes")
"""What is for a rehearsal only."""
ENDINGS = ("SIGHUP", "SIGTERM")
"""Signals of a terminal that is closed and of a shutdown; Windows has no SIGHUP."""
ANSWERS: dict[str, Answer] = {"y": "yes", "yes": "yes", "n": "no", "no": "no"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments that `verify` has for it."""
    group = parser.add_argument_group("the rehearsal of a first deployment")
    group.add_argument(
        "--rehearsal",
        action="store_true",
        help="create the stack of the build, go on air, change it, delete it, and write evidence",
    )
    group.add_argument("--yes", action="store_true", help="do not ask before each cost")
    group.add_argument("--evidence", type=Path, help=f"by default, {EVIDENCE} in --out")
    group.add_argument("--input-cidr", help=f"another {CIDR} that has your encoder's address")
    add_arguments_of_build(group)


def given_without(asked: argparse.Namespace) -> list[str]:
    """The options that are for a rehearsal only, and were given."""
    return [f"--{name.replace('_', '-')}" for name in OPTIONS if getattr(asked, name)]


def run(asked: argparse.Namespace) -> int:
    """Rehearses; returns 1 if a step was bad, or left out because the operator declined."""
    name = name_in(asked.out)
    if name is not None and asked.stack not in (None, name):
        return refuse(
            f"--stack {asked.stack}: the template in {asked.out} is that of {name}, and a rehearsal"
            " makes a stack of that name."
        )
    if asked.as_operator:
        return refuse("--as-operator: not with --rehearsal, which asks what you see.")
    evidence = asked.evidence or asked.out / EVIDENCE
    try:
        if evidence.exists():
            return refuse(
                f"{evidence} exists already, from another rehearsal: move it, or name another file"
                " with --evidence."
            )
        build = build_in(asked)
        expect_zip_files(build.template, asked.out / "lambda")
        page = page_files(asked.out)
        if asked.region is None and build.notes.region != "any":
            asked.region = build.notes.region
        with _ending_like_ctrl_c():
            return on_stack.run(asked, partial(_rehearse, build=build, page=page, path=evidence))
    except BuildError as error:
        return refuse(str(error))
    except OSError as error:
        return cannot_be_written(error)


@contextmanager
def _ending_like_ctrl_c() -> Iterator[None]:
    """Lets the channel be stopped, too, when the terminal is closed or the machine shuts down."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    former = {
        number: signal.signal(number, interrupt)
        for name in ENDINGS
        if (number := getattr(signal, name, None)) is not None
    }
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _rehearse(target: on_stack.Target, *, build: Build, page: dict[str, Path], path: Path) -> int:
    if not target.asked.yes and not sys.stdin.isatty():
        raise on_stack.Declined(
            "A rehearsal asks before each cost, and there is no terminal to ask on: add --yes to"
            " agree to all of them. Nothing was changed."
        )
    asked = target.asked
    bucket = Bucket(name=asked.bucket, create=asked.create_bucket)
    build, bucket = named(target.connection, build, target.name, bucket)
    stage = Stage(
        connection=target.connection,
        name=target.name,
        build=build,
        bucket=bucket,
        page=page,
        clock=target.clock,
        report=_each_new(),
    )
    _expect_possible(stage, asked.input_cidr)
    stage.expect_own()
    operator = Terminal(stage, agrees=asked.yes, cidr=asked.input_cidr)
    evidence = _evidence(stage, path)
    evidence.begin([(step.id, step.title) for step in STEPS])
    still_running = False
    try:
        rehearse(stage, operator, evidence, _tell)
    except StillRunning:
        still_running = True
    finally:
        _tell_what_is_left(stage, path)
    _print(evidence, as_json=asked.json)
    if still_running:
        return AWS_REFUSED
    in_part = any(one.state == "bad" or one.reason == DECLINED for one in evidence.results)
    return FINDINGS if in_part else CLEAN


def _expect_possible(stage: Stage, cidr: str | None) -> None:
    """Refuses a range that step 5 could not use.

    Raises:
        BuildError: the template has no such parameter, or the encoder may not be in the range.
    """
    if cidr is None:
        return
    present = stage.build.values.get(CIDR)
    why = objection_to(stage, present, cidr) if present else f"the template has no {CIDR}."
    if why:
        raise BuildError(f"--input-cidr {printable(cidr)}: {why}")


def _evidence(stage: Stage, path: Path) -> Evidence:
    values = stage.build.values
    secrets = [
        values[one.name]
        for one in declared(stage.build.template)
        if one.is_secret and one.name in values
    ]
    return Evidence(
        path=path,
        date=moment(stage.clock.now()).isoformat(),
        region=stage.connection.region,
        version=VERSION,
        scrub=scrubber(account=stage.connection.account, secrets=secrets, urls=values.values()),
    )


def _each_new() -> Callable[[str], None]:
    """Prints a line unless it was the last one; a terminal that is gone does not matter."""
    last = ""

    def report(line: str) -> None:
        nonlocal last
        if line != last:
            with suppress(OSError):
                say(line)
        last = line

    return report


class Terminal:
    """The person at the terminal, if there is one."""

    def __init__(self, stage: Stage, *, agrees: bool, cidr: str | None) -> None:
        """Prepares questions.

        Args:
            stage: the stack that is rehearsed.
            agrees: to every cost, beforehand.
            cidr: another value of InputCidr.
        """
        self._stage, self._agrees, self._cidr = stage, agrees, cidr
        self._is_there = sys.stdin.isatty()

    def agrees(self, question: str) -> bool:
        """Whether to go on with what costs something."""
        say(question)
        return self._agrees or answer("Go on? [y/N] ").lower() in ("y", "yes")

    def waits_for(self, sentence: str) -> None:
        """What the operator must do before the step goes on."""
        say(sentence)
        if self._is_there and not self._agrees:
            answer("Press Enter when that is done. ")

    def sees(self, question: str) -> Answer:
        """What only eyes can see."""
        if not self._is_there:
            return "not looked"
        typed = answer(f"{printable(question)} [y/n, Enter if you did not look] ")
        return ANSWERS.get(typed.lower(), "not looked")

    def other_cidr(self, present: str) -> str:
        """Another value of InputCidr that has the encoder's address; empty for none."""
        text, self._cidr = self._cidr, None
        while True:
            if text is None and self._is_there:
                say(f"{CIDR} is {present}. Which other range has your encoder's address, too?")
                text = answer("A narrower one, or a wider one; Enter leaves this step out: ")
            objection = objection_to(self._stage, present, text) if text else ""
            if not objection:
                return text or ""
            say(objection)
            text = None if self._is_there else ""


def _tell(result: Result) -> None:
    """How a step went, and what that means if AWS did otherwise."""
    why = f": {result.reason}" if result.reason else ""
    with suppress(OSError):
        say(f"   {result.state}{why}")
    meanings = {one.id: one.meaning for step in STEPS for one in step.doubts}
    if result.doubt:
        with suppress(OSError):
            say(f"   {meanings[result.doubt]}")


def _tell_what_is_left(stage: Stage, path: Path) -> None:
    with suppress(OSError, AwsError):
        say(f"evidence: {path}")
        if stage.stack() is not None:
            destroy = f"protected-stream destroy --out {shlex.quote(str(stage.build.folder))}"
            say(f"The stack {stage.name} is left: `{destroy}` deletes it.")
            return
        if code := stage.build.values.get(BUCKET):
            say(f"kept: the bucket {code} with the functions' code, which is not the stack's")
        for one in stage.kept:
            say(f"kept: {one.name} {one.id}: {one.reason}")
            for line in one.removal:
                say(f"  {line} --region {stage.connection.region}")


def _print(evidence: Evidence, *, as_json: bool) -> None:
    if as_json:
        print_json(evidence.data())
    else:
        rows = [(one.title, one.state, _why(one)) for one in evidence.results]
        print_table(("step", "result", "why"), rows)


def _why(one: Result) -> str:
    return one.reason or (one.messages[-1] if one.messages else "")
