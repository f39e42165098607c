"""Distributions, and the public keys and key groups that they trust."""

from typing import TYPE_CHECKING

from preview.fronts import edge, key_group
from preview.providers.provider import Provider
from preview.providers.storage import refusals_of
from preview.refused import Refused
from preview.resource import Resource
from preview.template.links import trusted_groups

if TYPE_CHECKING:
    from preview.account import Account


def _check_distribution(account: "Account", distribution: Resource) -> None:
    account.edges[distribution.ref] = edge(account, distribution)
    for group in trusted_groups(distribution):
        try:
            key_group(account, group)
        except KeyError:
            # https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateDistribution.html
            raise Refused(
                f"{distribution.logical_id}: TrustedKeyGroupDoesNotExist ({group})."
            ) from None


def _create_public_key(account: "Account", key: Resource) -> None:
    with refusals_of(key):
        answer = account.client("cloudfront").create_public_key(
            PublicKeyConfig=key.properties["PublicKeyConfig"]
        )
    key.ref = answer["PublicKey"]["Id"]
    key.attributes = {**key.attributes, "Id": key.ref}


def _delete_public_key(account: "Account", key: Resource) -> None:
    client = account.client("cloudfront")
    with refusals_of(key):
        etag = client.get_public_key(Id=key.ref)["ETag"]
        client.delete_public_key(Id=key.ref, IfMatch=etag)


def _create_key_group(account: "Account", group: Resource) -> None:
    with refusals_of(group):
        answer = account.client("cloudfront").create_key_group(
            KeyGroupConfig=group.properties["KeyGroupConfig"]
        )
    group.ref = answer["KeyGroup"]["Id"]
    group.attributes = {**group.attributes, "Id": group.ref}


def _update_key_group(account: "Account", _: Resource, group: Resource) -> None:
    client = account.client("cloudfront")
    with refusals_of(group):
        etag = client.get_key_group(Id=group.ref)["ETag"]
        client.update_key_group(
            Id=group.ref, IfMatch=etag, KeyGroupConfig=group.properties["KeyGroupConfig"]
        )


def _delete_key_group(account: "Account", group: Resource) -> None:
    client = account.client("cloudfront")
    with refusals_of(group):
        etag = client.get_key_group(Id=group.ref)["ETag"]
        client.delete_key_group(Id=group.ref, IfMatch=etag)


DISTRIBUTION = Provider(
    create=_check_distribution,
    update=lambda account, _, new: _check_distribution(account, new),
)
PUBLIC_KEY = Provider(create=_create_public_key, delete=_delete_public_key)
KEY_GROUP = Provider(create=_create_key_group, update=_update_key_group, delete=_delete_key_group)
