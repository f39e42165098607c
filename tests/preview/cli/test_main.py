"""`python -m preview` starts quickly, prints where things are, and leaves nothing behind."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from preview.local.chromium import PROGRAMS
from preview.local.work_dir import LOCK
from tests.conftest import CHECKOUT
from tests.preview.operator import PARAMETERS
from tests.preview.required_programs import required_program
from tests.preview.signer import VECTORS

SECONDS_UNTIL_READY = 60
PLAIN = ("--no-browser", "--no-encoder")


def preview(
    folder: Path, *arguments: str | Path, variables: Mapping[str, str] | None = None
) -> "subprocess.Popen[str]":
    """The command, with its own folders for temporary files and as home directory."""
    for name in ("tmp", "home"):
        (folder / name).mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-m", "preview", *map(str, arguments)],
        cwd=CHECKOUT,
        env={
            **os.environ,
            "TMPDIR": str(folder / "tmp"),
            "HOME": str(folder / "home"),
            **(variables or {}),
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def build(built: Path, tmp_path: Path) -> Path:
    """A build folder of the test's own, with a page."""
    folder = tmp_path / "build"
    shutil.copytree(built, folder)
    (folder / "site").mkdir()
    (folder / "site" / "index.html").write_text("<!doctype html><title>Watch</title>")
    return folder


def read_until(process: "subprocess.Popen[str]", words: str) -> str:
    """The preview's output up to a line with these words."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if words in line:
            return "".join(lines)
    raise AssertionError("".join(lines) + (process.stderr.read() if process.stderr else ""))


def written_outside(folder: Path) -> list[str]:
    """Files in the home directory and the folder for temporary files, and Chromium's elsewhere."""
    places = [*(folder / "home").rglob("*"), *(folder / "tmp").rglob("*")]
    places += [*Path("/dev/shm").glob("*chromium*")]  # noqa: S108 - where Chromium would
    return sorted(map(str, places))


def test_it_starts_and_leaves_nothing(build: Path, tmp_path: Path) -> None:
    pairs = [f"{name}={value}" for name, value in PARAMETERS.items()]
    with preview(tmp_path, build / "template.json", *pairs, *PLAIN) as process:
        text = read_until(process, "Ready in ")
        text += read_until(process, "Ctrl-C ends the preview")
        children = _children(process.pid)
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, "")
    assert rest.endswith("The preview has ended.\n")
    assert text.count("created ") == 51
    assert " uploaded 1 files of the page\n" in text
    assert "\nWatchAddress:\n  https://" in text
    assert re.search(r"\n│ Watch     https://\S+ +│\n│ User      viewer@example.com +│\n", text)
    assert re.search(r"\n│ Password  \S+ \(temporary\) +│\n", text)
    assert f"\nBrowser:\n  sh {build / 'preview' / 'browser.sh'}\n" in text
    assert "\x1b" not in text
    assert re.search(r"^\d\d:\d\d:\d\d created  EncoderAllowList$", text, re.MULTILINE)
    assert not [child for child in children if Path(f"/proc/{child}").exists()]
    assert [path.name for path in (build / "preview").iterdir()] == [LOCK]
    assert written_outside(tmp_path) == []


def test_sample_values_replace_missing_parameters(build: Path, tmp_path: Path) -> None:
    shutil.rmtree(build / "site")
    with preview(tmp_path, build / "template.json", *PLAIN) as process:
        text = read_until(process, "│ User")
        _, errors = process.communicate("quit\n", timeout=20)
    assert (process.returncode, errors) == (0, "")
    assert f" no page  {build / 'site'} is missing. Create it with: make site\n" in text
    assert "viewer@example.com" in text


def test_a_private_key_from_a_file_is_never_printed(tmp_path: Path) -> None:
    """The template is small: this checks what is printed around its creation."""
    text = {"Type": "String"}
    template = {
        "Parameters": {"PrivateKeyString": {**text, "NoEcho": True}, "KeyPairId": text},
        "Resources": {
            "PrivateKey": {
                "Type": "AWS::SecretsManager::Secret",
                "Properties": {"SecretString": {"Ref": "PrivateKeyString"}},
            }
        },
    }
    (tmp_path / "template.json").write_text(json.dumps(template))
    key = VECTORS / "test-only-rsa-2048.pem"
    given = f"PrivateKeyString=@{key}"
    with preview(tmp_path, tmp_path / "template.json", given, *PLAIN) as process:
        said = read_until(process, "Ready in ")
        rest, errors = process.communicate("rotate\nrevoke\nhelp\nquit\n", timeout=20)
    assert (process.returncode, errors) == (0, "")
    assert "created  PrivateKey" in said
    assert "The stack has no AWS::SecretsManager::RotationSchedule." in rest
    assert not [line for line in key.read_text("utf-8").splitlines() if line in said + rest]


