"""What the template tells a function."""

from shared.environment import problems

WANTED = {"NAME": (r"[a-z]+", "small letters"), "SECONDS": (r"[0-9]+", "whole seconds")}


def test_what_is_as_wanted_has_no_problems() -> None:
    assert problems({"NAME": "live", "SECONDS": "60", "PATH": "/bin"}, WANTED) == ""


def test_everything_that_is_wrong_is_named_at_once() -> None:
    assert problems({"NAME": "LIVE"}, WANTED) == (
        "NAME is not small letters; SECONDS is missing: whole seconds"
    )


def test_the_value_is_never_shown() -> None:
    assert "SECRET" not in problems({"NAME": "SECRET", "SECONDS": "SECRET"}, WANTED)


def test_more_than_the_pattern_is_not_the_pattern() -> None:
    assert problems({"NAME": "live\n", "SECONDS": "60"}, WANTED) == "NAME is not small letters"
