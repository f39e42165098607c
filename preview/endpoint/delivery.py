"""CloudFront distributions and WAF web ACLs of the stack.

Source: CloudFront API Reference; AWS WAFV2 API Reference.
"""

import secrets
import string
from collections.abc import Mapping
from typing import Any

from preview.endpoint.desk import Desk
from preview.endpoint.shapes import output_of, shaped
from preview.resource import Resource
from preview.services.aws.aws_error import AwsError

DISTRIBUTION, WEB_ACL = "AWS::CloudFront::Distribution", "AWS::WAFv2::WebACL"
ETAG = "EPREVIEW00000"
CAPITALS = string.ascii_uppercase + string.digits


def get_distribution(desk: Desk, asked: Mapping[str, Any]) -> dict[str, Any]:
    """One distribution, deployed."""
    one = _distribution(desk, asked["Id"])
    return {
        "ETag": ETAG,
        "Distribution": {
            "Id": one.ref,
            "ARN": f"arn:aws:cloudfront::{desk.account.stack.account_id}:distribution/{one.ref}",
            "Status": "Deployed",
            "LastModifiedTime": desk.now(),
            "InProgressInvalidationBatches": 0,
            "DomainName": one.attributes["DomainName"],
            "DistributionConfig": _config(one),
        },
    }


def get_distribution_config(desk: Desk, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a distribution."""
    return {"ETag": ETAG, "DistributionConfig": _config(_distribution(desk, asked["Id"]))}


def create_invalidation(desk: Desk, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Empties the edge's cache: the next viewer gets the page from its origin."""
    one, batch = _distribution(desk, asked["DistributionId"]), asked["InvalidationBatch"]
    if batch["Paths"]["Items"] != ["/*"]:
        raise AwsError("InvalidArgument", "The preview invalidates /* only.")
    desk.account.edges[one.ref].invalidate()
    name = "I" + "".join(secrets.choice(CAPITALS) for _ in range(13))
    place = f"https://cloudfront.amazonaws.com/2020-05-31/distribution/{one.ref}/invalidation"
    return {
        "Location": f"{place}/{name}",
        "Invalidation": {
            "Id": name,
            "Status": "Completed",
            "CreateTime": desk.now(),
            "InvalidationBatch": batch,
        },
    }


def get_web_acl(desk: Desk, asked: Mapping[str, Any]) -> dict[str, Any]:
    """One web ACL."""
    for one in desk.account.resources.of_type(WEB_ACL):
        if one.attributes.get("Id") == asked.get("Id"):
            shape = output_of("wafv2", "GetWebACL", "WebACL")
            known = {**one.properties, **one.attributes, "ARN": one.attributes.get("Arn")}
            return {"WebACL": shaped(known, shape), "LockToken": ETAG}
    raise AwsError("WAFNonexistentItemException", "AWS WAF couldn't find the web ACL.")


def _distribution(desk: Desk, name: str) -> Resource:
    for one in desk.account.resources.of_type(DISTRIBUTION):
        if one.ref == name:
            return one
    raise AwsError("NoSuchDistribution", "The specified distribution does not exist.")


def _config(distribution: Resource) -> dict[str, Any]:
    shape = output_of("cloudfront", "GetDistributionConfig", "DistributionConfig")
    return dict(shaped(distribution.properties["DistributionConfig"], shape))
