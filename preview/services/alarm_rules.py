"""CloudWatch composite alarms: their rules.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
"""

import re
from collections.abc import Callable

from preview.errors import NotSupported

TOKEN = re.compile(r'\s*(?:(ALARM|OK)\("([^"]+)"\)|(AND|OR|NOT|\(|\)))')

Holds = Callable[[str, str], bool]
"""Whether the alarm of that name is in that state."""


def names_in(rule: str) -> set[str]:
    """The names of the alarms in a rule."""
    return {name for _, name, _ in _tokens(rule) if name}


def rings(rule: str, holds: Holds) -> bool:
    """Whether the rule is true; AND comes before OR.

    Raises:
        NotSupported: it has other functions, or is not a rule.
    """
    tokens = _tokens(rule)
    value = _either(tokens, holds)
    if tokens:
        raise NotSupported(f"the preview does not support the rule {rule}")
    return value


def _tokens(rule: str) -> list[tuple[str, str, str]]:
    found, at = [], 0
    while at < len(rule.rstrip()):
        token = TOKEN.match(rule, at)
        if token is None:
            raise NotSupported(f"the preview does not support the rule {rule}")
        state, name, word = token.groups(default="")
        found.append((state, name, word))
        at = token.end()
    return found


def _either(tokens: list[tuple[str, str, str]], holds: Holds) -> bool:
    value = _both(tokens, holds)
    while tokens and tokens[0][2] == "OR":
        tokens.pop(0)
        value = _both(tokens, holds) or value
    return value


def _both(tokens: list[tuple[str, str, str]], holds: Holds) -> bool:
    value = _one(tokens, holds)
    while tokens and tokens[0][2] == "AND":
        tokens.pop(0)
        value = _one(tokens, holds) and value
    return value


def _one(tokens: list[tuple[str, str, str]], holds: Holds) -> bool:
    if not tokens:
        raise NotSupported("the rule ends too early")
    state, name, word = tokens.pop(0)
    if name:
        return holds(name, state)
    if word == "NOT":
        return not _one(tokens, holds)
    if word != "(":
        raise NotSupported(f"the rule has {word} in an unexpected place")
    value = _either(tokens, holds)
    if not tokens or tokens.pop(0)[2] != ")":
        raise NotSupported("a parenthesis is not closed")
    return value
