"""The actions that the endpoint answers, and no others: by service, as botocore names it."""

from collections.abc import Callable, Mapping
from typing import Any

from preview.endpoint import cloudformation, delivery, functions, media, secrets, viewers
from preview.endpoint.desk import Desk

Handler = Callable[[Desk, Mapping[str, Any]], Mapping[str, Any]]
MOTO: Handler | None = None
"""moto answers, with what the preview has changed in it."""

ACTIONS: Mapping[str, Mapping[str, Handler | None]] = {
    "cloudformation": {
        "CreateChangeSet": cloudformation.create_change_set,
        "DeleteChangeSet": cloudformation.delete_change_set,
        "DeleteStack": cloudformation.delete_stack,
        "DescribeChangeSet": cloudformation.describe_change_set,
        "DescribeStackEvents": cloudformation.describe_stack_events,
        "DescribeStackResource": cloudformation.describe_stack_resource,
        "DescribeStackResources": cloudformation.describe_stack_resources,
        "DescribeStacks": cloudformation.describe_stacks,
        "ExecuteChangeSet": cloudformation.execute_change_set,
        "GetTemplate": cloudformation.get_template,
        "GetTemplateSummary": cloudformation.get_template_summary,
        "ListChangeSets": cloudformation.list_change_sets,
        "ListStackResources": cloudformation.list_stack_resources,
    },
    "cloudfront": {
        "CreateInvalidation": delivery.create_invalidation,
        "GetDistribution": delivery.get_distribution,
        "GetDistributionConfig": delivery.get_distribution_config,
        "GetKeyGroup": MOTO,
        "GetPublicKey": MOTO,
    },
    "cloudwatch": {"DescribeAlarms": MOTO, "GetMetricData": MOTO, "ListMetrics": MOTO},
    "cognito-idp": {
        "AdminAddUserToGroup": MOTO,
        "AdminCreateUser": viewers.admin_create_user,
        "AdminDeleteUser": MOTO,
        "AdminDisableUser": MOTO,
        "AdminEnableUser": MOTO,
        "AdminGetUser": MOTO,
        "AdminListGroupsForUser": MOTO,
        "AdminRemoveUserFromGroup": MOTO,
        "DeleteUserPool": MOTO,
        "DescribeUserPool": MOTO,
        "ListGroups": MOTO,
        "ListUsers": MOTO,
        "ListUsersInGroup": MOTO,
        "UpdateUserPool": MOTO,
    },
    "events": {"DescribeRule": functions.describe_rule},
    "kms": {
        "DescribeKey": MOTO,
        "GetPublicKey": MOTO,
        "ScheduleKeyDeletion": MOTO,
    },
    "lambda": {
        "GetFunctionConfiguration": functions.get_function_configuration,
        "Invoke": functions.invoke,
    },
    "logs": {
        "DeleteLogGroup": MOTO,
        "DescribeLogGroups": MOTO,
        "DescribeLogStreams": MOTO,
        "FilterLogEvents": MOTO,
        "GetLogEvents": MOTO,
    },
    "medialive": {
        "DescribeChannel": media.describe_channel,
        "DescribeInput": media.describe_input,
        "ListAlerts": media.list_alerts,
        "ListChannels": media.list_channels,
        "StartChannel": media.start_channel,
        "StopChannel": media.stop_channel,
    },
    "mediapackagev2": {
        "GetChannel": media.packager("GetChannel", "Channel"),
        "GetChannelGroup": media.packager("GetChannelGroup", "ChannelGroup"),
        "GetOriginEndpoint": media.packager("GetOriginEndpoint", "OriginEndpoint"),
    },
    "s3": {
        "AbortMultipartUpload": MOTO,
        "CompleteMultipartUpload": MOTO,
        "CreateBucket": MOTO,
        "CreateMultipartUpload": MOTO,
        "DeleteBucket": MOTO,
        "DeleteObject": MOTO,
        "DeleteObjects": MOTO,
        "GetBucketLocation": MOTO,
        "GetObject": MOTO,
        "HeadBucket": MOTO,
        "HeadObject": MOTO,
        "ListBuckets": MOTO,
        "ListObjectVersions": MOTO,
        "ListObjectsV2": MOTO,
        "PutObject": MOTO,
        "UploadPart": MOTO,
    },
    "secretsmanager": {
        "DeleteSecret": MOTO,
        "DescribeSecret": MOTO,
        "GetSecretValue": MOTO,
        "PutSecretValue": MOTO,
        "RotateSecret": secrets.rotate_secret,
        "UpdateSecretVersionStage": MOTO,
    },
    "ssm": {"GetParameters": MOTO, "PutParameter": MOTO},
    "sts": {"GetCallerIdentity": MOTO},
    "wafv2": {"GetWebACL": delivery.get_web_acl},
}
