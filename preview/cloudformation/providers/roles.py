"""IAM roles, in moto; checks their policies for elements that IAM does not know."""

import json

from preview.account import Account
from preview.cloudformation.providers.provider import Provider
from preview.cloudformation.providers.storage import rejections_of
from preview.errors import NotSupported
from preview.resource import Resource
from preview.services.aws.policies import Access, granted, granted_by
from preview.services.aws.role_policies import documents

NOTHING = Access(action="sts:GetCallerIdentity", resource="*")


def _create(account: Account, role: Resource) -> None:
    _check(role)
    trust = role.properties["AssumeRolePolicyDocument"]
    with rejections_of(role):
        account.client("iam").create_role(
            RoleName=role.ref, AssumeRolePolicyDocument=json.dumps(trust)
        )


def _check(role: Resource) -> None:
    if role.properties.get("ManagedPolicyArns"):
        raise NotSupported(f"{role.logical_id}: the preview does not support ManagedPolicyArns.")
    granted_by(role.properties["AssumeRolePolicyDocument"], NOTHING)
    granted(documents(role), NOTHING)


def _delete(account: Account, role: Resource) -> None:
    with rejections_of(role):
        account.client("iam").delete_role(RoleName=role.ref)


ROLE = Provider(create=_create, update=lambda _account, _old, new: _check(new), delete=_delete)
