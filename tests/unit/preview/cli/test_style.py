"""The preview's lines are readable on a terminal of any width, with and without color."""

import pytest

from preview.cli.style import box, has_color, laid_out

ROWS = [("Watch", "https://d1.cloudfront.net/"), ("User", "me@example.com"), ("", "Ctrl-C ends it")]
URL = f"https://d1.cloudfront.net/out/v1/{'a' * 60}/index.m3u8"


@pytest.mark.parametrize(
    ("variables", "is_terminal", "colored"),
    [
        ({"TERM": "xterm"}, True, True),
        ({"TERM": "xterm"}, False, False),
        ({"TERM": "dumb"}, True, False),
        ({}, True, False),
        ({"TERM": "xterm", "NO_COLOR": "1"}, True, False),
        ({"TERM": "xterm", "NO_COLOR": ""}, True, True),
    ],
)
def test_color_is_for_terminals_whose_user_wants_it(
    variables: dict[str, str], *, is_terminal: bool, colored: bool
) -> None:
    assert has_color(variables, is_terminal=is_terminal) is colored


def test_a_long_event_is_broken_between_words() -> None:
    text = laid_out(f"12:00:00 revoked  {'word ' * 30}end", width=80, color=False)
    lines = text.split("\n")
    assert max(map(len, lines)) <= 80
    assert lines[0].startswith("12:00:00 revoked  word")
    assert {line[:13] for line in lines[1:]} == {"         word"}
    assert " ".join(text.split()) == f"12:00:00 revoked {'word ' * 30}end"


@pytest.mark.parametrize("width", [1, 9, 20])
def test_a_terminal_may_be_tiny(width: int) -> None:
    text = laid_out("12:00:00 revoked  the keys of everybody", width=width, color=False)
    assert text == "12:00:00 revoked  the keys of\n         everybody"


def test_a_url_stays_whole() -> None:
    text = laid_out(f"12:00:00 200 GET {URL}", width=80, color=False)
    assert text == f"12:00:00 200 GET\n         {URL}"


@pytest.mark.parametrize("text", [f"HlsManifest:\n  {URL}", "┌──┐", "", f"curl --insecure {URL}"])
def test_what_is_not_an_event_is_printed_as_it_is(text: str) -> None:
    assert laid_out(text, width=40, color=True) == text


def test_several_lines_stay_below_each_other() -> None:
    text = "12:00:00 stop   take it\n         start  put it on the air"
    assert laid_out(text, width=80, color=False) == text
    narrow = laid_out(text, width=30, color=False)
    assert narrow == "12:00:00 stop   take it\n         start  put it on the\n         air"


@pytest.mark.parametrize(
    ("event", "colored"),
    [
        ("refused     403 no cookies", "\x1b[31mrefused\x1b[0m     403 no cookies"),
        ("on air   Channel", "\x1b[32mon air\x1b[0m   Channel"),
        ("created  Api", "\x1b[2mcreated\x1b[0m  Api"),
        ("rotated  Secret", "rotated  Secret"),
    ],
)
def test_an_event_is_colored_by_its_first_words(event: str, colored: str) -> None:
    text = laid_out(f"12:00:00 {event}", width=80, color=True)
    assert text == f"\x1b[2m12:00:00 \x1b[0m{colored}"


def test_the_box_frames_names_and_values() -> None:
    assert box(ROWS, width=80, encoding="utf-8").split("\n") == [
        "┌───────────────────────────────────┐",
        "│ Watch  https://d1.cloudfront.net/ │",
        "│ User   me@example.com             │",
        "│ Ctrl-C ends it                    │",
        "└───────────────────────────────────┘",
    ]


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "no-such-encoding"])
def test_the_box_is_in_ascii_where_the_output_is_not_unicode(encoding: str) -> None:
    text = box(ROWS, width=None, encoding=encoding)
    assert text.isascii()
    assert text.split("\n")[1] == "| Watch  https://d1.cloudfront.net/ |"


def test_the_box_has_no_frame_where_it_does_not_fit() -> None:
    assert box(ROWS, width=36, encoding="utf-8").split("\n") == [
        "Watch  https://d1.cloudfront.net/",
        "User   me@example.com",
        "Ctrl-C ends it",
    ]
