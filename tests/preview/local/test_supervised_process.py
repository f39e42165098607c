"""A supervised process ends when it should, and never outlives its owner."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from preview.local.supervised_process import SUPERVISOR, SupervisedProcess
from tests.conftest import CHECKOUT
from tests.preview.process_list import running, soon_gone

# Reports that it runs, has a child process, and ignores SIGTERM.
STUBBORN = """
import pathlib, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", sys.argv[2]])
pathlib.Path(sys.argv[1]).write_text("")
time.sleep(60)
"""
OWNER = """
import subprocess, sys, time
from preview.local.supervised_process import SupervisedProcess
owned = SupervisedProcess(sys.argv[1:])
print("started", flush=True)
time.sleep(60)
"""


@pytest.fixture
def mark() -> Iterator[str]:
    """Words that are only in the command lines of a test's processes; none may be left after it."""
    words = f"mark-{secrets.token_hex(8)}"
    yield words
    assert soon_gone(words)


@pytest.fixture
def stubborn(tmp_path: Path, mark: str) -> list[str]:
    return [sys.executable, "-c", STUBBORN, str(tmp_path / "runs"), mark]


def appears(file: Path) -> bool:
    return comes_true(file.exists)


def comes_true(condition: Callable[[], bool], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()


@pytest.mark.parametrize(
    ("script", "code"),
    [("exit 0", 0), ("exit 7", 7), ("kill -KILL $$", 137), ("kill -TERM $$", 143)],
)
def test_its_exit_code_is_the_program_s(script: str, code: int) -> None:
    with SupervisedProcess(["sh", "-c", script]) as process:
        assert process.wait(10) == code
        assert process.poll() == code


def test_a_program_that_is_not_there_says_so() -> None:
    with SupervisedProcess(["no-such-program"], stderr=subprocess.PIPE) as process:
        assert process.wait(10) == 127
        assert process.stderr is not None
        assert process.stderr.read() == b"no-such-program: No such file or directory\n"


def test_it_runs_in_its_folder_with_its_environment_and_nothing_to_read(tmp_path: Path) -> None:
    with (tmp_path / "output").open("wb") as output:
        process = SupervisedProcess(
            ["/bin/sh", "-c", "pwd -P; echo $WORD; cat; echo end"],
            cwd=tmp_path,
            env={"WORD": "here", "PATH": os.environ["PATH"]},
            stdout=output,
        )
        assert process.wait(10) == 0
        process.stop()
    expected = f"{tmp_path.resolve()}\nhere\nend\n"
    assert (tmp_path / "output").read_text() == expected


def test_ctrl_c_at_the_terminal_reaches_neither_it_nor_its_supervisor(
    tmp_path: Path, mark: str
) -> None:
    script = f"ps -o pid=,pgid=,ppid= -p $$; sleep 60; : {mark}"
    with (
        (tmp_path / "output").open("wb") as output,
        SupervisedProcess(["sh", "-c", script], stdout=output),
    ):
        assert comes_true(lambda: (tmp_path / "output").read_text().endswith("\n"))
        pid, group, supervisor = map(int, (tmp_path / "output").read_text().split())
        assert (group, os.getsid(pid), os.getsid(supervisor)) == (pid, pid, supervisor)
        assert os.getsid(0) not in (pid, supervisor)


def test_stopping_asks_first() -> None:
    script = "trap 'exit 5' TERM; echo ready; while :; do sleep 0.05; done"
    process = SupervisedProcess(["sh", "-c", script], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    assert process.poll() is None
    assert process.stop(grace_seconds=10) == 5
    assert process.stop() == 5


@pytest.mark.parametrize("grace", [0, 0.3])
def test_stopping_kills_what_does_not_end_with_all_that_it_has_started(
    tmp_path: Path, mark: str, stubborn: list[str], grace: float
) -> None:
    process = SupervisedProcess(stubborn)
    assert appears(tmp_path / "runs")
    assert len(running(mark)) == 3  # the supervisor, the program and its child
    begun = time.monotonic()
    assert process.stop(grace) == 137
    assert grace <= time.monotonic() - begun < grace + 5
    assert soon_gone(mark)


def test_what_it_has_left_behind_ends_with_it(mark: str) -> None:
    with SupervisedProcess(["sh", "-c", f"sh -c 'sleep 60; : {mark}' & exit 0"]) as process:
        assert process.wait(10) == 0
        assert soon_gone(mark)


@pytest.mark.parametrize("delay", [0, 0.02, 0.05, 0.1, None])
def test_when_its_owner_is_killed_at_any_moment_nothing_is_left(
    tmp_path: Path, mark: str, stubborn: list[str], delay: float | None
) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, *stubborn], cwd=CHECKOUT, stdout=subprocess.PIPE
    )
    assert owner.stdout is not None
    if delay is None:
        assert appears(tmp_path / "runs")
    else:
        assert owner.stdout.readline() == b"started\n"
        time.sleep(delay)
    owner.send_signal(signal.SIGKILL)
    owner.communicate()
    assert soon_gone(mark)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_to_the_supervisor_ends_the_program(number: signal.Signals, mark: str) -> None:
    supervisor = supervisor_of(["sh", "-c", f"echo ready; sleep 60; : {mark}"])
    supervisor.send_signal(number)
    assert supervisor.wait(10) == 128 + signal.SIGTERM
    supervisor.communicate()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_when_the_supervisor_itself_is_killed_the_program_ends(mark: str) -> None:
    script = "import time; print('ready', flush=True); time.sleep(60)"
    supervisor = supervisor_of([sys.executable, "-c", script, mark])
    supervisor.kill()
    gone = soon_gone(mark)
    supervisor.communicate()
    assert gone


def supervisor_of(command: list[str]) -> "subprocess.Popen[bytes]":
    """A supervisor whose program has printed that it is ready."""
    supervisor = subprocess.Popen(
        [sys.executable, "-I", "-S", str(SUPERVISOR), *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert supervisor.stdout is not None
    assert supervisor.stdout.readline() == b"ready\n"
    return supervisor
