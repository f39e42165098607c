"""Who calls what: the endpoint answers these actions and no others (test_actions.py)."""

from collections.abc import Iterable, Mapping

Actions = Mapping[str, Iterable[str]]

README: Actions = {
    "cloudformation": (
        "CreateChangeSet",
        "DeleteStack",
        "DescribeChangeSet",
        "DescribeStacks",
        "ExecuteChangeSet",
        "GetTemplateSummary",
    ),
    "cognito-idp": ("AdminCreateUser", "AdminDisableUser"),
    "medialive": ("StartChannel", "StopChannel"),
    "s3": ("HeadObject", "ListObjectsV2", "PutObject"),
}
"""What the AWS CLI calls for the README's lines; test_readme.py compares."""
DOCS: Actions = {
    "cloudformation": ("DescribeStackEvents", "DescribeStackResource"),
    "cognito-idp": (
        "AdminAddUserToGroup",
        "AdminRemoveUserFromGroup",
        "DeleteUserPool",
        "UpdateUserPool",
    ),
    "lambda": ("Invoke",),
    "medialive": ("DescribeChannel", "ListAlerts"),
    "s3": ("DeleteBucket", "DeleteObject"),
    "secretsmanager": ("GetSecretValue", "RotateSecret", "UpdateSecretVersionStage"),
    "ssm": ("PutParameter",),
}
"""What the other documents' lines call, and those that `destroy` prints."""
COMMANDS: Actions = {
    "cloudformation": (
        "CreateChangeSet",
        "DeleteChangeSet",
        "DeleteStack",
        "DescribeChangeSet",
        "DescribeStackEvents",
        "DescribeStacks",
        "ExecuteChangeSet",
        "GetTemplate",
        "ListStackResources",
    ),
    "cognito-idp": (
        "AdminCreateUser",
        "AdminDisableUser",
        "DescribeUserPool",
        "ListUsers",
    ),
    "lambda": ("Invoke",),
    "logs": ("FilterLogEvents",),
    "medialive": (
        "DescribeChannel",
        "DescribeInput",
        "ListAlerts",
        "StartChannel",
        "StopChannel",
    ),
    "pricing-plan-manager": ("ListSubscriptions",),
    "s3": (
        "HeadBucket",
        "HeadObject",
        "ListObjectsV2",
        "PutObject",
    ),
    "secretsmanager": (
        "DescribeSecret",
        "RotateSecret",
    ),
    "ssm": ("GetParameters",),
    "sts": ("GetCallerIdentity",),
}
"""What the commands of `protected-stream` call in an account; test_commands.py compares."""


OTHER_STREAMS: Actions = {
    "cloudfront": ("GetDistributionConfig", "GetKeyGroup"),
    "cloudwatch": ("DescribeAlarms",),
    "cognito-idp": ("AdminAddUserToGroup",),
    "s3": ("CreateBucket", "DeleteObjects", "ListObjectVersions"),
    "sns": ("ListSubscriptionsByTopic",),
}
"""What they call besides for streams with groups or alarms, without a bucket, with files to delete,
and for `verify`, whose visits go to host names that only the preview's viewers can reach."""


def pairs(*callers: Actions) -> set[tuple[str, str]]:
    """Services and actions."""
    return {
        (service, action)
        for caller in callers
        for service, actions in caller.items()
        for action in actions
    }
