"""Who may do what: IAM policies, evaluated as AWS evaluates them.

Source: IAM User Guide, "Policy evaluation logic" and "IAM JSON policy elements".
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from preview.refused import Refused

Document = Mapping[str, Any]
Statement = Mapping[str, Any]
VERSION = "2012-10-17"
DOCUMENT_KEYS = {"Version", "Id", "Statement"}
STATEMENT_KEYS = {
    "Sid",
    "Effect",
    "Principal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
}


@dataclass(frozen=True, kw_only=True)
class Access:
    """What somebody wants to do."""

    action: str
    """As IAM names it, such as `s3:GetObject`."""
    resource: str
    """ARN; `*` for actions without resource-level permissions."""
    context: Mapping[str, str] = field(default_factory=dict)
    """Condition keys and their values, such as `aws:SourceArn`."""
    service: str | None = None
    """The AWS service that asks, such as `cloudfront.amazonaws.com`."""


def granted(documents: Iterable[Document], access: Access) -> bool:
    """Whether policies of a role grant the access: one allows it, and none denies it.

    Raises:
        Refused: a policy has words that are not known here.
    """
    return _decided(list(_statements(documents)), access)


def granted_by(document: Document, access: Access) -> bool:
    """Whether a policy of a resource, or a role's trust policy, grants the access to who asks.

    Raises:
        Refused: the policy has words that are not known here.
    """
    statements = [
        statement for statement in _statements([document]) if _names(statement, access.service)
    ]
    return _decided(statements, access)


def unused(documents: Iterable[Document], accesses: Iterable[Access]) -> list[str]:
    """The actions and resources of allowing statements that none of the accesses needed."""
    there = list(accesses)
    found = []
    for statement in _statements(documents):
        if statement["Effect"] == "Allow":
            for key in ("Action", "Resource"):
                for one in _listed(statement.get(key, [])):
                    alone = {**statement, key: one}
                    if not any(_applies(alone, access) for access in there):
                        found.append(one)
    return found


def arn_matches(pattern: str, arn: str) -> bool:
    """Whether an ARN matches a pattern with `*` and `?`."""
    return _like(pattern, arn)


def _statements(documents: Iterable[Document]) -> Iterator[Statement]:
    for document in documents:
        unknown = document.keys() - DOCUMENT_KEYS
        if unknown or document.get("Version") != VERSION:
            raise Refused(f"A policy must be of Version {VERSION} and have no {sorted(unknown)}.")
        for statement in _listed(document["Statement"]):
            odd = statement.keys() - STATEMENT_KEYS
            if odd or statement["Effect"] not in ("Allow", "Deny"):
                raise Refused(f"A policy's statement is not known to the preview: {statement}.")
            for operator in statement.get("Condition", {}):
                _operator(operator)
            yield statement


def _decided(statements: list[Statement], access: Access) -> bool:
    effects = {statement["Effect"] for statement in statements if _applies(statement, access)}
    return effects == {"Allow"}


def _applies(statement: Statement, access: Access) -> bool:
    return (
        _matches(statement, "Action", lambda one: _like(one.lower(), access.action.lower()))
        and _matches(statement, "Resource", lambda one: _like(one, access.resource))
        and all(
            _holds(operator, key, values, access.context)
            for operator, keys in statement.get("Condition", {}).items()
            for key, values in keys.items()
        )
    )


def _matches(statement: Statement, element: str, matches: Callable[[str], bool]) -> bool:
    """Trust policies have no Resource."""
    if f"Not{element}" in statement:
        return not any(matches(one) for one in _listed(statement[f"Not{element}"]))
    return element not in statement or any(matches(one) for one in _listed(statement[element]))


def _names(statement: Statement, service: str | None) -> bool:
    principal = statement.get("Principal", {})
    if principal == "*":
        return True
    odd = principal.keys() - {"Service", "AWS"}
    if odd:
        raise Refused(f"The principal {principal} is not known to the preview.")
    return service in _listed(principal.get("Service", [])) or "*" in _listed(
        principal.get("AWS", [])
    )


def _holds(operator: str, key: str, values: Any, context: Mapping[str, str]) -> bool:
    names = {name.lower(): value for name, value in context.items()}
    asked = names.get(key.lower())
    if operator == "Null":
        return any((asked is None) == (_word(value) == "true") for value in _listed(values))
    compare, negated, if_exists = _operator(operator)
    if asked is None:
        return if_exists or negated
    return any(compare(_word(value), asked) for value in _listed(values)) != negated


def _operator(name: str) -> tuple[Callable[[str, str], bool], bool, bool]:
    """How it compares, whether it is the opposite, and whether a missing key is enough."""
    plain = name.removesuffix("IfExists")
    positive = plain.replace("Not", "", 1)
    if positive not in OPERATORS and name != "Null":
        raise Refused(f"The condition operator {name} is not known to the preview.")
    return OPERATORS.get(positive, _same), plain != positive, plain != name


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _same(wanted: str, asked: str) -> bool:
    return wanted == asked


def _like(pattern: str, text: str) -> bool:
    regular = "".join({"*": ".*", "?": "."}.get(part, re.escape(part)) for part in pattern)
    return re.fullmatch(regular, text, re.DOTALL) is not None


OPERATORS: Mapping[str, Callable[[str, str], bool]] = {
    "ArnEquals": _like,
    "ArnLike": _like,
    "Bool": _same,
    "StringEquals": _same,
    "StringLike": _like,
}
