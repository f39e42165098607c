"""`python -m preview` starts quickly, says where things are, and ends cleanly on Ctrl-C."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT
from tests.preview.operator import PARAMETERS

SECONDS_TO_START = 5


def preview(folder: Path, *arguments: str | Path) -> "subprocess.Popen[str]":
    """The command, with a folder of its own for temporary files."""
    return subprocess.Popen(
        [sys.executable, "-m", "preview", *map(str, arguments)],
        cwd=CHECKOUT,
        env={**os.environ, "TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_it_starts_within_seconds_and_leaves_nothing(built: Path, tmp_path: Path) -> None:
    """Processor time of this test's machine counts, not what else runs on it."""
    pairs = [f"{name}={value}" for name, value in PARAMETERS.items()]
    with preview(tmp_path, built / "template.json", *pairs) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "Ctrl-C" in line:
                break
        user, system = _processor_seconds(process.pid)
        children = _children(process.pid)
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, "")
    assert rest.endswith("The preview is gone.\n")
    text = "".join(lines)
    assert text.count("created ") == 51
    assert "WatchAddress: https://" in text
    assert "Mail to viewer@example.com: the temporary password is" in text
    assert user + system < SECONDS_TO_START
    assert not [child for child in children if Path(f"/proc/{child}").exists()]
    assert list(tmp_path.iterdir()) == []


def _processor_seconds(process: int) -> tuple[float, float]:
    """User and system time so far, from proc(5)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    ticks = os.sysconf("SC_CLK_TCK")
    return int(fields[11]) / ticks, int(fields[12]) / ticks


def _children(process: int) -> list[str]:
    return Path(f"/proc/{process}/task/{process}/children").read_text().split()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly_while_it_still_creates(
    built: Path, tmp_path: Path, number: signal.Signals
) -> None:
    pairs = [f"{name}={value}" for name, value in PARAMETERS.items()]
    with preview(tmp_path, built / "template.json", *pairs) as process:
        assert process.stdout is not None
        assert "created" in process.stdout.readline()
        process.send_signal(number)
        _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.json"], "nowhere.json: No such file or directory. Write it with: make template"),
        (["README.md"], "README.md is no JSON"),
        (["{template}", "InputCidr=everywhere"], "InputCidr must be an IPv4 range"),
        (["{template}", "Nope=1"], "Nope is not a parameter of the template"),
    ],
)
def test_a_mistake_is_answered_in_one_sentence(
    built: Path, tmp_path: Path, arguments: list[str], words: str
) -> None:
    given = [one.format(template=built / "template.json") for one in arguments]
    with preview(tmp_path, *given) as process:
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 1
    assert errors.startswith("preview: ")
    assert words in errors
    assert "Traceback" not in errors
