"""The preview's command line."""

from pathlib import Path

import pytest

from preview.cli.options import Options, options
from preview.stack_id import StackId
from tests.conftest import CHECKOUT


@pytest.mark.parametrize("words", [[], ["build/template.json"]])
def test_the_default_is_what_make_template_writes(words: list[str]) -> None:
    assert options(words) == Options(
        template=Path("build/template.json"),
        parameters={},
        stack=StackId(name="live", region="us-east-1"),
        source=None,
        push_port=None,
        browser=True,
        encoder=True,
        requests=False,
    )


def test_options_can_be_in_any_order() -> None:
    readme = CHECKOUT / "README.md"
    words = ["--no-encoder", "t.json", "--no-browser", "A=1", "--source", str(readme), "B=x=y"]
    asked = options([*words, "--requests", "--region", "eu-west-1", "--stack-name", "show"])
    assert asked == Options(
        template=Path("t.json"),
        parameters={"A": "1", "B": "x=y"},
        stack=StackId(name="show", region="eu-west-1"),
        source=readme,
        push_port=None,
        browser=False,
        encoder=False,
        requests=True,
    )


@pytest.mark.parametrize(("text", "port"), [("push", 0), ("push:19350", 19350)])
def test_an_encoder_can_push_to_the_services_port_or_another_one(text: str, port: int) -> None:
    asked = options(["--source", text])
    assert (asked.source, asked.push_port) == (None, port)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["t.json", "A"], "write every parameter as Name=Value"),
        (["t.json", "A=@gone.pem"], "the file for A cannot be read: No such file or directory"),
        (["t.json", "--source", "gone.mp4"], "gone.mp4 is not a file"),
        (["t.json", "--source", "push:65534"], "a port to push to is at most 65533, got 65534"),
        (["t.json", "--stack-name", "my stack"], "a stack name is a letter"),
        (["t.json", "--stack-name", "s" * 129], "a stack name is a letter"),
    ],
)
def test_mistakes_are_errors(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        options(words)
    assert said in capsys.readouterr().err


def test_a_value_from_a_file_does_not_include_the_final_line_break(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_bytes(b"-----BEGIN\nabc\n-----END\n")
    asked = options(["t.json", f"A=@{file}", "B=me@example.com"])
    assert asked.parameters == {"A": "-----BEGIN\nabc\n-----END", "B": "me@example.com"}


def test_a_file_that_is_not_text_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "key.der"
    file.write_bytes(b"\x30\x82\xff")
    with pytest.raises(SystemExit):
        options(["t.json", f"A=@{file}"])
    assert "the file for A cannot be read: it is not text" in capsys.readouterr().err


def test_the_help_says_how_to_keep_a_key_out_of_the_history(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        options(["--help"])
    assert "PrivateKeyString=@key.pem" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["hunter2-key"], ["A=-----BEGIN", "hunter2-key", "KEY"]])
def test_no_part_of_a_value_is_printed(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A pasted key without quotes becomes several arguments."""
    with pytest.raises(SystemExit):
        options(["t.json", *words])
    assert "hunter2" not in capsys.readouterr().err
