"""CloudFormation resource providers: how each resource type is created, updated, and deleted.

Other types exist only as records: viewers need no more of them than the schema, the references, and
the values of Ref and GetAtt.
"""

from collections.abc import Mapping

from preview.cloudformation.providers.alarms import (
    COMPOSITE_ALARM,
    DASHBOARD,
    METRIC_ALARM,
    METRIC_FILTER,
    TOPIC_POLICY,
)
from preview.cloudformation.providers.apis import DEPLOYMENT, METHOD, STAGE
from preview.cloudformation.providers.cognito import BRANDING, CLIENT, DOMAIN, USER, USER_POOL
from preview.cloudformation.providers.cognito_federation import IDENTITY_PROVIDER
from preview.cloudformation.providers.cognito_groups import GROUP, MEMBERSHIP
from preview.cloudformation.providers.custom import CUSTOM_RESOURCE
from preview.cloudformation.providers.delivery import DISTRIBUTION, KEY_GROUP, PUBLIC_KEY
from preview.cloudformation.providers.delivery_policies import (
    CACHE_POLICY,
    EDGE_FUNCTION,
    ORIGIN_ACCESS_CONTROL,
    RECORD_SET,
    RESPONSE_HEADERS_POLICY,
)
from preview.cloudformation.providers.events import RULE
from preview.cloudformation.providers.functions import FUNCTION
from preview.cloudformation.providers.kms import KEY
from preview.cloudformation.providers.media import CHANNEL, ENDPOINT, ENDPOINT_POLICY, INPUT
from preview.cloudformation.providers.provider import Provider
from preview.cloudformation.providers.roles import ROLE
from preview.cloudformation.providers.rotation import ROTATION_SCHEDULE
from preview.cloudformation.providers.schedules import SCHEDULE
from preview.cloudformation.providers.storage import BUCKET, BUCKET_POLICY, LOG_GROUP, SECRET
from preview.cloudformation.providers.web_acls import WEB_ACL
from preview.cloudformation.schemas import is_custom

PROVIDERS: Mapping[str, Provider] = {
    "AWS::ApiGateway::Deployment": DEPLOYMENT,
    "AWS::ApiGateway::Method": METHOD,
    "AWS::ApiGateway::Stage": STAGE,
    "AWS::CloudFront::CachePolicy": CACHE_POLICY,
    "AWS::CloudFront::Distribution": DISTRIBUTION,
    "AWS::CloudFront::Function": EDGE_FUNCTION,
    "AWS::CloudFront::KeyGroup": KEY_GROUP,
    "AWS::CloudFront::OriginAccessControl": ORIGIN_ACCESS_CONTROL,
    "AWS::CloudFront::PublicKey": PUBLIC_KEY,
    "AWS::CloudFront::ResponseHeadersPolicy": RESPONSE_HEADERS_POLICY,
    "AWS::CloudWatch::Alarm": METRIC_ALARM,
    "AWS::CloudWatch::CompositeAlarm": COMPOSITE_ALARM,
    "AWS::CloudWatch::Dashboard": DASHBOARD,
    "AWS::Cognito::ManagedLoginBranding": BRANDING,
    "AWS::Cognito::UserPool": USER_POOL,
    "AWS::Cognito::UserPoolClient": CLIENT,
    "AWS::Cognito::UserPoolDomain": DOMAIN,
    "AWS::Cognito::UserPoolGroup": GROUP,
    "AWS::Cognito::UserPoolIdentityProvider": IDENTITY_PROVIDER,
    "AWS::Cognito::UserPoolUser": USER,
    "AWS::Cognito::UserPoolUserToGroupAttachment": MEMBERSHIP,
    "AWS::Events::Rule": RULE,
    "AWS::IAM::Role": ROLE,
    "AWS::KMS::Key": KEY,
    "AWS::Lambda::Function": FUNCTION,
    "AWS::Logs::LogGroup": LOG_GROUP,
    "AWS::Logs::MetricFilter": METRIC_FILTER,
    "AWS::MediaLive::Channel": CHANNEL,
    "AWS::MediaLive::Input": INPUT,
    "AWS::MediaPackageV2::OriginEndpoint": ENDPOINT,
    "AWS::MediaPackageV2::OriginEndpointPolicy": ENDPOINT_POLICY,
    "AWS::Route53::RecordSet": RECORD_SET,
    "AWS::S3::Bucket": BUCKET,
    "AWS::S3::BucketPolicy": BUCKET_POLICY,
    "AWS::Scheduler::Schedule": SCHEDULE,
    "AWS::SecretsManager::RotationSchedule": ROTATION_SCHEDULE,
    "AWS::SNS::TopicPolicy": TOPIC_POLICY,
    "AWS::SecretsManager::Secret": SECRET,
    "AWS::WAFv2::WebACL": WEB_ACL,
}
RECORD = Provider()


def provider_of(resource_type: str) -> Provider:
    """The provider of a resource type."""
    return CUSTOM_RESOURCE if is_custom(resource_type) else PROVIDERS.get(resource_type, RECORD)
