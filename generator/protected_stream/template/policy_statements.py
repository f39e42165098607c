"""What more than one section says in its policies."""

from collections.abc import Sequence

from awacs.aws import Action, Allow, Condition, Principal, Statement, StringEquals
from troposphere import AWSHelperFn, Sub, cloudfront


def distribution_arn(distribution: cloudfront.Distribution) -> AWSHelperFn:
    """The distribution's ARN, which CloudFront names as the source of its requests to origins.

    Source: Service Authorization Reference, "Resource types defined by Amazon CloudFront".
    """
    return Sub(
        "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Id}",
        Id=distribution.ref(),
    )


def allowed_to(
    reader: cloudfront.Distribution, actions: Sequence[Action], resources: Sequence[AWSHelperFn]
) -> Statement:
    """Lets CloudFront do this for the distribution, and for no other.

    Source: Amazon CloudFront Developer Guide, "Restrict access to an Amazon S3 origin" and
    "Restrict access to an AWS Elemental MediaPackage v2 origin".
    """
    return Statement(
        Effect=Allow,
        Principal=Principal("Service", ["cloudfront.amazonaws.com"]),
        Action=list(actions),
        Resource=list(resources),
        Condition=Condition(StringEquals({"aws:SourceArn": distribution_arn(reader)})),
    )
