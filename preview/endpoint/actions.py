"""The actions that the endpoint answers, and no others: by service, as botocore names it."""

from collections.abc import Callable, Mapping
from typing import Any

from preview.endpoint import alarms, cloudformation, delivery, functions, media, secrets, viewers
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
        "DescribeStacks": cloudformation.describe_stacks,
        "ExecuteChangeSet": cloudformation.execute_change_set,
        "GetTemplate": cloudformation.get_template,
        "GetTemplateSummary": cloudformation.get_template_summary,
        "ListStackResources": cloudformation.list_stack_resources,
    },
    "cloudfront": {
        "GetDistributionConfig": delivery.get_distribution_config,
        "GetKeyGroup": MOTO,
    },
    "cloudwatch": {"DescribeAlarms": alarms.describe_alarms},
    "cognito-idp": {
        "AdminAddUserToGroup": MOTO,
        "AdminCreateUser": viewers.admin_create_user,
        "AdminDisableUser": MOTO,
        "AdminRemoveUserFromGroup": MOTO,
        "DeleteUserPool": MOTO,
        "DescribeUserPool": MOTO,
        "ListUsers": MOTO,
        "UpdateUserPool": MOTO,
    },
    "lambda": {
        "Invoke": functions.invoke,
    },
    "logs": {
        "FilterLogEvents": MOTO,
    },
    "medialive": {
        "DescribeChannel": media.describe_channel,
        "DescribeInput": media.describe_input,
        "ListAlerts": media.list_alerts,
        "StartChannel": media.start_channel,
        "StopChannel": media.stop_channel,
    },
    "pricing-plan-manager": {"ListSubscriptions": delivery.list_subscriptions},
    "s3": {
        "CreateBucket": MOTO,
        "DeleteBucket": MOTO,
        "DeleteObject": MOTO,
        "DeleteObjects": MOTO,
        "HeadBucket": MOTO,
        "HeadObject": MOTO,
        "ListObjectVersions": MOTO,
        "ListObjectsV2": MOTO,
        "PutObject": MOTO,
    },
    "secretsmanager": {
        "DescribeSecret": secrets.describe_secret,
        "GetSecretValue": MOTO,
        "RotateSecret": secrets.rotate_secret,
        "UpdateSecretVersionStage": MOTO,
    },
    "sns": {"ListSubscriptionsByTopic": alarms.list_subscriptions_by_topic},
    "ssm": {
        "GetParameters": MOTO,
        "PutParameter": MOTO,
    },
    "sts": {
        "GetCallerIdentity": MOTO,
    },
}
