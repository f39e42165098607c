"""The browser's command line, its environment, and its window."""

import os
import shlex
import sys
import time
from pathlib import Path

import pytest

from preview.errors import PreviewError
from preview.local import chromium
from preview.local.chromium import FLAGS, Way, Window, command, has_screen, program

WAY = Way(
    address="https://d1.cloudfront.net/",
    hosts=["d1.cloudfront.net", "x.auth.us-east-1.amazoncognito.com"],
    https_port=4430,
    http_port=8080,
    certificate_pin="cGlu",
)
# writes its environment to a file, then waits to be stopped
STUB = """#!/bin/sh
echo "$HOME" "$TMPDIR" "$PWD" "$XAUTHORITY" "$XDG_CONFIG_HOME" > told.tmp && mv told.tmp told
exec sleep 600
"""


@pytest.fixture
def stub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that replaces Chromium, and a screen."""
    path = tmp_path / "bin" / "chromium"
    path.parent.mkdir()
    path.write_text(STUB)
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{path.parent}:/usr/bin:/bin")
    monkeypatch.setenv("DISPLAY", ":99")
    return path


def until_exists(path: Path) -> str:
    end = time.monotonic() + 20
    while not path.exists():
        assert time.monotonic() < end
        time.sleep(0.02)
    return path.read_text()


def test_the_real_host_names_are_mapped_to_this_machine() -> None:
    words = command(WAY, "/usr/bin/chromium", Path("/b/profile"))
    assert words[0] == "/usr/bin/chromium"
    assert words[-1] == WAY.address
    assert "--user-data-dir=/b/profile" in words
    assert (
        "--host-resolver-rules="
        "MAP d1.cloudfront.net:443 127.0.0.1:4430, MAP d1.cloudfront.net:80 127.0.0.1:8080, "
        "MAP x.auth.us-east-1.amazoncognito.com:443 127.0.0.1:4430, "
        "MAP x.auth.us-east-1.amazoncognito.com:80 127.0.0.1:8080"
    ) in words
    assert "--ignore-certificate-errors-spki-list=cGlu" in words
    assert set(FLAGS) <= set(words)


@pytest.mark.parametrize(("user", "without"), [(0, True), (1000, False)])
def test_only_root_goes_without_a_sandbox(
    monkeypatch: pytest.MonkeyPatch, user: int, *, without: bool
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user)
    assert ("--no-sandbox" in command(WAY, "chromium", Path("p"))) is without


def test_a_program_is_found_or_named(stub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert program() == str(stub)
    monkeypatch.setenv("PATH", str(stub.parent / "nowhere"))
    assert program() == "chromium"


@pytest.mark.parametrize(
    ("variables", "there"),
    [({}, False), ({"DISPLAY": ":0"}, True), ({"WAYLAND_DISPLAY": "wayland-0"}, True)],
)
def test_a_window_needs_a_screen(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], *, there: bool
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    assert has_screen(variables) is there


def test_its_files_stay_in_the_folder(
    stub: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The X authority file is still found, and the path of a socket is short."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / ".Xauthority").touch()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home" / ".config"))
    monkeypatch.delenv("XAUTHORITY", raising=False)
    folder = tmp_path / "browser"
    window = Window([str(stub)], folder)
    window.open()
    told = until_exists(folder / "told").split()
    window.close()
    key = tmp_path / "home" / ".Xauthority"
    assert told == [str(folder), ".", str(folder), str(key), str(folder / ".config")]


def test_it_opens_once_at_a_time_and_again_when_it_was_closed(stub: Path, tmp_path: Path) -> None:
    said: list[str] = []
    window = Window([str(stub)], tmp_path / "browser")
    window.follow(said.append)
    window.open()
    until_exists(tmp_path / "browser" / "told")
    with pytest.raises(PreviewError, match=r"The browser is already open\."):
        window.open()
    window.follow(said.append)
    assert said == []
    (tmp_path / "browser" / "told").unlink()
    stub.write_text("#!/bin/sh\nexit 0")  # as if the operator closed it
    window.close()
    window.open()
    end = time.monotonic() + 20
    while not said and time.monotonic() < end:
        window.follow(said.append)
        time.sleep(0.02)
    window.follow(said.append)
    assert said == ["The browser is closed; type 'open' to open it again."]


def test_without_screen_or_program_it_says_why(
    stub: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(PreviewError, match=r"Chromium is not installed. Install it with: \w+"):
        Window(["no-such-chromium"], tmp_path).open()
    monkeypatch.setattr(chromium, "has_screen", lambda: False)
    with pytest.raises(PreviewError, match="this machine has no screen"):
        Window([str(stub)], tmp_path).open()


def test_the_line_is_for_a_shell(tmp_path: Path) -> None:
    words = command(WAY, "chromium", tmp_path / "a profile")
    assert shlex.split(Window(words, tmp_path).line) == words
