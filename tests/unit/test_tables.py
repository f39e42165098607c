"""Tables of the commands in terminals of different widths."""

import pytest

from protected_stream.cli.console import print_table

HEADS = ("resource", "type", "what happens", "properties")
ROWS = (
    (
        "Channel",
        "AWS::MediaLive::Channel",
        "changed in place",
        "Name, EncoderSettings.OutputGroups",
    ),
    ("PackagerEndpointPolicy", "AWS::MediaPackageV2::OriginEndpointPolicy", "added", ""),
)


@pytest.mark.parametrize("columns", [20, 60, 80, 100, 120, 160])
def test_no_word_is_broken_or_left_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    print_table(HEADS, ROWS)
    said = capsys.readouterr().out.split()
    for row in (HEADS, *ROWS):
        for word in " ".join(row).split():
            assert word in said


def test_nothing_in_a_cell_controls_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    print_table(
        ("output", "value"), [("Watch\x1bAddress", "https://d111111abcdef8.cloudfront.net/")]
    )
    assert "Watch\\x1bAddress" in capsys.readouterr().out
