"""What the preview says is said once."""

from preview.cli.output import Lines


def test_a_step_that_repeats_itself_is_said_once_until_another_line_comes() -> None:
    said: list[str] = []
    lines = Lines(said.append)
    for line in ("a", "a", "b", "a"):
        lines.once(line)
    lines.say("c")
    lines.say("c")
    lines.once("c")
    assert said == ["  a", "  b", "  a", "  c", "  c"]
