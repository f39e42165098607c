"""Lambda handler for `/api/cookies` in `kms` mode.

It answers as the function in `cookies` does. Its code is inline in the template, so it is short.
"""

import functools
import os
import time
from collections.abc import Mapping
from typing import Any

import boto3
from botocore.config import Config

from cookies.answer import answer
from cookies.responses import Response
from cookies_by_kms.kms_signer import KmsSigner
from shared.log import disable_debug

# One attempt takes at most 5 s. A second could exceed the function's 10 s timeout, and a function
# that times out loses its cached cookies; the viewer's next request is the better second attempt.
_KMS = Config(connect_timeout=2, read_timeout=3, retries={"total_max_attempts": 1})


@functools.cache
def signer() -> KmsSigner:
    """The signer of this execution environment."""
    disable_debug()
    return KmsSigner(kms=boto3.client("kms", config=_KMS), variables=os.environ)


def handler(event: Mapping[str, Any], context: object) -> Response:  # noqa: ARG001 - Lambda's two
    """Lambda entry point: takes an API Gateway proxy event, returns a proxy response."""
    return answer(event, signer(), int(time.time()))
