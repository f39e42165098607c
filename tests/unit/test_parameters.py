"""`protected-stream parameters`: the file with the template's parameters."""

import json
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from protected_stream.cli.exit_status import CLEAN, FINDINGS, INTERRUPTED, NOTHING_WRITTEN
from protected_stream.cli.main import main
from protected_stream.reading.parameters import parsed
from tests.conftest import STREAMS, Document

FILE = "parameters-live.json"
SET = ("InputCidr=203.0.113.7/32", "StreamKey=key-for-tests-0123", "ArtifactBucket=my-bucket")
Run = Callable[..., int]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, built: Path) -> Run:
    """Runs the command in an empty folder, on the default stream's build."""
    monkeypatch.chdir(tmp_path)

    def command(*settings: str, check: bool = False) -> int:
        given = [text for one in settings for text in ("--set", one)]
        return main(["parameters", "--out", str(built), *given, *(["--check"] * check)])

    return command


def written() -> dict[str, str]:
    """The values of the file."""
    return parsed(Path(FILE).read_text(), FILE)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Lets an operator at a terminal type these lines; returns what was asked without echo."""

    def typing(*lines: str) -> list[str]:
        queue: Iterator[str] = iter(lines)
        hidden: list[str] = []

        def typed(_: str = "") -> str:
            line = next(queue)
            if line == "Ctrl-C":
                raise KeyboardInterrupt
            return line

        def ask_hidden(prompt: str) -> str:
            hidden.append(prompt)
            return typed()

        monkeypatch.setattr("sys.stdin.isatty", lambda: True)
        monkeypatch.setattr("builtins.input", typed)
        monkeypatch.setattr("getpass.getpass", ask_hidden)
        return hidden

    return typing


def test_values_are_written_readable_only_by_the_owner(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*SET) == CLEAN
    assert written()["StreamKey"] == "key-for-tests-0123"
    assert written()["StopChannelToUpdate"] == "No"
    assert stat.S_IMODE(Path(FILE).stat().st_mode) == 0o600
    assert list(Path().iterdir()) == [Path(FILE)]
    said = capsys.readouterr()
    assert "contains StreamKey: keep it secret" in said.out
    assert "key-for-tests" not in said.out + said.err
    assert run(check=True) == CLEAN


def test_the_bucket_may_be_left_to_deploy(run: Run) -> None:
    assert run(*SET[:2]) == CLEAN
    assert run(check=True) == CLEAN


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (SET[:1], "StreamKey has no value. Add --set StreamKey=Value."),
        ((*SET, "InputCidr=0.0.0.0/0"), "InputCidr must be an IPv4 range from /8 to /32"),
        ((*SET, "StreamKey=short-secret"), "StreamKey must be 16 to 64 letters"),
        ((*SET, "StartChannel=yes"), "StartChannel must be No or Yes."),
        ((*SET, "NoSuch=1"), "--set NoSuch: is not a parameter with a value"),
        ((*SET, "StreamKey"), "--set StreamKey: is not a parameter with a value"),
        ((*SET, "StreamKey=@nothing.txt"), "nothing.txt: cannot be read: No such file"),
    ],
)
def test_a_bad_value_is_one_sentence_and_nothing_is_written(
    run: Run, settings: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*settings) == NOTHING_WRITTEN
    said = capsys.readouterr().err
    assert says in said
    assert "short-secret" not in said
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "is not JSON (line 1)"),
        ('[{"ParameterKey": "InputCidr"}]', 'is not a list of "Name=Value"'),
        ('["StreamKey=a", "StreamKey=b"]', "has StreamKey twice"),
    ],
)
def test_a_file_in_another_format_is_refused_and_kept(
    run: Run, text: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(FILE).write_text(text)
    assert run(*SET) == NOTHING_WRITTEN
    assert says in capsys.readouterr().err
    assert Path(FILE).read_text() == text


def test_an_older_file_keeps_what_still_fits(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    older = [*SET, "StopChannelToUpdate=Yes", "StartChannel=Yes", "Former=1"]
    Path(FILE).write_text(json.dumps(older))
    assert run(check=True) == FINDINGS
    said = capsys.readouterr().err
    for line in (
        "StopChannelToUpdate must be No, or today's date",
        "ViewerEmail is new; its default applies.",
        "Former is no longer a parameter",
    ):
        assert line in said
    assert run("StopChannelToUpdate=No") == CLEAN
    assert "new: ViewerEmail, ArtifactPrefix" in (said := capsys.readouterr().err)
    assert "gone, and removed: Former" in said
    assert written() == {
        **dict(one.split("=") for one in SET),
        "StopChannelToUpdate": "No",
        "StartChannel": "Yes",
        "ViewerEmail": "",
        "ArtifactPrefix": "",
    }


def test_the_operator_is_asked_until_each_value_fits(
    run: Run, answers: Callable[..., list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    hidden = answers("anywhere", "203.0.113.7/32", "generate", "", "", "", "my-bucket", "")
    assert run() == CLEAN
    assert len(written()["StreamKey"]) == 32
    assert hidden == ["  StreamKey or generate: "]
    said = capsys.readouterr()
    assert "must be an IPv4 range" in said.err
    assert written()["StreamKey"] not in said.out + said.err
    first = written()
    answers("", "", "2026-11-30", "", "", "", "")
    assert run() == CLEAN
    assert written() == {**first, "StopChannelToUpdate": "2026-11-30"}


def test_an_interrupted_question_leaves_the_file(
    run: Run, answers: Callable[..., list[str]]
) -> None:
    run(*SET)
    before = written()
    answers("198.51.100.1/32", "Ctrl-C")
    assert run() == INTERRUPTED
    assert written() == before


def test_a_key_in_a_file_becomes_one_line(
    tmp_path: Path, template_of: Callable[..., Document]
) -> None:
    public = STREAMS["supplied"].parent / "keys" / "test-only-rsa-2048.pub.pem"
    document = template_of(signing={"mode": "supplied", "public_keys": [str(public)]})
    (tmp_path / "template.json").write_text(json.dumps(document))
    (tmp_path / "mine.pem").write_text(
        "-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----\n"
    )
    file = tmp_path / "values.json"
    settings = (*SET, f"PrivateKeyString=@{tmp_path}/mine.pem")
    given = [text for one in settings for text in ("--set", one)]
    assert main(["parameters", "--out", str(tmp_path), "--file", str(file), *given]) == CLEAN
    assert '"PrivateKeyString=-----BEGIN PRIVATE KEY----- abc -----END PRIVATE KEY-----"' in (
        file.read_text()
    )


def test_a_folder_without_a_template_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["parameters", "--out", str(tmp_path)]) == NOTHING_WRITTEN
    assert "`protected-stream template` writes one." in capsys.readouterr().err
