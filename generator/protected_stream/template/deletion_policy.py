"""DeletionPolicy and UpdateReplacePolicy of resources that hold data."""

from dataclasses import dataclass

from troposphere import AWSObject, Output, Sub

RETAINED_OUTPUT = "KeptAfterDeletion"
RETAINED = ("Retain", "RetainExceptOnCreate")


@dataclass(frozen=True, kw_only=True)
class DeletionRule:
    """One row of the table."""

    on_delete: str
    """DeletionPolicy."""
    on_replacement: str
    """UpdateReplacePolicy."""
    why: str
    listed: bool = True
    """Whether the output names what is kept; not what is inside another resource that it names."""


# Source: AWS CloudFormation Template Reference, DeletionPolicy and UpdateReplacePolicy attributes;
# "Delete" deletes a secret at once, without a recovery window, and a KMS key after a waiting period
DELETION_RULES = {
    "AWS::Cognito::UserPool": DeletionRule(
        on_delete="Retain",
        on_replacement="Retain",
        why="the viewers' accounts cannot be recreated",
    ),
    "AWS::Cognito::UserPoolUser": DeletionRule(
        on_delete="RetainExceptOnCreate",
        on_replacement="Retain",
        why="a viewer stays one when the parameter changes; a repeated creation needs the name",
        listed=False,
    ),
    "AWS::Cognito::UserPoolGroup": DeletionRule(
        on_delete="RetainExceptOnCreate",
        on_replacement="Retain",
        why="who is a member cannot be recreated; it is inside the user pool, which is kept",
        listed=False,
    ),
    "AWS::Cognito::UserPoolUserToGroupAttachment": DeletionRule(
        on_delete="RetainExceptOnCreate",
        on_replacement="Retain",
        why="a viewer who is kept stays a member",
        listed=False,
    ),
    "AWS::S3::Bucket": DeletionRule(
        on_delete="RetainExceptOnCreate",
        on_replacement="Retain",
        why="a bucket with files cannot be deleted; an empty one after a failed creation can",
    ),
    "AWS::SecretsManager::Secret": DeletionRule(
        on_delete="Delete",
        on_replacement="Delete",
        why="a key that no distribution trusts is worth nothing",
    ),
    "AWS::KMS::Key": DeletionRule(
        on_delete="Delete",
        on_replacement="Delete",
        why="KMS keeps it for a waiting period, in which its deletion can be canceled",
    ),
    "AWS::SQS::Queue": DeletionRule(
        on_delete="Delete",
        on_replacement="Delete",
        why="its messages say which starts and stops failed, for two weeks at most",
    ),
    "AWS::Logs::LogGroup": DeletionRule(
        on_delete="Delete",
        on_replacement="Delete",
        why="logs are kept for retention_days, while the stream exists",
    ),
}

BY_NAME = {
    "DataKey": DeletionRule(
        on_delete="RetainExceptOnCreate",
        on_replacement="Retain",
        why="nothing in the buckets that are kept can be read without it",
    ),
}
"""By logical ID, for resources to which the row of their type does not apply."""


def deletion_rule(name: str, type_: str) -> DeletionRule | None:
    """The row of a resource, by its logical ID and type; none if it holds no data."""
    return BY_NAME.get(name) or DELETION_RULES.get(type_)


def with_deletion_policy(resource: AWSObject, *, defaults: bool = True) -> AWSObject:
    """The resource with the policies of its row, if it has one.

    Args:
        resource: any resource.
        defaults: whether it states the policy that CloudFormation applies anyway, "Delete".
    """
    rule = deletion_rule(resource.title or "", resource.resource_type or "")
    if rule and (defaults or rule.on_delete in RETAINED):
        resource.DeletionPolicy = rule.on_delete
        resource.UpdateReplacePolicy = rule.on_replacement
    return resource


def retained_output(resources: tuple[AWSObject, ...]) -> Output:
    """The output that lists the resources that are kept when the stack is deleted."""
    titles = [
        resource.title
        for resource in resources
        if (rule := deletion_rule(resource.title or "", resource.resource_type or ""))
        and rule.listed
        and rule.on_delete in RETAINED
    ]
    return Output(
        RETAINED_OUTPUT,
        Description="Kept when the stack is deleted",
        Value=Sub(", ".join(f"{title} ${{{title}}}" for title in titles)),
    )
