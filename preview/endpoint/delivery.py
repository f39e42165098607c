"""CloudFront distributions of the stack, and their flat-rate plans, of which there are none.

Source: CloudFront API Reference; CloudFront Pricing Plan Manager API Reference.
"""

from collections.abc import Mapping
from typing import Any

from preview.endpoint.desk import Desk
from preview.endpoint.shapes import output_of, shaped
from preview.resource import Resource
from preview.services.aws.aws_error import AwsError

DISTRIBUTION = "AWS::CloudFront::Distribution"
ETAG = "EPREVIEW00000"


def get_distribution_config(desk: Desk, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a distribution."""
    return {"ETag": ETAG, "DistributionConfig": _config(_distribution(desk, asked["Id"]))}


def _distribution(desk: Desk, name: str) -> Resource:
    for one in desk.account.resources.of_type(DISTRIBUTION):
        if one.ref == name:
            return one
    raise AwsError("NoSuchDistribution", "The specified distribution does not exist.")


def _config(distribution: Resource) -> dict[str, Any]:
    shape = output_of("cloudfront", "GetDistributionConfig", "DistributionConfig")
    return dict(shaped(distribution.properties["DistributionConfig"], shape))


def list_subscriptions(_: Desk, __: Mapping[str, Any]) -> dict[str, Any]:
    """No distribution has a flat-rate plan."""
    return {"subscriptionSummaries": []}
