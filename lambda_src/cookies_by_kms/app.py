"""The Lambda function behind `/api/cookies` when KMS signs.

It answers what the function in `cookies` answers. The template holds its code, so that it shares
what the cookies say with that function, and is short in everything else.
"""

import functools
import os
import time
from collections.abc import Mapping
from typing import Any

import boto3
from botocore.config import Config

from cookies.claims import may_watch, objection
from cookies.lifetime import renewal
from cookies.responses import (
    Response,
    refused,
    signed_in,
    signed_out,
    unavailable,
)
from cookies_by_kms.kms_signer import KmsSigner, Unavailable
from shared.log import disable_debug, note

# One attempt takes 5 s at most. A second could outlast the function's 10 s, and a function that is
# stopped loses the cookies that bridge; a viewer's next request is the better second attempt.
_KMS = Config(connect_timeout=2, read_timeout=3, retries={"total_max_attempts": 1})


@functools.cache
def signer() -> KmsSigner:
    """The signer of this container."""
    disable_debug()
    return KmsSigner(kms=boto3.client("kms", config=_KMS), variables=os.environ)


def answer(event: Mapping[str, Any], signer: KmsSigner, now: int) -> Response:
    """The response to one event of API Gateway; `now` is epoch seconds.

    The API sends GET and DELETE only, and GET only with the claims of a token that it has verified.
    """
    if event["httpMethod"] == "DELETE":
        return signed_out(path=signer.media_path)
    claims = event["requestContext"]["authorizer"]["claims"]
    if not may_watch(claims, signer.client_id):
        field, message = objection(claims)
        note("refused", status=403, field=field)
        return refused(403, field=field, message=message)
    try:
        cookies, expires = signer.cookies(now)
    except Unavailable:
        return unavailable()
    return signed_in(
        cookies, path=signer.media_path, expires=expires, renew_after=renewal(now, expires)
    )


def handler(event: Mapping[str, Any], context: object) -> Response:  # noqa: ARG001 - Lambda's two
    """Lambda's entry point: API Gateway's proxy event in, proxy response out."""
    return answer(event, signer(), int(time.time()))
