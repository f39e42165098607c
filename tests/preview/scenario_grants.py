"""Scenario for a template: IAM grants compared with the recorded calls."""

from collections.abc import Mapping

from preview.account import Account
from preview.services.aws.policies import Access, Document, unused
from preview.services.aws.role_policies import documents
from tests.preview.violation import Violation


def look_for_denials(account: Account) -> None:
    """No call was denied."""
    if denied := denials(account):
        raise Violation("; ".join(denied))


def denials(account: Account) -> list[str]:
    """Error messages for denied calls."""
    denied = {f"{one.caller} lacks {one.action}" for one in account.aws.calls if not one.allowed}
    return sorted(denied)


def granted_to(account: Account) -> dict[str, list[Document]]:
    """The policies of every resource with a role, by logical ID."""
    return {
        one.logical_id: documents(
            account.resources.one("AWS::IAM::Role", one.properties[name], "Arn")
        )
        for kind, name in (
            ("AWS::Lambda::Function", "Role"),
            ("AWS::MediaLive::Channel", "RoleArn"),
        )
        for one in account.resources.of_type(kind)
    }


def look_for_unused(account: Account, grants: Mapping[str, list[Document]]) -> None:
    """No grant is unused."""
    for caller, policies in grants.items():
        accesses = [
            Access(action=call.action, resource=call.resource, context=call.context)
            for call in account.aws.calls
            if call.caller == caller
        ]
        if left := unused(policies, accesses):
            raise Violation(f"{caller} may do what it never did: {left}")