def test_it_obeys_what_is_typed(build: Path, tmp_path: Path) -> None:
    with preview(tmp_path, build / "template.json", *PLAIN) as process:
        read_until(process, "└")
        rest, errors = process.communicate("stop\nStart\nhop\nquit\n", timeout=20)
    assert (process.returncode, errors) == (0, "")
    assert [re.sub(r"^\d\d:\d\d:\d\d ", "", line) for line in rest.splitlines()] == [
        "stopped  Channel",
        "started  Channel",
        "Unknown command: hop. Type 'help'.",
        "",
        "The preview has ended.",
    ]


def test_a_second_one_in_the_same_folder_is_refused(build: Path, tmp_path: Path) -> None:
    with preview(tmp_path, build / "template.json", *PLAIN) as process:
        read_until(process, "created")
        with preview(tmp_path, build / "template.json", *PLAIN) as second:
            _, errors = second.communicate(timeout=20)
        assert second.returncode == 1
        assert errors == (
            f"preview: Another preview is running in {build}/preview. End it, or build into"
            " another folder.\n"
        )
        read_until(process, "Ready in ")
        process.communicate("quit\n", timeout=20)
    assert process.returncode == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_ends_cleanly_while_it_still_creates(
    build: Path, tmp_path: Path, number: signal.Signals
) -> None:
    with preview(tmp_path, build / "template.json", *PLAIN) as process:
        read_until(process, "created")
        process.send_signal(number)
        _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, "")
    assert [path.name for path in (build / "preview").iterdir()] == [LOCK]
    assert written_outside(tmp_path) == []


def test_it_ends_with_ctrl_c_where_a_shell_has_ignored_it(build: Path, tmp_path: Path) -> None:
    """As for processes that a shell starts in the background."""
    words = [sys.executable, "-m", "preview", build / "template.json", *PLAIN]
    line = f"trap '' INT; exec {shlex.join(map(str, words))}"
    with subprocess.Popen(
        ["sh", "-c", line],
        cwd=CHECKOUT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        read_until(process, "created")
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, "")


@pytest.fixture
def screen(tmp_path: Path) -> dict[str, str]:
    """The environment of a machine on which Chromium opens without a screen."""
    real = required_program(*PROGRAMS)
    required_program("ffmpeg")
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "chromium").write_text(f'#!/bin/sh\nexec {real} --headless=new "$@"\n')
    (folder / "chromium").chmod(0o755)
    return {"DISPLAY": ":99", "PATH": f"{folder}:{os.environ['PATH']}"}


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("created  EncoderAllowList", 0.0),
        ("on air ", 0.3),
        ("All URLs work", 2.0),
        ("Ready in ", 0.1),
        ("Ready in ", 3.0),
    ],
)
def test_killed_at_any_moment_it_leaves_no_process_and_no_file(
    build: Path, tmp_path: Path, screen: dict[str, str], words: str, seconds: float
) -> None:
    """Except in its own folder, which the next preview empties."""
    with preview(tmp_path, build / "template.json", variables=screen) as process:
        read_until(process, words)
        time.sleep(seconds)
        process.kill()
        process.communicate(timeout=20)
    _soon(lambda: _processes_of(tmp_path) == [])
    assert written_outside(tmp_path) == []
    assert {path.name for path in build.iterdir()} == {
        *("build.json", "lambda", "parameters.json", "preview", "site"),
        *("template.json", "template.yaml"),
    }


