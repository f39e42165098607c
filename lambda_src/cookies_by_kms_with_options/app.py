"""Lambda handler for `/api/cookies` in `kms` mode, with the options of the answer.

It answers as the function in `cookies` does. Its code is inline in the template, so it is short.
"""

import functools
import os
import time
from collections.abc import Mapping
from typing import Any

import boto3
from botocore.config import Config

from cookies.answer_with_options import answer_with_options
from cookies.responses import Response
from cookies_by_kms_with_options.binding_kms_signer import BindingKmsSigner
from shared.log import disable_debug

# as in cookies_by_kms
_KMS = Config(connect_timeout=2, read_timeout=3, retries={"total_max_attempts": 1})


@functools.cache
def signer() -> BindingKmsSigner:
    """The signer of this execution environment."""
    disable_debug()
    return BindingKmsSigner(kms=boto3.client("kms", config=_KMS), variables=os.environ)


def handler(event: Mapping[str, Any], context: object) -> Response:  # noqa: ARG001 - Lambda's two
    """Lambda entry point: takes an API Gateway proxy event, returns a proxy response."""
    return answer_with_options(event, signer(), int(time.time()), os.environ)
