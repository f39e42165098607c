"""CloudFront origins: S3 buckets, MediaPackage endpoints, and REST APIs, with their policies."""

import re
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError
from werkzeug.wrappers import Request, Response

from preview.account import Account
from preview.hosts.existing_origins import existing_answer
from preview.hosts.media_response import media_response
from preview.hosts.rest_apis import api_answer, is_rest_api
from preview.resource import Resource
from preview.services.aws.key_use import bucket_key, may_use
from preview.services.aws.policies import Access, granted_by
from preview.services.manifest_query import BadQuery, manifest_query
from preview.services.media import test_card

CLOUDFRONT = "cloudfront.amazonaws.com"
DENIED = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
MISSING = "<Error><Code>NoSuchKey</Code><Message>The key does not exist.</Message></Error>"


def fetched(
    account: Account, distribution: Resource, origin: Mapping[str, Any], request: Request
) -> Response:
    """The origin's response to a request that CloudFront sends for the distribution.

    MediaPackage and API Gateway have https addresses only; a bucket's policy decides for itself.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-rest-api.html
    """
    control = _signs(account, origin)
    host = str(origin["DomainName"])
    caller = Access(
        action="",
        resource="",
        service=CLOUDFRONT,
        context={
            "aws:SecureTransport": str(request.scheme == "https").lower(),
            "aws:SourceAccount": account.stack.account_id,
            "aws:SourceArn": _arn(account, distribution),
        },
    )
    if request.scheme == "http" and "S3OriginConfig" not in origin:
        # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/http-502-bad-gateway.html
        return Response(f"{host}: CloudFront can't connect to the origin.", status=502)
    for kind, (attribute, signed_as, answer) in ORIGINS.items():
        for resource in account.resources.of_type(kind):
            if resource.attributes.get(attribute) == host:
                if answer is _packager and _gave_up(account, origin):
                    return Response(f"{host} did not respond in time.", status=504)
                return answer(account, resource, request, caller if control == signed_as else None)
    if host in account.existing_origins:
        return _existing(account, origin, request, caller, control)
    return _of_an_api(account, host, request)


def _existing(
    account: Account,
    origin: Mapping[str, Any],
    request: Request,
    caller: Access,
    control: str | None,
) -> Response:
    """The response of an origin that was there before the stack."""
    there = account.existing_origins[origin["DomainName"]]
    if _gave_up(account, origin):
        return Response(f"{there.host} did not respond in time.", status=504)
    is_signed = control is not None and control == there.kind.signed_as
    return existing_answer(account, there, request, caller if is_signed else None)


def _of_an_api(account: Account, host: str, request: Request) -> Response:
    if is_rest_api(account, host):
        return api_answer(account, host, request)
    # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/http-502-bad-gateway.html
    return Response(f"{host}: CloudFront can't resolve the origin's domain name.", status=502)


def _gave_up(account: Account, origin: Mapping[str, Any]) -> bool:
    """Whether CloudFront has waited in vain for a silent packager, in all of its attempts.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html#DownloadDistValuesOriginResponseTimeout
    """
    seconds = origin.get("CustomOriginConfig", {}).get("OriginReadTimeout", READ_TIMEOUT)
    for _ in range(int(origin.get("ConnectionAttempts", ATTEMPTS))):
        if not account.media.is_silent():
            return False
        account.clock.wait(float(seconds))
    return True


def _arn(account: Account, distribution: Resource) -> str:
    place = f"arn:{account.stack.partition}:cloudfront::{account.stack.account_id}"
    return f"{place}:distribution/{distribution.ref}"


def _signs(account: Account, origin: Mapping[str, Any]) -> str | None:
    """The origin type for which CloudFront signs its requests; None if it does not sign.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
    """
    if not origin.get("OriginAccessControlId"):
        return None
    control = account.resources.one(
        "AWS::CloudFront::OriginAccessControl", origin["OriginAccessControlId"]
    ).properties["OriginAccessControlConfig"]
    signs = control["SigningBehavior"] == "always"
    return control["OriginAccessControlOriginType"] if signs else None


