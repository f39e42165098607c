"""AWS references between resources: the target must exist and have the right type.

Source: the errors in the API reference of each type's create call (ResourceNotFoundException,
NoSuchOriginAccessControl, BadRequestException ...).
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from preview.resource import Resource, values_at

REST_API = {"RestApiId": "AWS::ApiGateway::RestApi"}
POOL = {"UserPoolId": "AWS::Cognito::UserPool"}
BEHAVIOR_POLICIES = {
    "OriginRequestPolicyId": "AWS::CloudFront::OriginRequestPolicy",
    "ResponseHeadersPolicyId": "AWS::CloudFront::ResponseHeadersPolicy",
    "CachePolicyId": "AWS::CloudFront::CachePolicy",
}
# CloudFront managed policies, which every account has.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html
MANAGED = (
    "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
    "658327ea-f89d-4fab-a63d-7e88639e58f6",
    "b689b0a8-53d0-40ab-baf2-68738e2966ac",
    "67f7725c-6f97-4210-82d7-5512b31e9d03",
)

# type: property path -> the type whose Ref is there, ".Attribute" for one of its attributes,
# ":Property" for one of its properties; alternatives are separated by spaces.
REFERENCES: Mapping[str, Mapping[str, str]] = {
    "AWS::ApiGateway::Authorizer": {
        **REST_API,
        "ProviderARNs/*": "AWS::Cognito::UserPool.Arn",
    },
    "AWS::ApiGateway::Deployment": REST_API,
    "AWS::ApiGateway::Method": {
        **REST_API,
        "AuthorizerId": "AWS::ApiGateway::Authorizer",
        "ResourceId": "AWS::ApiGateway::Resource AWS::ApiGateway::RestApi.RootResourceId",
    },
    "AWS::ApiGateway::Resource": {
        **REST_API,
        "ParentId": "AWS::ApiGateway::Resource AWS::ApiGateway::RestApi.RootResourceId",
    },
    "AWS::ApiGateway::Stage": {**REST_API, "DeploymentId": "AWS::ApiGateway::Deployment"},
    "AWS::CloudFront::Distribution": {
        "DistributionConfig/Origins/*/OriginAccessControlId": (
            "AWS::CloudFront::OriginAccessControl"
        ),
        **{
            f"DistributionConfig/{behavior}/{name}": kind
            for behavior in ("CacheBehaviors/*", "DefaultCacheBehavior")
            for name, kind in BEHAVIOR_POLICIES.items()
        },
    },
    "AWS::CloudWatch::Alarm": {"AlarmActions/*": "AWS::SNS::Topic"},
    "AWS::CloudWatch::CompositeAlarm": {
        "ActionsSuppressor": "AWS::CloudWatch::Alarm.Arn AWS::CloudWatch::CompositeAlarm.Arn",
        "AlarmActions/*": "AWS::SNS::Topic",
    },
    "AWS::Cognito::ManagedLoginBranding": {**POOL, "ClientId": "AWS::Cognito::UserPoolClient"},
    "AWS::Cognito::UserPoolGroup": POOL,
    "AWS::Cognito::UserPoolIdentityProvider": POOL,
    "AWS::Cognito::UserPoolUserToGroupAttachment": {
        **POOL,
        "GroupName": "AWS::Cognito::UserPoolGroup",
        "Username": "AWS::Cognito::UserPoolUser",
    },
    "AWS::Events::Rule": {"Targets/*/Arn": "AWS::Lambda::Function.Arn AWS::SNS::Topic"},
    "AWS::Lambda::EventInvokeConfig": {
        "FunctionName": "AWS::Lambda::Function AWS::Lambda::Function.Arn"
    },
    "AWS::Lambda::Function": {
        "KmsKeyArn": "AWS::KMS::Key.Arn",
        "LoggingConfig/LogGroup": "AWS::Logs::LogGroup",
        "Role": "AWS::IAM::Role.Arn",
    },
    "AWS::Lambda::Permission": {"FunctionName": "AWS::Lambda::Function AWS::Lambda::Function.Arn"},
    "AWS::Logs::MetricFilter": {"LogGroupName": "AWS::Logs::LogGroup"},
    "AWS::MediaLive::Channel": {
        "Destinations/*/MediaPackageSettings/*/ChannelGroup": (
            "AWS::MediaPackageV2::Channel:ChannelGroupName"
        ),
        "Destinations/*/MediaPackageSettings/*/ChannelName": (
            "AWS::MediaPackageV2::Channel:ChannelName"
        ),
        "InputAttachments/*/InputId": "AWS::MediaLive::Input",
        "RoleArn": "AWS::IAM::Role.Arn",
    },
    "AWS::MediaLive::Input": {"InputSecurityGroups/*": "AWS::MediaLive::InputSecurityGroup"},
    "AWS::MediaPackageV2::Channel": {
        "ChannelGroupName": "AWS::MediaPackageV2::ChannelGroup:ChannelGroupName"
    },
    "AWS::MediaPackageV2::OriginEndpoint": {
        "ChannelGroupName": "AWS::MediaPackageV2::Channel:ChannelGroupName",
        "ChannelName": "AWS::MediaPackageV2::Channel:ChannelName",
    },
    "AWS::MediaPackageV2::OriginEndpointPolicy": {
        "ChannelGroupName": "AWS::MediaPackageV2::OriginEndpoint:ChannelGroupName",
        "ChannelName": "AWS::MediaPackageV2::OriginEndpoint:ChannelName",
        "OriginEndpointName": "AWS::MediaPackageV2::OriginEndpoint:OriginEndpointName",
    },
    "AWS::S3::Bucket": {
        "BucketEncryption/ServerSideEncryptionConfiguration/*/ServerSideEncryptionByDefault"
        "/KMSMasterKeyID": "AWS::KMS::Key.Arn"
    },
    "AWS::Scheduler::Schedule": {
        "GroupName": "AWS::Scheduler::ScheduleGroup",
        "Target/DeadLetterConfig/Arn": "AWS::SQS::Queue.Arn",
        "Target/RoleArn": "AWS::IAM::Role.Arn",
    },
    "AWS::SQS::QueuePolicy": {"Queues/*": "AWS::SQS::Queue"},
    "AWS::SNS::Subscription": {"TopicArn": "AWS::SNS::Topic"},
    "AWS::SNS::Topic": {"KmsMasterKeyId": "AWS::KMS::Key AWS::KMS::Key.Arn"},
    "AWS::SNS::TopicPolicy": {"Topics/*": "AWS::SNS::Topic"},
    "AWS::WAFv2::WebACLAssociation": {"WebACLArn": "AWS::WAFv2::WebACL.Arn"},
}


TARGET = re.compile(r"(\w+::\w+::\w+)(?:\.(\w+)|:(\w+))?$")


def dangling(resource: Resource, others: Iterable[Resource]) -> list[str]:
    """Error messages for references to resources that do not exist; empty if there are none."""
    there = list(others)
    return [
        f"{path} is {value!r}, which is not an {' or '.join(targets.split())} in this account"
        for path, targets in REFERENCES.get(resource.type, {}).items()
        for value in values_at(resource.properties, path.split("/"))
        if value not in MANAGED
        and not any(value in _values(target, there) for target in targets.split())
    ]


def _values(target: str, resources: list[Resource]) -> set[Any]:
    """The values that match a target in `REFERENCES`."""
    kind, attribute, name = TARGET.findall(target)[0]
    found = [resource for resource in resources if resource.type == kind]
    if attribute:
        return {resource.attributes[attribute] for resource in found}
    return {resource.properties.get(name) if name else resource.ref for resource in found}