def test_it_ends_when_its_parent_is_killed(build: Path, tmp_path: Path) -> None:
    """`make` and a shell can be killed, too, and then the terminal's signals reach no process."""
    words = [sys.executable, "-m", "preview", build / "template.json", *PLAIN]
    line = shlex.join(map(str, words))
    (tmp_path / "tmp").mkdir()
    with subprocess.Popen(
        ["sh", "-c", f"{line}; true"],
        cwd=CHECKOUT,
        env={**os.environ, "TMPDIR": str(tmp_path / "tmp")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as shell:
        read_until(shell, "Ready in ")
        assert _processes_of(tmp_path) != []
        shell.kill()
        _soon(lambda: _processes_of(tmp_path) == [])


def test_it_is_ready_within_a_minute_and_ends_with_all_that_it_started(
    build: Path, tmp_path: Path, screen: dict[str, str]
) -> None:
    began = time.monotonic()
    with preview(tmp_path, build / "template.json", variables=screen) as process:
        read_until(process, "Ready in ")
        assert time.monotonic() - began < SECONDS_UNTIL_READY
        _soon(lambda: len(_processes_of(tmp_path)) > 4)
        rest, errors = process.communicate("quit\n", timeout=30)
        assert (process.returncode, errors) == (0, "")
        assert rest.endswith("The preview has ended.\n")
    _soon(lambda: _processes_of(tmp_path) == [])
    assert [path.name for path in (build / "preview").iterdir()] == [LOCK]
    assert written_outside(tmp_path) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["nowhere.json"],
            "nowhere.json: No such file or directory. Create it with: make template",
        ),
        (["README.md"], "README.md is not JSON"),
        (["{template}", "InputCidr=everywhere"], "InputCidr must be an IPv4 range"),
        (["{template}", "Nope=1"], "Nope is not a parameter of the template"),
        (["{template}", "ViewerEmail=x"], "ViewerEmail must be empty or an e-mail address"),
    ],
)
def test_a_mistake_is_answered_in_one_sentence(
    build: Path, tmp_path: Path, arguments: list[str], words: str
) -> None:
    given = [one.format(template=build / "template.json") for one in arguments]
    with preview(tmp_path, *given, *PLAIN) as process:
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 1
    assert errors.startswith("preview: ")
    assert words in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["--help"], 0, "usage: python -m preview"),
        (["t.json", "A"], 2, "write every parameter as Name=Value"),
        ([], 1, "is not installed in this Python. Install it with: make preview"),
        (["t.json"], 1, "is not installed in this Python. Install it with: make preview"),
    ],
)
def test_without_its_dependencies_it_prints_help_or_what_to_do(
    arguments: list[str], status: int, words: str
) -> None:
    """-S hides the installed packages, as before the first `make preview`."""
    ran = subprocess.run(
        [sys.executable, "-S", "-m", "preview", *arguments],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == status
    assert words in ran.stdout + ran.stderr
    assert "Traceback" not in ran.stderr


def _without_programs(tmp_path: Path) -> dict[str, str]:
    """The environment of a machine with a screen, but without programs."""
    (tmp_path / "empty").mkdir()
    return {"PATH": str(tmp_path / "empty"), "DISPLAY": ":99"}


def test_without_ffmpeg_nothing_is_created(build: Path, tmp_path: Path) -> None:
    variables = _without_programs(tmp_path)
    with preview(tmp_path, build / "template.json", variables=variables) as process:
        said, errors = process.communicate(timeout=20)
    assert process.returncode == 1
    assert errors.startswith("preview: Encoding needs ffmpeg and ffprobe, not found in PATH.")
    assert said.startswith("Chromium is not installed. Install it with: ")
    assert said.count("\n") == 1


def test_a_file_that_is_not_a_video_is_found_before_anything_is_created(
    build: Path, tmp_path: Path
) -> None:
    required_program("ffmpeg")
    film = build / "parameters.json"
    with preview(tmp_path, build / "template.json", "--source", film, "--no-browser") as process:
        said, errors = process.communicate(timeout=20)
    assert (process.returncode, said) == (1, "")
    assert errors == f"preview: {film} has no video. Pass a video file, or omit --source.\n"


def test_without_chromium_it_says_so_first_and_prints_the_address(
    build: Path, tmp_path: Path
) -> None:
    variables = _without_programs(tmp_path)
    words = (build / "template.json", "--no-encoder")
    with preview(tmp_path, *words, variables=variables) as process:
        text = read_until(process, "Ready in ")
        rest, errors = process.communicate("quit\n", timeout=20)
    assert (process.returncode, errors) == (0, "")
    assert text.startswith("Chromium is not installed. Install it with: ")
    assert "\nWatchAddress:\n  https://" in text
    assert "\nBrowser:\n  sh " in text
    assert "Chromium" not in rest


def _children(process: int) -> list[str]:
    return Path(f"/proc/{process}/task/{process}/children").read_text().split()


def _processes_of(folder: Path) -> list[str]:
    """The command lines of all processes that refer to the folder; from proc(5)."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            known = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
            state = (process / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:  # it has just ended
            continue
        if str(folder).encode() in known and state != "Z":
            found.append(f"{process.name} {known[:120]!r}")
    return found


def _soon(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)
