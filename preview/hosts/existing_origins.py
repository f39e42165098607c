"""Origins of streams that are on the air without the stack: their responses."""

from werkzeug.wrappers import Request, Response

from preview.account import Account
from preview.hosts.media_response import media_response
from preview.services.aws.policies import VERSION, Access, granted_by
from preview.services.existing_origin import S3, SEGMENT_SECONDS, V2, ExistingOrigin
from preview.services.manifest_query import BadQuery, manifest_query
from preview.services.media import test_card


def existing_answer(
    account: Account, origin: ExistingOrigin, request: Request, caller: Access | None
) -> Response:
    """A file, if the owner lets the request in.

    Args:
        account: the account with the encoder.
        origin: the origin.
        request: from CloudFront, or from anybody who knows the host name.
        caller: CloudFront, if it has signed the request for this kind of origin.
    """
    if request.method not in ("GET", "HEAD"):
        return Response(status=405)
    if not _lets_in(account, origin, request, caller):
        return Response(status=403)
    account.media.asked.append(request.full_path.removesuffix("?"))
    failure = account.media.failure()
    if failure is not None:
        return Response(status=failure)
    name = origin.name(request.path)
    try:
        body = _body(account, origin, name, request.query_string.decode()) if name else None
    except BadQuery as refusal:
        return Response(f"{refusal}\n", status=400)
    if name is None or body is None:
        # https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
        may_list = origin.kind is not S3 or _granted(account, origin, "s3:ListBucket", "", caller)
        return Response(status=404 if may_list else 403)
    return media_response(name, body, segment_seconds=SEGMENT_SECONDS)


def _body(account: Account, origin: ExistingOrigin, name: str, query: str) -> bytes | None:
    """Only MediaPackage knows queries.

    Raises:
        BadQuery: it would respond with 400.
    """
    if origin.kind is not V2:
        query = ""
    if account.media.source is test_card:
        manifest_query(query)
        query = ""
    return account.media.source(origin.endpoint, f"{name}?{query}" if query else name)


def _lets_in(
    account: Account, origin: ExistingOrigin, request: Request, caller: Access | None
) -> bool:
    kind = origin.kind
    if not kind.signed_as:
        return bool(origin.header) and request.headers.get(origin.header) == origin.identifier
    if kind is S3:
        return _granted(account, origin, "s3:GetObject", request.path, caller)
    action = "GetHeadObject" if request.method == "HEAD" else "GetObject"
    return _granted(account, origin, f"mediapackagev2:{action}", request.path, caller)


def _granted(
    account: Account, origin: ExistingOrigin, action: str, path: str, caller: Access | None
) -> bool:
    """Whether the owner's policy lets CloudFront do it: an endpoint's, or the bucket's.

    https://docs.aws.amazon.com/mediapackage/latest/userguide/policies.html
    """
    if caller is None:
        return False
    asking = Access(
        action=action,
        resource=_arn(account, origin, path),
        service=caller.service,
        context=caller.context,
    )
    return granted_by({"Version": VERSION, "Statement": origin.statements}, asking)


def _arn(account: Account, origin: ExistingOrigin, path: str) -> str:
    partition, owner = account.stack.partition, account.stack.account_id
    if origin.kind is S3:
        return f"arn:{partition}:s3:::{origin.host.partition('.s3.')[0]}{path}"
    *_, group, channel, endpoint, _ = ("", "", "", *path.split("/"))
    region = origin.host.split(".")[4]
    return (
        f"arn:{partition}:mediapackagev2:{region}:{owner}:channelGroup/{group}/channel/{channel}"
        f"/originEndpoint/{endpoint}"
    )
