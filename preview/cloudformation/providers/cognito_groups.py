"""Cognito groups and their members, in moto."""

from preview.account import Account
from preview.cloudformation.providers.provider import Provider
from preview.cloudformation.providers.storage import rejections_of
from preview.resource import Resource


def _create_group(account: Account, group: Resource) -> None:
    with rejections_of(group):
        account.client("cognito-idp").create_group(**group.properties)


def _delete_group(account: Account, group: Resource) -> None:
    with rejections_of(group):
        account.client("cognito-idp").delete_group(
            UserPoolId=group.properties["UserPoolId"], GroupName=group.properties["GroupName"]
        )


def _add(account: Account, membership: Resource) -> None:
    with rejections_of(membership):
        account.client("cognito-idp").admin_add_user_to_group(**membership.properties)


def _remove(account: Account, membership: Resource) -> None:
    with rejections_of(membership):
        account.client("cognito-idp").admin_remove_user_from_group(**membership.properties)


GROUP = Provider(create=_create_group, delete=_delete_group)
MEMBERSHIP = Provider(create=_add, delete=_remove)
