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
    "secretsmanager": ("GetSecretValue", "RotateSecret", "UpdateSecretVersionStage"),
    "ssm": ("PutParameter",),
}
"""What the other documents' lines call."""
CLIENTS: Actions = {
    "cloudformation": ("DeleteChangeSet", "DescribeStackResources", "ListChangeSets"),
    "s3": (
        "AbortMultipartUpload",
        "CompleteMultipartUpload",
        "CreateBucket",
        "CreateMultipartUpload",
        "DeleteObject",
        "GetObject",
        "HeadBucket",
        "ListBuckets",
        "UploadPart",
    ),
    "sts": ("GetCallerIdentity",),
}
"""What an operator calls besides: `aws s3 mb`, `ls`, a file of 8 MB, `aws sts`, a change set."""
COMMANDS: Actions = {
    "cloudformation": ("GetTemplate", "ListStackResources"),
    "cloudfront": (
        "CreateInvalidation",
        "GetDistribution",
        "GetDistributionConfig",
        "GetKeyGroup",
        "GetPublicKey",
    ),
    "cloudwatch": ("DescribeAlarms", "GetMetricData", "ListMetrics"),
    "cognito-idp": (
        "AdminDeleteUser",
        "AdminEnableUser",
        "AdminGetUser",
        "AdminListGroupsForUser",
        "DescribeUserPool",
        "ListGroups",
        "ListUsers",
        "ListUsersInGroup",
    ),
    "events": ("DescribeRule",),
    "kms": ("DescribeKey", "GetPublicKey", "ScheduleKeyDeletion"),
    "lambda": ("GetFunctionConfiguration",),
    "logs": (
        "DeleteLogGroup",
        "DescribeLogGroups",
        "DescribeLogStreams",
        "FilterLogEvents",
        "GetLogEvents",
    ),
    "medialive": ("DescribeInput", "ListChannels"),
    "mediapackagev2": ("GetChannel", "GetChannelGroup", "GetOriginEndpoint"),
    "s3": ("DeleteBucket", "DeleteObjects", "GetBucketLocation", "ListObjectVersions"),
    "secretsmanager": ("DeleteSecret", "DescribeSecret", "PutSecretValue"),
    "ssm": ("GetParameter",),
    "wafv2": ("GetWebACL",),
}
"""What the commands of `protected-stream` call in an account: add here what a command needs."""


def pairs(*callers: Actions) -> set[tuple[str, str]]:
    """Services and actions."""
    return {
        (service, action)
        for caller in callers
        for service, actions in caller.items()
        for action in actions
    }
