"""What stays when a stack is deleted: resources whose DeletionPolicy retains them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

INSIDE_THE_POOL = "it is inside the user pool, which is kept"
REASONS: Mapping[str, str] = {
    "AWS::Cognito::UserPool": "the viewers' accounts cannot be recreated",
    "AWS::Cognito::UserPoolUser": INSIDE_THE_POOL,
    "AWS::Cognito::UserPoolGroup": INSIDE_THE_POOL,
    "AWS::Cognito::UserPoolUserToGroupAttachment": INSIDE_THE_POOL,
    "AWS::S3::Bucket": "a bucket with files cannot be deleted",
    "AWS::KMS::Key": "nothing in the buckets that are kept can be read without it",
}
"""Why, by type; a test compares the types with those that the generator retains."""
REMOVALS: Mapping[str, tuple[str, ...]] = {
    "AWS::Cognito::UserPool": (
        "aws cognito-idp update-user-pool --user-pool-id {} --deletion-protection INACTIVE",
        "aws cognito-idp delete-user-pool --user-pool-id {}",
    ),
    "AWS::S3::Bucket": ("aws s3 rb s3://{} --force",),
    "AWS::KMS::Key": ("aws kms schedule-key-deletion --key-id {}",),
}
"""The lines that delete what is kept, by type; what has none goes with something else."""


class Kept(NamedTuple):
    """A resource that is kept."""

    name: str
    """Its logical ID."""
    type: str
    reason: str


def kept(template: Mapping[str, Any]) -> list[Kept]:
    """What is kept when a stack of this template is deleted."""
    return [
        Kept(name, resource["Type"], REASONS.get(resource["Type"], "its DeletionPolicy says so"))
        for name, resource in template["Resources"].items()
        if _is_retained(resource)
    ]


def deleted_buckets(template: Mapping[str, Any]) -> list[str]:
    """The logical IDs of buckets that are deleted with the stack, for which they must be empty."""
    return [
        name
        for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::S3::Bucket" and not _is_retained(resource)
    ]


def _is_retained(resource: Mapping[str, Any]) -> bool:
    # RetainExceptOnCreate retains, too, once the resource's creation has succeeded
    return str(resource.get("DeletionPolicy", "Delete")).startswith("Retain")
