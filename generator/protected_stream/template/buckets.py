"""S3 private buckets, their versions, and the bucket policy statement that they share."""

from collections.abc import Sequence

from awacs import s3 as may
from awacs.aws import Bool, Condition, Deny, Principal, Statement
from pydantic import Field
from troposphere import AWSHelperFn, Join, Sub, s3

from protected_stream.template.metadata import why, without_checks
from protected_stream.template.options import Options
from protected_stream.template.section import Section

DAYS_OF_AN_UNFINISHED_UPLOAD = 7


class BucketOptions(Options):
    """Options that apply to every bucket of the stack."""

    former_version_days: int = Field(
        default=0,
        ge=0,
        le=3650,
        exclude_if=lambda days: days == 0,
        description="how long a replaced or deleted file of the page, or of the access logs, can "
        "be read again; 0: buckets keep no versions",
    )
    events: bool = Field(
        default=False,
        exclude_if=lambda given: not given,
        description="S3 tells EventBridge of every file that is written or deleted; rules for "
        "these events are yours",
    )


def with_options(options: BucketOptions, parts: Sequence[Section]) -> None:
    """Makes every bucket of the sections keep versions and send events, if they are asked for.

    Such a template has room for bucket policies in the form that AWS Control Tower reads, too.

    Source: Amazon S3 User Guide, "Retaining multiple versions of objects with S3 Versioning",
    "Using EventBridge".
    """
    for one in (resource for part in parts for resource in part.resources):
        if isinstance(one, s3.Bucket):
            if options.former_version_days:
                _keep_versions(one, options.former_version_days)
            if options.events:
                one.NotificationConfiguration = s3.NotificationConfiguration(
                    EventBridgeConfiguration=s3.EventBridgeConfiguration(EventBridgeEnabled=True)
                )
        elif isinstance(one, s3.BucketPolicy) and options != BucketOptions():
            _write_readably(one)


def _write_readably(policy: s3.BucketPolicy) -> None:
    """The same policy, a few bytes longer: text instead of a boolean, Fn::Join instead of Fn::Sub.

    Source: AWS Control Tower, CT.S3.PR.8, "Require that Amazon S3 bucket requests use Secure
    Sockets Layer".
    """
    policy.Metadata = {**policy.Metadata, **without_checks(["I1022"])}
    for statement in policy.PolicyDocument.properties["Statement"]:
        if statement.Effect == Deny:
            arn, _ = statement.Resource
            statement.Resource = [arn, Join("", [arn, "/*"])]
            (condition,) = statement.Condition.conditions
            condition.cond_dict = {"aws:SecureTransport": "false"}


def _keep_versions(bucket: s3.Bucket, days: int) -> None:
    """A delete marker of which no version is left goes, too."""
    bucket.VersioningConfiguration = s3.VersioningConfiguration(Status="Enabled")
    bucket.LifecycleConfiguration.Rules.append(
        s3.LifecycleRule(
            Id="FormerVersions",
            Status="Enabled",
            NoncurrentVersionExpiration=s3.NoncurrentVersionExpiration(NoncurrentDays=days),
            ExpiredObjectDeleteMarker=True,
        )
    )


def private_bucket(title: str, reason: str, *rules: s3.LifecycleRule) -> s3.Bucket:
    """An encrypted bucket without public access or ACLs.

    Source: AWS Foundational Security Best Practices, controls S3.1, S3.8, S3.12, S3.13.
    """
    return s3.Bucket(
        title,
        Metadata=why(reason),
        PublicAccessBlockConfiguration=s3.PublicAccessBlockConfiguration(
            BlockPublicAcls=True,
            BlockPublicPolicy=True,
            IgnorePublicAcls=True,
            RestrictPublicBuckets=True,
        ),
        OwnershipControls=s3.OwnershipControls(
            Rules=[s3.OwnershipControlsRule(ObjectOwnership="BucketOwnerEnforced")]
        ),
        BucketEncryption=s3.BucketEncryption(
            ServerSideEncryptionConfiguration=[
                s3.ServerSideEncryptionRule(
                    ServerSideEncryptionByDefault=s3.ServerSideEncryptionByDefault(
                        SSEAlgorithm="AES256"
                    )
                )
            ]
        ),
        LifecycleConfiguration=s3.LifecycleConfiguration(
            Rules=[
                s3.LifecycleRule(
                    Id="UnfinishedUploads",
                    Status="Enabled",
                    AbortIncompleteMultipartUpload=s3.AbortIncompleteMultipartUpload(
                        DaysAfterInitiation=DAYS_OF_AN_UNFINISHED_UPLOAD
                    ),
                ),
                *rules,
            ]
        ),
    )


def all_objects(bucket: s3.Bucket) -> AWSHelperFn:
    """The ARN pattern of everything in the bucket."""
    return Sub("${Bucket}/*", Bucket=bucket.get_att("Arn"))


def only_over_tls(bucket: s3.Bucket) -> Statement:
    """Denies requests that do not use TLS.

    Source: AWS Foundational Security Best Practices, control S3.5.
    """
    return Statement(
        Effect=Deny,
        Principal=Principal("*"),
        Action=[may.Action("*")],
        Resource=[bucket.get_att("Arn"), all_objects(bucket)],
        Condition=Condition(Bool({"aws:SecureTransport": False})),
    )
