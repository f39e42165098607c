"""Lambda handler for `/api/cookies` in `kms` mode.

Its responses match those of the function in `cookies`. Its code is inline in the template, so it
shares the cookie code with that function and is otherwise short.
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

# One attempt takes at most 5 s. A second could exceed the function's 10 s timeout, and a function
# that times out loses its cached cookies; the viewer's next request is the better second attempt.
_KMS = Config(connect_timeout=2, read_timeout=3, retries={"total_max_attempts": 1})


@functools.cache
def signer() -> KmsSigner:
    """The signer of this execution environment."""
    disable_debug()
    return KmsSigner(kms=boto3.client("kms", config=_KMS), variables=os.environ)


def answer(event: Mapping[str, Any], signer: KmsSigner, now: int) -> Response:
    """The response to an API Gateway event; `now` is epoch seconds.

    The API sends only GET and DELETE, and adds the claims of a verified token to a GET.
    """
    if event["httpMethod"] == "DELETE":
        return signed_out(path=signer.media_path)
    claims = (event["requestContext"].get("authorizer") or {}).get("claims")
    if not claims:
        return _refused(401, "requestContext.authorizer.claims", "Sign in first.")
    if not may_watch(claims, signer.client_id):
        return _refused(403, *objection(claims))
    try:
        cookies, expires = signer.cookies(now)
    except Unavailable:
        return unavailable()
    return signed_in(
        cookies, path=signer.media_path, expires=expires, renew_after=renewal(now, expires)
    )


def _refused(status: int, field: str, message: str) -> Response:
    note("refused", status=status, field=field)
    return refused(status, field=field, message=message)


def handler(event: Mapping[str, Any], context: object) -> Response:  # noqa: ARG001 - Lambda's two
    """Lambda entry point: takes an API Gateway proxy event, returns a proxy response."""
    return answer(event, signer(), int(time.time()))
