"""CloudFront distributions, and the public keys and key groups that they trust."""

from preview.account import Account
from preview.cloudformation.providers.provider import Provider
from preview.cloudformation.providers.storage import rejections_of
from preview.errors import Rejected
from preview.hosts.routing import edge, key_group, signer_keys
from preview.resource import Resource
from preview.services.edge.distribution import behaviors
from preview.services.edge.trusted_keys import trusted_groups, trusted_signers

READ = ("GET", "HEAD")
CHOICES = (
    frozenset(READ),
    frozenset({*READ, "OPTIONS"}),
    frozenset({*READ, "OPTIONS", "PUT", "PATCH", "POST", "DELETE"}),
)
"""The sets of methods that a behavior may allow."""


def _put_distribution(account: Account, distribution: Resource) -> None:
    """Deploys the distribution, if everything that it trusts exists.

    https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateDistribution.html

    Raises:
        Rejected: a trusted key group or signer does not exist, or CloudFront refuses a setting.
        NotSupported: the preview does not support a setting.
    """
    _check_settings(distribution)
    made = edge(account, distribution)
    for error, names, lookup in (
        ("TrustedKeyGroupDoesNotExist", trusted_groups(distribution), key_group),
        ("TrustedSignerDoesNotExist", trusted_signers(distribution), signer_keys),
    ):
        for name in names:
            try:
                lookup(account, name)
            except KeyError:
                raise Rejected(f"{distribution.logical_id}: {error} ({name}).") from None
    account.edges[distribution.ref] = made


def _check_settings(distribution: Resource) -> None:
    """Checks the default root object and the allowed methods.

    https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionConfig.html,
    API_AllowedMethods.html.
    """
    config = distribution.properties["DistributionConfig"]
    root = config.get("DefaultRootObject", "")
    if root.startswith("/"):
        raise Rejected(
            f"{distribution.logical_id}: InvalidDefaultRootObject: {root} must not begin with a"
            " slash."
        )
    if config.get("Aliases") and not config.get("ViewerCertificate", {}).get("AcmCertificateArn"):
        # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/CNAMEs.html
        raise Rejected(
            f"{distribution.logical_id}: InvalidViewerCertificate: to add an alternate domain name"
            " (CNAME), you must attach a trusted certificate."
        )
    for behavior in behaviors(config):
        methods = behavior.get("AllowedMethods", READ)
        if frozenset(methods) not in CHOICES:
            raise Rejected(
                f"{distribution.logical_id}: InvalidArgument: AllowedMethods {methods} are none of"
                " the three sets that CloudFront allows: GET and HEAD, these and OPTIONS, or all."
            )


def _create_public_key(account: Account, key: Resource) -> None:
    with rejections_of(key):
        answer = account.client("cloudfront").create_public_key(
            PublicKeyConfig=key.properties["PublicKeyConfig"]
        )
    key.ref = answer["PublicKey"]["Id"]
    key.attributes = {**key.attributes, "Id": key.ref}


def _delete_public_key(account: Account, key: Resource) -> None:
    client = account.client("cloudfront")
    with rejections_of(key):
        etag = client.get_public_key(Id=key.ref)["ETag"]
        client.delete_public_key(Id=key.ref, IfMatch=etag)


def _create_key_group(account: Account, group: Resource) -> None:
    with rejections_of(group):
        answer = account.client("cloudfront").create_key_group(
            KeyGroupConfig=group.properties["KeyGroupConfig"]
        )
    group.ref = answer["KeyGroup"]["Id"]
    group.attributes = {**group.attributes, "Id": group.ref}


def _update_key_group(account: Account, _: Resource, group: Resource) -> None:
    client = account.client("cloudfront")
    with rejections_of(group):
        etag = client.get_key_group(Id=group.ref)["ETag"]
        client.update_key_group(
            Id=group.ref, IfMatch=etag, KeyGroupConfig=group.properties["KeyGroupConfig"]
        )


def _delete_key_group(account: Account, group: Resource) -> None:
    client = account.client("cloudfront")
    with rejections_of(group):
        etag = client.get_key_group(Id=group.ref)["ETag"]
        client.delete_key_group(Id=group.ref, IfMatch=etag)


DISTRIBUTION = Provider(
    create=_put_distribution,
    update=lambda account, _, new: _put_distribution(account, new),
)
# Only a public key's comment may change, which does not affect viewers.
PUBLIC_KEY = Provider(create=_create_public_key, delete=_delete_public_key)
KEY_GROUP = Provider(create=_create_key_group, update=_update_key_group, delete=_delete_key_group)
