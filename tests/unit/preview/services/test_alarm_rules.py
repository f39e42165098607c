"""Rules of composite alarms, and filter patterns of logs."""

import pytest

from preview.errors import NotSupported
from preview.services.alarm_rules import names_in, rings
from preview.services.log_patterns import pattern

RINGING = {"a", "b c"}
RULES = {
    'ALARM("a")': True,
    'ALARM("x")': False,
    'OK("x")': True,
    'NOT ALARM("a")': False,
    'ALARM("x") OR ALARM("b c")': True,
    'ALARM("a") AND ALARM("x")': False,
    'ALARM("a") OR ALARM("x") AND ALARM("y")': True,
    '(ALARM("a") OR ALARM("x")) AND (ALARM("y") OR OK("x"))': True,
}
PATTERNS = {
    ('{ $.message = "*refused*" }', '{"message": "viewer refused now"}'): True,
    ('{ $.message = "*refused*" }', '{"message": "let in"}'): False,
    ('{ $.message = "refused" }', '{"message": "refused now"}'): False,
    ('{ $.level = "ERR*" && $.message = "*a*" }', '{"level": "ERROR", "message": "b"}'): False,
    ('{ $.level = "ERR*" || $.message = "*a*" }', '{"level": "ERROR", "message": "b"}'): True,
    ('{ $.message = "*refused*" }', "refused"): False,
}


@pytest.mark.parametrize(("rule", "expected"), RULES.items())
def test_a_rule_rings(rule: str, expected: bool) -> None:
    holds = lambda name, state: (name in RINGING) == (state == "ALARM")  # noqa: E731
    assert rings(rule, holds) == expected


def test_names_in_a_rule_are_found() -> None:
    assert names_in('(ALARM("a") OR NOT OK("b c"))') == {"a", "b c"}


@pytest.mark.parametrize(
    "rule", ['ALARM("a") ALARM("x")', "AND", '(ALARM("a")', 'ALARM("a") OR', "a", "TRUE"]
)
def test_another_rule_is_not_supported(rule: str) -> None:
    with pytest.raises(NotSupported):
        rings(rule, lambda *_: False)


@pytest.mark.parametrize(("given", "expected"), PATTERNS.items())
def test_a_pattern_finds_lines(given: tuple[str, str], expected: bool) -> None:
    text, line = given
    assert pattern(text)(line) == expected


@pytest.mark.parametrize(
    "text", ["ERROR", "{ $.a = 1 }", '{ $.a = "b" && $.c = "d" || $.e = "f" }']
)
def test_another_pattern_is_not_supported(text: str) -> None:
    with pytest.raises(NotSupported):
        pattern(text)
