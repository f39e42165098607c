"""Scenario for a template: IAM grants compared with the recorded calls."""

from collections.abc import Mapping

from preview.account import Account
from preview.resource import Resource
from preview.services.aws.policies import Access, Document, unused
from preview.services.aws.role_policies import documents
from tests.preview.violation import Violation

NOT_TRIED_BY_FUNCTIONS: Mapping[str, str] = {
    "xray:PutTraceSegments": "Lambda sends the traces, and not in the preview",
}
"""Actions of a function's statements that the preview does not use, with the reason."""
NOT_TRIED: Mapping[str, str] = {
    "kms:Decrypt": "the key of a password or passphrase is the operator's, not the stack's",
    "logs:DescribeLogGroups": "MediaLive's log of the encoder is not in the preview",
    "logs:PutLogEvents": "MediaLive's log of the encoder is not in the preview",
    "s3:PutObject": "nor are its thumbnails",
}
"""Actions of a channel's statements that the preview does not use, with the reason."""


def look_for_denials(account: Account) -> None:
    """No call was denied."""
    if denied := denials(account):
        raise Violation("; ".join(denied))


def denials(account: Account) -> list[str]:
    """Error messages for denied calls."""
    denied = {f"{one.caller} lacks {one.action}" for one in account.aws.calls if not one.allowed}
    return sorted(denied)


def granted_to(account: Account) -> dict[str, list[Document]]:
    """The policies of every resource with a role, by logical ID, as far as they can be tried."""

    def policies(one: Resource, name: str) -> list[Document]:
        return documents(account.resources.one("AWS::IAM::Role", one.properties[name], "Arn"))

    functions = account.resources.of_type("AWS::Lambda::Function")
    channels = account.resources.of_type("AWS::MediaLive::Channel")
    return {
        **{
            one.logical_id: [_tried(its, NOT_TRIED_BY_FUNCTIONS) for its in policies(one, "Role")]
            for one in functions
        },
        **{
            one.logical_id: [_tried(its, NOT_TRIED) for its in policies(one, "RoleArn")]
            for one in channels
        },
    }


def _tried(policy: Document, not_tried: Mapping[str, str]) -> Document:
    """The policy without what is done on AWS alone."""
    statements = [one for one in policy["Statement"] if not not_tried.keys() & {*one["Action"]}]
    return {**policy, "Statement": statements}


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
