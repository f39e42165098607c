"""`protected-stream check`: its messages and exit status."""

from pathlib import Path

import pytest

from protected_stream.cli.exit_status import CLEAN, FINDINGS, NOTHING_WRITTEN
from protected_stream.cli.main import main


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a good and a bad stream file."""
    monkeypatch.chdir(tmp_path)
    Path("good.toml").write_text("")
    Path("bad.toml").write_text("[signing]\nkey = 1\n")
    return tmp_path


@pytest.mark.usefixtures("files")
def test_clean_files_are_silent(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "good.toml"]) == CLEAN
    assert capsys.readouterr() == ("", "")


def test_every_file_is_checked_and_nothing_is_written(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "bad.toml", "missing.toml", "good.toml"]) == NOTHING_WRITTEN
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["bad.toml", "missing.toml"]
    assert sorted(path.name for path in files.iterdir()) == ["bad.toml", "good.toml"]


@pytest.mark.usefixtures("files")
def test_findings_name_the_file_and_the_property(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a mistake in the generator, as no stream file leads to a finding."""
    monkeypatch.setattr("protected_stream.template.functions.RUNTIME", "python2.7")
    assert main(["check", "good.toml"]) == FINDINGS
    assert "good.toml: CookiesFunction Runtime: E2533 " in capsys.readouterr().err


@pytest.mark.usefixtures("files")
def test_rules_that_the_file_ignores_do_not_count(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("protected_stream.template.functions.RUNTIME", "python2.7")
    Path("good.toml").write_text('[lint.ignore]\nE2533 = "a test"\n')
    main(["check", "good.toml"])
    assert "E2533" not in capsys.readouterr().err
