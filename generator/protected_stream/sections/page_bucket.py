"""S3 bucket for the page where viewers sign in and watch; only CloudFront can read it."""

from dataclasses import dataclass

from awacs import s3 as may
from awacs.aws import PolicyDocument
from troposphere import Output, cloudfront, s3

from protected_stream.template.behavior import Behavior
from protected_stream.template.buckets import all_objects, only_over_tls, private_bucket
from protected_stream.template.iam import allowed_to
from protected_stream.template.metadata import why
from protected_stream.template.origin_access import origin_access
from protected_stream.template.section import Section


@dataclass(frozen=True, kw_only=True)
class PageBucket(Section):
    """The page bucket."""

    bucket: s3.Bucket

    def restrict_to(self, reader: cloudfront.Distribution) -> Section:
        """The bucket policy: only this distribution may read, and only over TLS.

        With s3:ListBucket, S3 answers 404 for a missing file, otherwise 403.
        Source: Amazon CloudFront Developer Guide, "Restrict access to an Amazon S3 origin".
        """
        policy = s3.BucketPolicy(
            "PageBucketPolicy",
            Metadata=why("only this stack's distribution reads the page"),
            Bucket=self.bucket.ref(),
            PolicyDocument=PolicyDocument(
                Version="2012-10-17",
                Statement=[
                    allowed_to(
                        reader,
                        [may.GetObject, may.ListBucket],
                        [self.bucket.get_att("Arn"), all_objects(self.bucket)],
                    ),
                    only_over_tls(self.bucket),
                ],
            ),
        )
        return Section(source=self.source, resources=(policy,))


def page_bucket() -> PageBucket:
    """The bucket, and CloudFront's access to it."""
    bucket = private_bucket("PageBucket", "the page where viewers sign in and watch")
    access = origin_access(
        "PageAccess",
        "CloudFront signs its requests to the page's bucket",
        role="page",
        origin_type="s3",
    )
    return PageBucket(
        source="page",
        resources=(bucket, access),
        outputs=(Output("PageBucketName", Description="Upload the page here", Value=bucket.ref()),),
        behaviors=(Behavior(content="page", origin=_origin(bucket, access)),),
        bucket=bucket,
    )


def _origin(bucket: s3.Bucket, access: cloudfront.OriginAccessControl) -> cloudfront.Origin:
    return cloudfront.Origin(
        Id="page",
        DomainName=bucket.get_att("RegionalDomainName"),
        OriginAccessControlId=access.get_att("Id"),
        S3OriginConfig=cloudfront.S3OriginConfig(OriginAccessIdentity=""),
    )
