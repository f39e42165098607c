"""S3 private buckets, and the bucket policy statement that they share."""

from awacs import s3 as may
from awacs.aws import Bool, Condition, Deny, Principal, Statement
from troposphere import AWSHelperFn, Sub, s3

from protected_stream.template.metadata import why

DAYS_OF_AN_UNFINISHED_UPLOAD = 7


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
