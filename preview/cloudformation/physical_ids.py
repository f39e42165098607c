"""CloudFormation physical IDs and ARNs: in AWS's formats, so that mix-ups are visible."""

import hashlib
import string
from collections.abc import Mapping
from typing import Any

from preview.cloudformation.schemas import is_custom, paths, ref_property, schema_of
from preview.resource import Resource
from preview.stack_id import StackId

NUMBERS = string.digits[1:]
LOWER = string.ascii_lowercase + string.digits
UPPER = string.ascii_uppercase + string.digits
DIGEST_LENGTH = 12
"""Characters at the end of a generated name."""

# Attributes by type; braces name a key of `_Parts` or a property of the resource.
# Source: the ARN formats in the Service Authorization Reference; the IDs as the consoles show them.
FORMS: Mapping[str, Mapping[str, str]] = {
    "AWS::ApiGateway::Authorizer": {"AuthorizerId": "{lower:6}"},
    "AWS::ApiGateway::Deployment": {"DeploymentId": "{lower:6}"},
    "AWS::ApiGateway::Resource": {"ResourceId": "{lower:6}"},
    "AWS::ApiGateway::RestApi": {"RestApiId": "{lower:10}", "RootResourceId": "{lower:10}"},
    "AWS::CloudFront::CachePolicy": {"Id": "{uuid}"},
    "AWS::CloudFront::Distribution": {
        "Id": "E{upper:13}",
        "DomainName": "d{lower:13}.cloudfront.net",
    },
    "AWS::CertificateManager::Certificate": {"CertificateArn": "{arn:acm}:certificate/{uuid}"},
    "AWS::CloudFront::Function": {
        "FunctionARN": "arn:{partition}:cloudfront::{account}:function/{Name}"
    },
    "AWS::CloudFront::OriginAccessControl": {"Id": "E{upper:12}"},
    "AWS::CloudFront::OriginRequestPolicy": {"Id": "{uuid}"},
    "AWS::CloudFront::ResponseHeadersPolicy": {"Id": "{uuid}"},
    "AWS::CloudWatch::Alarm": {"AlarmName": "{name}", "Arn": "{arn:cloudwatch}:alarm:{AlarmName}"},
    "AWS::CloudWatch::CompositeAlarm": {
        "AlarmName": "{name}",
        "Arn": "{arn:cloudwatch}:alarm:{AlarmName}",
    },
    "AWS::CloudWatch::Dashboard": {"DashboardName": "{name}"},
    "AWS::Events::Rule": {"Name": "{name}", "Arn": "{arn:events}:rule/{Name}"},
    "AWS::IAM::Role": {
        "RoleName": "{name}",
        "Arn": "arn:{partition}:iam::{account}:role{Path}{RoleName}",
        "RoleId": "AROA{upper:17}",
    },
    "AWS::KMS::Key": {"KeyId": "{uuid}", "Arn": "{arn:kms}:key/{KeyId}"},
    "AWS::Lambda::Function": {
        "FunctionName": "{name}",
        "Arn": "{arn:lambda}:function:{FunctionName}",
    },
    "AWS::Lambda::Permission": {"Id": "{name}"},
    "AWS::Logs::LogGroup": {
        "LogGroupName": "{name}",
        "Arn": "{arn:logs}:log-group:{LogGroupName}:*",
    },
    "AWS::MediaLive::Channel": {"Id": "{number:7}", "Arn": "{arn:medialive}:channel:{Id}"},
    "AWS::MediaLive::Input": {"Id": "{number:7}", "Arn": "{arn:medialive}:input:{Id}"},
    "AWS::MediaLive::InputSecurityGroup": {
        "Id": "{number:7}",
        "Arn": "{arn:medialive}:inputSecurityGroup:{Id}",
    },
    "AWS::MediaPackageV2::ChannelGroup": {
        "Arn": "{arn:mediapackagev2}:channelGroup/{ChannelGroupName}",
        "EgressDomain": "{lower:6}.egress.{lower:6}.mediapackagev2.{region}.{suffix}",
    },
    "AWS::MediaPackageV2::Channel": {
        "Arn": "{arn:mediapackagev2}:channelGroup/{ChannelGroupName}/channel/{ChannelName}"
    },
    "AWS::MediaPackageV2::OriginEndpoint": {
        "Arn": "{arn:mediapackagev2}:channelGroup/{ChannelGroupName}/channel/{ChannelName}"
        "/originEndpoint/{OriginEndpointName}"
    },
    "AWS::Logs::MetricFilter": {"FilterName": "{name}"},
    "AWS::SNS::Topic": {"TopicName": "{name}", "TopicArn": "{arn:sns}:{TopicName}"},
    "AWS::SNS::Subscription": {"Arn": "{arn:sns}:{name}:{uuid}"},
    "AWS::SNS::TopicPolicy": {"Id": "{name}"},
    "AWS::S3::Bucket": {
        "BucketName": "{bucket}",
        "Arn": "arn:{partition}:s3:::{BucketName}",
        "DomainName": "{BucketName}.s3.{suffix}",
        "RegionalDomainName": "{BucketName}.s3.{region}.{suffix}",
    },
    "AWS::Scheduler::Schedule": {"Arn": "{arn:scheduler}:schedule/{GroupName}/{Name}"},
    "AWS::Scheduler::ScheduleGroup": {"Arn": "{arn:scheduler}:schedule-group/{Name}"},
    "AWS::SQS::Queue": {
        "QueueName": "{name}",
        "Arn": "{arn:sqs}:{QueueName}",
        "QueueUrl": "https://sqs.{region}.{suffix}/{account}/{QueueName}",
    },
    "AWS::WAFv2::WebACL": {"Id": "{uuid}"},
}

