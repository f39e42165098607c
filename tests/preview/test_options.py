"""The preview's command line."""

from pathlib import Path

import pytest

from preview.options import Options, options
from preview.stack_id import StackId
from tests.conftest import CHECKOUT


def test_the_template_is_enough() -> None:
    assert options(["build/template.json"]) == Options(
        template=Path("build/template.json"),
        parameters={},
        stack=StackId(name="live", region="us-east-1"),
        source=None,
        browser=True,
        encoder=True,
        requests=False,
    )


def test_all_can_be_asked_for_in_any_order() -> None:
    readme = CHECKOUT / "README.md"
    words = ["--no-encoder", "t.json", "--no-browser", "A=1", "--source", str(readme), "B=x=y"]
    asked = options([*words, "--requests", "--region", "eu-west-1", "--stack-name", "show"])
    assert asked == Options(
        template=Path("t.json"),
        parameters={"A": "1", "B": "x=y"},
        stack=StackId(name="show", region="eu-west-1"),
        source=readme,
        browser=False,
        encoder=False,
        requests=True,
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["t.json", "A"], "A must be Name=Value"),
        (["t.json", "--source", "gone.mp4"], "gone.mp4 is no file"),
        ([], "template"),
    ],
)
def test_mistakes_are_told(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        options(words)
    assert said in capsys.readouterr().err
