"""What more than one section says in its policies."""

from troposphere import AWSHelperFn, Sub, cloudfront


def distribution_arn(distribution: cloudfront.Distribution) -> AWSHelperFn:
    """The distribution's ARN, which CloudFront names as the source of its requests to origins.

    Source: Service Authorization Reference, "Resource types defined by Amazon CloudFront".
    """
    return Sub(
        "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Id}",
        Id=distribution.ref(),
    )
