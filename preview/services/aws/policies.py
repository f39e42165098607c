"""IAM policy evaluation, as AWS does it.

Source: IAM User Guide, "Policy evaluation logic" and "IAM JSON policy elements",
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from preview.errors import NotSupported
from preview.services.aws.conditions import all_hold, check, like, listed

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
    """A request for access."""

    action: str
    """The IAM action, such as `s3:GetObject`."""
    resource: str
    """ARN; `*` for actions without resource-level permissions."""
    context: Mapping[str, str] = field(default_factory=dict)
    """Condition keys and their values, such as `aws:SourceArn`."""
    service: str | None = None
    """The calling AWS service, such as `cloudfront.amazonaws.com`."""


def granted(documents: Iterable[Document], access: Access) -> bool:
    """Whether a role's policies grant the access: one allows it, and none denies it.

    Raises:
        NotSupported: a policy is not an identity policy, or has unsupported elements.
    """
    return _decided(list(_statements(documents)), access)


def granted_by(document: Document, access: Access) -> bool:
    """Whether a resource policy, or a role's trust policy, grants the access to its service.

    For an `sts` action, the document is a trust policy.

    Raises:
        NotSupported: the policy has unsupported elements.
    """
    has_resource = not access.action.startswith("sts:")
    there = list(_statements([document], has_principal=True, has_resource=has_resource))
    # check all statements, to find unsupported principals
    named = [_names(statement["Principal"], access.service) for statement in there]
    return _decided([one for one, its in zip(there, named, strict=True) if its], access)


def check_resource_policy(document: Document) -> None:
    """Checks that the preview supports all elements of a bucket policy or endpoint policy.

    Raises:
        NotSupported: it does not.
    """
    granted_by(document, Access(action="", resource=""))


def unused(documents: Iterable[Document], accesses: Iterable[Access]) -> list[str]:
    """The actions and resources in Allow statements that none of the accesses needed."""
    there = list(accesses)
    found = []
    for statement in _statements(documents):
        if statement["Effect"] == "Allow":
            for key in ("Action", "Resource"):
                for one in listed(statement.get(key, [])):
                    alone = {**statement, key: one}
                    if not any(_applies(alone, access) for access in there):
                        found.append(one)
    return found


def arn_matches(pattern: str, arn: str) -> bool:
    """Whether an ARN matches the SourceArn of a Lambda permission, which uses StringLike.

    https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
    """
    return like(pattern, arn)


def _statements(
    documents: Iterable[Document], *, has_principal: bool = False, has_resource: bool = True
) -> Iterator[Statement]:
    for document in documents:
        unknown = document.keys() - DOCUMENT_KEYS
        if unknown or document.get("Version") != VERSION or "Statement" not in document:
            raise NotSupported(
                f"A policy must have Version {VERSION} and a Statement, and not {sorted(unknown)}."
            )
        for statement in listed(document["Statement"]):
            _check(statement, has_principal=has_principal, has_resource=has_resource)
            yield statement


def _check(statement: Statement, *, has_principal: bool, has_resource: bool) -> None:
    """Checks a statement; a role's policies have no Principal, and trust policies no Resource.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
    """
    wrong = (
        bool(statement.keys() - STATEMENT_KEYS)
        or statement.get("Effect") not in ("Allow", "Deny")
        or ("Action" in statement) == ("NotAction" in statement)
        or ("Principal" in statement) != has_principal
        or [key in statement for key in ("Resource", "NotResource")].count(True) != has_resource
        or "${" in json.dumps(statement)  # a policy variable
    )
    if wrong:
        raise NotSupported(f"The preview does not support the policy statement {statement}.")
    check(statement.get("Condition", {}))


def _decided(statements: list[Statement], access: Access) -> bool:
    """An explicit Deny overrides; without an Allow, access is denied."""
    effects = {statement["Effect"] for statement in statements if _applies(statement, access)}
    return effects == {"Allow"}


def _applies(statement: Statement, access: Access) -> bool:
    """Actions are case-insensitive, resources case-sensitive."""
    return (
        _matches(statement, "Action", lambda one: like(one.lower(), access.action.lower()))
        and _matches(statement, "Resource", lambda one: like(one, access.resource))
        and all_hold(statement.get("Condition", {}), access.context)
    )


def _matches(statement: Statement, element: str, matches: Callable[[str], bool]) -> bool:
    """Whether the element matches; trust policies have no Resource."""
    if f"Not{element}" in statement:
        return not any(matches(one) for one in listed(statement[f"Not{element}"]))
    return element not in statement or any(matches(one) for one in listed(statement[element]))


def _names(principal: Any, service: str | None) -> bool:
    """Whether a Principal matches the service; both forms of "everyone" match.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """
    if principal == "*":
        return True
    if not isinstance(principal, dict) or principal.keys() - {"Service", "AWS"}:
        raise NotSupported(f"The preview does not support the principal {principal}.")
    return service in listed(principal.get("Service", [])) or "*" in listed(
        principal.get("AWS", [])
    )
