"""CloudFront access logs, without cookies and query strings, in an S3 bucket."""

from typing import Any

from awacs import s3 as may
from awacs.aws import Allow, ArnLike, Condition, PolicyDocument, Principal, Statement, StringEquals
from troposphere import AWSObject, Output, Ref, Sub, logs, s3

from protected_stream.sections.delivery import Delivery, DeliveryOptions
from protected_stream.template.buckets import all_objects, only_over_tls, private_bucket
from protected_stream.template.iam import distribution_arn
from protected_stream.template.logs import LogOptions
from protected_stream.template.metadata import why
from protected_stream.template.names import physical_name
from protected_stream.template.section import Section

NAME_LIMIT = 60
# All CloudFront log fields except cs(Cookie), which would hold the viewers' signed cookies,
# cs-uri-query and cs(Referer), which would hold the authorization code after sign-in, and those for
# field-level encryption.
# Source: Amazon CloudFront Developer Guide, "Standard logging (access logs)"
FIELDS = (
    "date",
    "time",
    "x-edge-location",
    "sc-bytes",
    "c-ip",
    "cs-method",
    "cs(Host)",
    "cs-uri-stem",
    "sc-status",
    "cs(User-Agent)",
    "x-edge-result-type",
    "x-edge-request-id",
    "x-host-header",
    "cs-protocol",
    "cs-bytes",
    "time-taken",
    "ssl-protocol",
    "ssl-cipher",
    "x-edge-response-result-type",
    "cs-protocol-version",
    "time-to-first-byte",
    "x-edge-detailed-result-type",
    "sc-content-type",
    "sc-content-len",
    "c-country",
    "cache-behavior-path-pattern",
)


def access_logs(options: DeliveryOptions, delivery: Delivery, retention: LogOptions) -> Section:
    """The log bucket and the delivery of CloudFront's logs to it; empty without `access_logs`.

    CloudFront's standard logging (v2) is configured in us-east-1 only.
    Source: Amazon CloudFront Developer Guide, "Configure standard logging (v2)".
    """
    if not options.access_logs:
        return Section(source="delivery")
    bucket = private_bucket("AccessLogBucket", "access logs, without cookies", _expiry(retention))
    policy = _only_from_log_delivery(bucket)
    source = logs.DeliverySource(
        "AccessLogSource",
        Metadata=why("the distribution's requests"),
        Name=physical_name("requests", limit=NAME_LIMIT),
        LogType="ACCESS_LOGS",
        ResourceArn=distribution_arn(delivery.distribution),
    )
    destination = _destination(bucket)
    return Section(
        source="delivery",
        resources=(bucket, policy, source, destination, _line(source, destination, policy)),
        outputs=(
            Output("AccessLogBucketName", Description="CloudFront access logs", Value=bucket.ref()),
        ),
    )


def _expiry(options: LogOptions) -> s3.LifecycleRule:
    return s3.LifecycleRule(Id="OldLogs", Status="Enabled", ExpirationInDays=options.retention_days)


def _destination(bucket: s3.Bucket) -> logs.DeliveryDestination:
    fixed: dict[str, Any] = {
        "DestinationResourceArn": bucket.get_att("Arn"),
        "OutputFormat": "json",
    }
    return logs.DeliveryDestination(
        "AccessLogDestination",
        Metadata=why("the bucket as a log destination"),
        Name=physical_name("requests", limit=NAME_LIMIT, create_only=fixed),
        **fixed,
    )


def _line(
    source: logs.DeliverySource, destination: logs.DeliveryDestination, policy: AWSObject
) -> logs.Delivery:
    return logs.Delivery(
        "AccessLogDelivery",
        Metadata=why("from the distribution to the bucket, without cookies and query strings"),
        # without this policy, AWS would attach its own to the bucket
        DependsOn=[policy.title],
        DeliverySourceName=source.ref(),
        DeliveryDestinationArn=destination.get_att("Arn"),
        RecordFields=list(FIELDS),
    )


def _only_from_log_delivery(bucket: s3.Bucket) -> s3.BucketPolicy:
    """Source: Amazon CloudWatch Logs User Guide, "Logs sent to Amazon S3" (V2 permissions)."""
    return s3.BucketPolicy(
        "AccessLogBucketPolicy",
        Metadata=why("only this account's log delivery writes to the bucket"),
        Bucket=bucket.ref(),
        PolicyDocument=PolicyDocument(
            Version="2012-10-17",
            Statement=[
                Statement(
                    Effect=Allow,
                    Principal=Principal("Service", ["delivery.logs.amazonaws.com"]),
                    Action=[may.PutObject],
                    Resource=[all_objects(bucket)],
                    Condition=Condition(
                        [
                            StringEquals(
                                {
                                    "s3:x-amz-acl": "bucket-owner-full-control",
                                    "aws:SourceAccount": Ref("AWS::AccountId"),
                                }
                            ),
                            ArnLike(
                                {
                                    "aws:SourceArn": Sub(
                                        "arn:${AWS::Partition}:logs:${AWS::Region}:"
                                        "${AWS::AccountId}:delivery-source:*"
                                    )
                                }
                            ),
                        ]
                    ),
                ),
                only_over_tls(bucket),
            ],
        ),
    )
