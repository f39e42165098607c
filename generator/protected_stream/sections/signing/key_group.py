"""CloudFront key group and public keys."""

from collections.abc import Sequence

from troposphere import AWSHelperFn, Join, cloudfront

from protected_stream.template.metadata import why
from protected_stream.template.names import physical_name

NAME_LIMIT = 128  # of public keys and key groups
LONGEST_MARK = 36  # a UUID


def trusted_key(
    title: str,
    role: str,
    mark: str | AWSHelperFn,
    pem: str | AWSHelperFn,
    *,
    reference: AWSHelperFn | None = None,
) -> cloudfront.PublicKey:
    """A public key, which is immutable: another key is another resource.

    Source: Amazon CloudFront API, UpdatePublicKey: "the only value you can change is the comment".

    Args:
        title: its logical ID.
        role: begins its name; unique to each mode, as keys of two modes may exist at once.
        mark: ends its name; unique to each key, which exists beside the one that it replaces.
        pem: the key (SubjectPublicKeyInfo, PEM).
        reference: identifies the key among all of the account's; defaults to the name.
    """
    name = Join("-", [physical_name(role, limit=NAME_LIMIT - LONGEST_MARK - 1), mark])
    return cloudfront.PublicKey(
        title,
        Metadata=why("cookies signed with its private key give access"),
        PublicKeyConfig=cloudfront.PublicKeyConfig(
            CallerReference=reference or name, EncodedKey=pem, Name=name
        ),
    )


def key_group(title: str, role: str, keys: Sequence[cloudfront.PublicKey]) -> cloudfront.KeyGroup:
    """The key group with that logical ID, whose keys CloudFront trusts; `role` begins its name."""
    return cloudfront.KeyGroup(
        title,
        Metadata=why("whose cookies give access"),
        KeyGroupConfig=cloudfront.KeyGroupConfig(
            Name=physical_name(role, limit=NAME_LIMIT), Items=[key.ref() for key in keys]
        ),
    )