def _bucket(
    account: Account, bucket: Resource, request: Request, caller: Access | None
) -> Response:
    """An S3 object, if the bucket policy allows access, and the policy of a key that encrypts it.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    """
    key = request.path.removeprefix("/")
    arn = bucket.attributes["Arn"]
    if not _lets_in(account, bucket, "s3:GetObject", f"{arn}/{key}", caller):
        return Response(DENIED, status=403, content_type="application/xml")
    try:
        found = account.client("s3").get_object(Bucket=bucket.ref, Key=key)
    except ClientError:
        if _lets_in(account, bucket, "s3:ListBucket", arn, caller):
            return Response(MISSING, status=404, content_type="application/xml")
        return Response(DENIED, status=403, content_type="application/xml")
    encrypts = bucket_key(account.resources, bucket)
    if encrypts and not (caller and may_use(encrypts, _asking(caller, "kms:Decrypt", ""))):
        return Response(DENIED, status=403, content_type="application/xml")
    return Response(
        found["Body"].read(),
        content_type=found["ContentType"],
        headers={"Cache-Control": found["CacheControl"]} if "CacheControl" in found else {},
    )


def _lets_in(
    account: Account, bucket: Resource, action: str, resource: str, caller: Access | None
) -> bool:
    policies = [
        policy.properties["PolicyDocument"]
        for policy in account.resources.of_type("AWS::S3::BucketPolicy")
        if policy.properties["Bucket"] == bucket.ref
    ]
    return caller is not None and any(
        granted_by(policy, _asking(caller, action, resource)) for policy in policies
    )


def _packager(
    account: Account, group: Resource, request: Request, caller: Access | None
) -> Response:
    """A manifest or segment from MediaPackage, if the endpoint policy allows access.

    https://docs.aws.amazon.com/mediapackage/latest/userguide/policies.html
    """
    found = re.fullmatch(r"/out/v1/([^/]+)/([^/]+)/([^/]+)/(.+)", request.path)
    names = found.groups() if found else ()
    endpoint = next(
        (one for one in account.resources.of_type(ENDPOINT) if _names(one) == names[:3]), None
    )
    if endpoint is None or names[0] != group.properties["ChannelGroupName"]:
        return Response(status=404)
    action = "mediapackagev2:GetHeadObject" if request.method == "HEAD" else READ
    policies = [
        policy.properties["Policy"]
        for policy in account.resources.of_type("AWS::MediaPackageV2::OriginEndpointPolicy")
        if _names(policy) == names[:3]
    ]
    asking = _asking(caller, action, endpoint.ref) if caller else None
    if asking is None or not any(granted_by(policy, asking) for policy in policies):
        return Response(status=403)
    account.media.asked.append(request.full_path.removesuffix("?"))
    failure = account.media.failure()
    if failure is not None:
        return Response(status=failure)
    try:
        body = _answer(account, endpoint, names[3], request.query_string.decode())
    except BadQuery as refusal:
        return Response(f"{refusal}\n", status=400)
    if body is None:
        return Response(status=404)
    seconds = endpoint.properties["Segment"]["SegmentDurationSeconds"]
    return media_response(names[3], body, segment_seconds=seconds)


def _answer(account: Account, endpoint: Resource, name: str, query: str) -> bytes | None:
    """The endpoint's body for a query; without an encoder, it does not depend on the query.

    Raises:
        BadQuery: MediaPackage would respond with 400.
    """
    if account.media.source is test_card:
        manifest_query(query)
        query = ""
    return account.media.answer(endpoint, f"{name}?{query}" if query else name)


READ_TIMEOUT, ATTEMPTS = 30, 3
"""CloudFront's defaults, in seconds and connections."""
ENDPOINT = "AWS::MediaPackageV2::OriginEndpoint"
READ = "mediapackagev2:GetObject"


def _names(resource: Resource) -> tuple[str, ...]:
    names = ("ChannelGroupName", "ChannelName", "OriginEndpointName")
    return tuple(resource.properties[name] for name in names)


def _asking(caller: Access, action: str, resource: str) -> Access:
    return Access(action=action, resource=resource, service=caller.service, context=caller.context)


# type: (the attribute with its host name, the origin type of its origin access control, ...)
ORIGINS = {
    "AWS::S3::Bucket": ("RegionalDomainName", "s3", _bucket),
    "AWS::MediaPackageV2::ChannelGroup": ("EgressDomain", "mediapackagev2", _packager),
}
