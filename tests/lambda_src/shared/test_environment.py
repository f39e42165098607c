"""Environment variables of a function."""

from shared.environment import problems

WANTED = {"NAME": (r"[a-z]+", "lowercase letters"), "SECONDS": (r"[0-9]+", "whole seconds")}


def test_valid_variables_have_no_problems() -> None:
    assert problems({"NAME": "live", "SECONDS": "60", "PATH": "/bin"}, WANTED) == ""


def test_all_problems_are_reported_at_once() -> None:
    assert problems({"NAME": "LIVE"}, WANTED) == (
        "NAME is not lowercase letters; SECONDS is missing: whole seconds"
    )


def test_the_value_is_never_shown() -> None:
    assert "SECRET" not in problems({"NAME": "SECRET", "SECONDS": "SECRET"}, WANTED)


def test_the_pattern_must_match_the_whole_value() -> None:
    assert problems({"NAME": "live\n", "SECONDS": "60"}, WANTED) == "NAME is not lowercase letters"
