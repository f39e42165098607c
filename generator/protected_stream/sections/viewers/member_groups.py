"""Cognito user pool groups whose members may watch, and the first viewer as a member."""

from troposphere import AWSObject, cognito

from protected_stream.sections.viewers.interface import logical_id
from protected_stream.template.metadata import why


def member_groups(
    names: tuple[str, ...], pool: cognito.UserPool, viewer: cognito.UserPoolUser
) -> tuple[AWSObject, ...]:
    """The groups, and the first viewer in the first of them; nothing without names.

    Ref of a user is its username. A former viewer stays a member, as the account is kept, too.
    """
    groups = [_group(name, pool) for name in names]
    member = [_member(groups[0], pool, viewer)] if groups else []
    return (*groups, *member)


def _group(name: str, pool: cognito.UserPool) -> cognito.UserPoolGroup:
    return cognito.UserPoolGroup(
        logical_id(name),
        Metadata=why("its members may watch"),
        UserPoolId=pool.ref(),
        GroupName=name,
    )


def _member(
    group: cognito.UserPoolGroup, pool: cognito.UserPool, viewer: cognito.UserPoolUser
) -> cognito.UserPoolUserToGroupAttachment:
    return cognito.UserPoolUserToGroupAttachment(
        "FirstViewerMembership",
        Metadata=why("the first viewer may watch"),
        Condition=viewer.Condition,
        UserPoolId=pool.ref(),
        GroupName=group.ref(),
        Username=viewer.ref(),
    )
