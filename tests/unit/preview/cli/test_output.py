"""The preview prints repeated lines once."""

from preview.cli.output import Output


def test_a_repeated_line_is_printed_once_until_another_line_comes() -> None:
    said: list[str] = []
    output = Output(said.append)
    for line in ("a", "a", "b", "a"):
        output.once(line)
    output.say("c")
    output.say("c")
    output.once("c")
    assert said == ["  a", "  b", "  a", "  c", "  c"]
