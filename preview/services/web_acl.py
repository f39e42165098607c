"""AWS WAF web ACL: which requests it blocks, and with which status.

Sources: https://docs.aws.amazon.com/waf/latest/developerguide/ waf-rule-statements-list.html,
waf-rule-statement-type-rate-based.html, waf-rule-statement-transformation.html. AWS counts with a
delay of up to half a minute; here a rate takes effect at once. The rules of AWS's managed groups
are not public, so they match nothing here.
"""

import posixpath
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from preview.errors import NotSupported

Settings = Mapping[str, Any]
Matches = Callable[["Asked"], bool]
BLOCKED = 403
WINDOW_SECONDS = 300


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a web ACL sees of a request."""

    path: str
    """As it was sent."""
    headers: Mapping[str, str]
    """By name, in any case."""
    address: str


@dataclass(frozen=True, kw_only=True)
class _Rule:
    matches: Matches
    status: int | None
    """The status of the response to what it blocks; None if it lets in."""


class WebAcl:
    """One web ACL; raises NotSupported for what the preview does not support."""

    def __init__(self, properties: Settings, clock: Callable[[], float]) -> None:
        self._clock = clock
        ordered = sorted(properties.get("Rules", ()), key=lambda rule: int(rule["Priority"]))
        self._rules = [
            _Rule(matches=self._matches(one["Statement"]), status=_status(one)) for one in ordered
        ]
        self._default = _status({"Action": properties["DefaultAction"]})

    def refusal(self, asked: Asked) -> int | None:
        """The status of the response to a request that it blocks; None if it lets it in."""
        for rule in self._rules:
            if rule.matches(asked):
                return rule.status
        return self._default

    def _matches(self, statement: Settings) -> Matches:
        ((kind, settings),) = statement.items()
        if kind not in STATEMENTS:
            raise NotSupported(f"the preview does not support AWS WAF's {kind}")
        return STATEMENTS[kind](self, settings)

    def _rate(self, settings: Settings) -> Matches:
        if settings["AggregateKeyType"] != "IP":
            raise NotSupported("the preview supports rates of IP addresses only")
        counts = self._matches(settings["ScopeDownStatement"])
        seconds = int(settings.get("EvaluationWindowSec", WINDOW_SECONDS))
        times: dict[str, deque[float]] = {}

        def is_over(asked: Asked) -> bool:
            if not counts(asked):
                return False
            now, seen = self._clock(), times.setdefault(asked.address, deque())
            while seen and seen[0] <= now - seconds:
                seen.popleft()
            seen.append(now)
            return len(seen) > int(settings["Limit"])

        return is_over

    def _none_of(self, settings: Settings) -> Matches:
        inner = self._matches(settings["Statement"])
        return lambda asked: not inner(asked)

    def _all_of(self, settings: Settings) -> Matches:
        inner = [self._matches(one) for one in settings["Statements"]]
        return lambda asked: all(one(asked) for one in inner)

    def _any_of(self, settings: Settings) -> Matches:
        inner = [self._matches(one) for one in settings["Statements"]]
        return lambda asked: any(one(asked) for one in inner)

    def _text(self, settings: Settings) -> Matches:
        read, compares = _field(settings["FieldToMatch"]), settings["PositionalConstraint"]
        steps = [TRANSFORMATIONS[one["Type"]] for one in settings["TextTransformations"]]
        wanted = settings["SearchString"]

        def matches(asked: Asked) -> bool:
            text = read(asked)
            for step in steps:
                text = step(text)
            return CONSTRAINTS[compares](text, wanted)

        return matches

    def _managed(self, _: Settings) -> Matches:
        return lambda _: False


STATEMENTS: Mapping[str, Callable[[WebAcl, Settings], Matches]] = {
    "AndStatement": WebAcl._all_of,
    "ByteMatchStatement": WebAcl._text,
    "ManagedRuleGroupStatement": WebAcl._managed,
    "NotStatement": WebAcl._none_of,
    "OrStatement": WebAcl._any_of,
    "RateBasedStatement": WebAcl._rate,
}
CONSTRAINTS: Mapping[str, Callable[[str, str], bool]] = {
    "EXACTLY": lambda text, wanted: text == wanted,
    "STARTS_WITH": lambda text, wanted: text.startswith(wanted),
}


def _normalized(path: str) -> str:
    """The path without "." and "..", and with single slashes."""
    plain = posixpath.normpath(path)
    ends = "/" if path.endswith("/") and plain != "/" else ""
    return f"/{plain.lstrip('/')}{ends}"


TRANSFORMATIONS: Mapping[str, Callable[[str], str]] = {
    "NONE": lambda text: text,
    "URL_DECODE": lambda text: unquote(text, "latin-1"),
    "NORMALIZE_PATH": _normalized,
}


def _field(field: Settings) -> Callable[[Asked], str]:
    if "UriPath" in field:
        return lambda asked: asked.path
    if "SingleHeader" in field:
        name = field["SingleHeader"]["Name"].lower()
        return lambda asked: {key.lower(): value for key, value in asked.headers.items()}.get(
            name, ""
        )
    raise NotSupported(f"the preview does not support AWS WAF's field {[*field]}")


def _status(rule: Settings) -> int | None:
    """The status of the response, for a rule or group that blocks."""
    action = rule.get("Action", {})
    if "Block" not in action:
        return None
    return int((action["Block"] or {}).get("CustomResponse", {}).get("ResponseCode", BLOCKED))
