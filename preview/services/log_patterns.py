"""CloudWatch Logs filter patterns for JSON lines: equal texts, with "*" at their ends.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
"""

import json
import re
from collections.abc import Callable
from typing import Any

from preview.errors import NotSupported

CONDITION = re.compile(r'\$\.(\w+)\s*=\s*"(\*?)([^"*]*)(\*?)"')

Matches = Callable[[str], bool]


def pattern(text: str) -> Matches:
    """Whether a line matches a pattern of conditions that all have the same operator between them.

    Raises:
        NotSupported: it is another pattern.
    """
    inner = re.fullmatch(r"\{(.*)\}", text.strip())
    parts = re.split(r"(&&|\|\|)", inner[1]) if inner else []
    found = [CONDITION.fullmatch(part.strip()) for part in parts[::2]]
    operators = set(parts[1::2])
    if not found or not all(found) or len(operators) > 1:
        raise NotSupported(f"the preview does not support the filter pattern {text}")
    combined = all if operators == {"&&"} else any
    conditions = [one.groups() for one in found if one]
    return lambda line: combined(_holds(_fields(line), *one) for one in conditions)


def _fields(line: str) -> dict[str, Any]:
    try:
        parsed = json.loads(line)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _holds(fields: dict[str, Any], name: str, before: str, text: str, after: str) -> bool:
    value = fields.get(name)
    if not isinstance(value, str):
        return False
    if before and after:
        return text in value
    if before:
        return value.endswith(text)
    return value.startswith(text) if after else value == text
