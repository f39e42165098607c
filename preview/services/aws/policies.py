"""Who may do what: IAM policies, evaluated as AWS evaluates them.

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
        NotSupported: a policy is none of a role, or has words that are not known here.
    """
    return _decided(list(_statements(documents)), access)


def granted_by(document: Document, access: Access) -> bool:
    """Whether a policy of a resource, or a role's trust policy, grants the access to who asks.

    A trust policy is one that is asked about an action of `sts`.

    Raises:
        NotSupported: the policy has words that are not known here.
    """
    has_resource = not access.action.startswith("sts:")
    there = list(_statements([document], has_principal=True, has_resource=has_resource))
    # all are looked at, so that unknown principals are found
    named = [_names(statement["Principal"], access.service) for statement in there]
    return _decided([one for one, its in zip(there, named, strict=True) if its], access)


def check_resource_policy(document: Document) -> None:
    """Looks for words that are not known here in the policy of a bucket or of an endpoint.

    Raises:
        NotSupported: there are some.
    """
    granted_by(document, Access(action="", resource=""))


def unused(documents: Iterable[Document], accesses: Iterable[Access]) -> list[str]:
    """The actions and resources of allowing statements that none of the accesses needed."""
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
    """Whether an ARN fits the SourceArn of a Lambda permission, which is compared by StringLike.

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
                f"A policy must be of Version {VERSION}, have a Statement and no {sorted(unknown)}."
            )
        for statement in listed(document["Statement"]):
            _check(statement, has_principal=has_principal, has_resource=has_resource)
            yield statement


def _check(statement: Statement, *, has_principal: bool, has_resource: bool) -> None:
    """A role's policies name no principal, and trust policies no resource.

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
        raise NotSupported(f"A policy's statement is not known to the preview: {statement}.")
    check(statement.get("Condition", {}))


def _decided(statements: list[Statement], access: Access) -> bool:
    """An explicit Deny wins; without an Allow nothing is granted."""
    effects = {statement["Effect"] for statement in statements if _applies(statement, access)}
    return effects == {"Allow"}


def _applies(statement: Statement, access: Access) -> bool:
    """Actions are compared without case, resources with it."""
    return (
        _matches(statement, "Action", lambda one: like(one.lower(), access.action.lower()))
        and _matches(statement, "Resource", lambda one: like(one, access.resource))
        and all_hold(statement.get("Condition", {}), access.context)
    )


def _matches(statement: Statement, element: str, matches: Callable[[str], bool]) -> bool:
    """Trust policies have no Resource."""
    if f"Not{element}" in statement:
        return not any(matches(one) for one in listed(statement[f"Not{element}"]))
    return element not in statement or any(matches(one) for one in listed(statement[element]))


def _names(principal: Any, service: str | None) -> bool:
    """Whether a Principal names the service; both ways to write "everyone" do.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """
    if principal == "*":
        return True
    if not isinstance(principal, dict) or principal.keys() - {"Service", "AWS"}:
        raise NotSupported(f"The principal {principal} is not known to the preview.")
    return service in listed(principal.get("Service", [])) or "*" in listed(
        principal.get("AWS", [])
    )