# The maximum length of a generated name, by type: CloudFormation trims it.
# Source: the types' schemas; Lambda API Reference, CreateFunction.
LIMITS: Mapping[str, int] = {
    "AWS::Events::Rule": 64,
    "AWS::IAM::Role": 64,
    "AWS::Lambda::Function": 64,
    "AWS::Lambda::Permission": 256,
    "AWS::S3::Bucket": 63,
    "AWS::SQS::Queue": 80,
}
LONGEST = 512
"""The maximum of other types, such as log groups."""


def identify(resource: Resource, stack: StackId, *, generation: int) -> None:
    """Sets the Ref and attributes of a new resource; values without a format are generated.

    Args:
        resource: its `ref` and `attributes` are set.
        stack: the stack that creates it.
        generation: how many times a resource with that logical ID was created before.
    """
    seed = f"{stack.uuid}/{resource.logical_id}/{generation}"
    parts = _Parts({**_parts(stack, seed, resource), **resource.properties})
    if is_custom(resource.type):
        resource.ref = parts["name"]
        return
    for name, form in FORMS.get(resource.type, {}).items():
        if name not in resource.properties:
            parts[name] = string.Formatter().vformat(form, (), parts)
    attributes = paths(schema_of(resource.type, stack.region), "readOnlyProperties")
    made_up = f"-{_digest(seed, LOWER, 8)}"
    resource.attributes = {
        name: parts.get(name, f"{resource.logical_id}.{name}{made_up}") for name in attributes
    }
    named = ref_property(resource.type, stack.region)
    physical_id = parts.get(named) or resource.attributes.get(named) if named else None
    resource.ref = str(physical_id or parts["name"])


class _Parts(dict[str, Any]):
    """The values for a format's braces; an omitted property becomes an empty string."""

    def __missing__(self, name: str) -> str:
        return ""


def _parts(stack: StackId, seed: str, resource: Resource) -> dict[str, Any]:
    start = _trimmed(stack.name, resource.logical_id, LIMITS.get(resource.type, LONGEST))
    place = f"{stack.region}:{stack.account_id}"
    return {
        "Path": "/",
        "account": stack.account_id,
        "arn": _Arn(f"arn:{stack.partition}:{{}}:{place}"),
        "bucket": f"{start}-{_digest(seed, LOWER, DIGEST_LENGTH)}".lower(),
        "lower": _Random(f"{seed}/lower", LOWER),
        "name": f"{start}-{_digest(seed, UPPER, DIGEST_LENGTH)}",
        "number": _Random(seed, NUMBERS),
        "partition": stack.partition,
        "region": stack.region,
        "suffix": stack.url_suffix,
        "upper": _Random(f"{seed}/upper", UPPER),
        "uuid": "-".join(
            _digest(f"{seed}/{size}", "0123456789abcdef", size) for size in (8, 4, 12)
        ),
    }


def _trimmed(stack_name: str, logical_id: str, limit: int) -> str:
    """The start of a generated name; a long stack name is trimmed before the logical ID.

    CloudFormation does not document how it trims names.
    """
    room = limit - DIGEST_LENGTH - len("--")
    end = logical_id[: max(room - len(stack_name), room // 2)]
    return f"{stack_name[: room - len(end)]}-{end}"


class _Random:
    """`{lower:10}`: ten characters derived from the seed, different for each use."""

    def __init__(self, seed: str, alphabet: str) -> None:
        self._seed, self._alphabet, self._uses = seed, alphabet, 0

    def __format__(self, length: str) -> str:
        self._uses += 1
        return _digest(f"{self._seed}/{self._uses}", self._alphabet, int(length))


class _Arn(str):
    """`{arn:s3}`: the prefix of a service's ARNs in this Region."""

    __slots__ = ()

    def __format__(self, service: str) -> str:
        return self.format(service)


def _digest(seed: str, alphabet: str, length: int) -> str:
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest())
    digits = []
    for _ in range(length):
        number, digit = divmod(number, len(alphabet))
        digits.append(alphabet[digit])
    return "".join(digits)
