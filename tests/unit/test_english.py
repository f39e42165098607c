"""The wording check of `make lint` finds what it looks for."""

import pytest

from tests.english import hits


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("the file is no JSON", "is no JSON"),
        ("it starts by itself", "by itself"),
        ("one\nWho skips a wait is refused", "Who "),
        ("its private half", "private half"),
    ],
)
def test_a_phrase_is_found_with_its_line(text: str, phrase: str) -> None:
    ((line, found, instead),) = hits(text)
    assert (line, found) == (text.count("\n") + 1, phrase.strip())
    assert instead


@pytest.mark.parametrize("text", ["there is no such file", "Who signs the cookies?"])
def test_good_english_passes(text: str) -> None:
    assert list(hits(text)) == []
