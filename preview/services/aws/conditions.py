"""IAM policy conditions.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators",
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

import re
from collections.abc import Callable, Mapping
from ipaddress import ip_address, ip_network
from typing import Any

from preview.errors import NotSupported

Conditions = Mapping[str, Mapping[str, Any]]


def all_hold(conditions: Conditions, context: Mapping[str, str]) -> bool:
    """Whether all conditions hold; `context` has the request's condition keys."""
    there = {name.lower(): value for name, value in context.items()}
    return all(
        _holds(operator, [_word(value) for value in listed(values)], there.get(key.lower()))
        for operator, keys in conditions.items()
        for key, values in keys.items()
    )


def check(conditions: Conditions) -> None:
    """Raises NotSupported for operators that the preview does not support."""
    for operator in conditions:
        if operator != "Null" and operator.removesuffix("IfExists") not in OPERATORS:
            raise NotSupported(f"The preview does not support the condition operator {operator}.")


def like(pattern: str, text: str) -> bool:
    """Whether the whole text matches: * is any characters, ? exactly one; case-sensitive."""
    regular = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(regular, text, re.DOTALL) is not None


def listed(value: Any) -> list[Any]:
    """The value as a list: policies may write a single item without a list."""
    return value if isinstance(value, list) else [value]


def _holds(operator: str, wanted: list[str], asked: str | None) -> bool:
    """A missing key does not match, so it satisfies the negated operators."""
    if operator == "Null":
        return any((asked is None) == (value == "true") for value in wanted)
    if asked is None and operator.endswith("IfExists"):
        return True
    compare, negated = OPERATORS[operator.removesuffix("IfExists")]
    return (asked is not None and any(compare(value, asked) for value in wanted)) != negated


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _same(wanted: str, asked: str) -> bool:
    return wanted == asked


def _arn_like(pattern: str, arn: str) -> bool:
    """Each of the six colon-delimited components is checked separately."""
    patterns, parts = pattern.split(":", 5), arn.split(":", 5)
    return len(patterns) == len(parts) and all(map(like, patterns, parts))


def _in_range(address_range: str, address: str) -> bool:
    return ip_address(address) in ip_network(address_range, strict=False)


Compare = Callable[[str, str], bool]
# name: (comparison, whether it is negated)
OPERATORS: Mapping[str, tuple[Compare, bool]] = {
    "ArnEquals": (_arn_like, False),
    "ArnLike": (_arn_like, False),
    "ArnNotEquals": (_arn_like, True),
    "ArnNotLike": (_arn_like, True),
    "Bool": (_same, False),
    "IpAddress": (_in_range, False),
    "NotIpAddress": (_in_range, True),
    "StringEquals": (_same, False),
    "StringLike": (like, False),
    "StringNotEquals": (_same, True),
    "StringNotLike": (like, True),
}
