"""KMS public key as PEM for CloudFront: the custom resource Custom::PublicKeyPem.

It returns `Pem`, and `Since`: when the public key was first fetched, in epoch seconds. The key is
trusted moments later, and signs once every CloudFront edge location has it.
"""

import base64
import textwrap
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from shared.inline_custom_resource import Event, aws, reply

if TYPE_CHECKING:
    from shared.lambda_context import LambdaContext


def pem(der: bytes) -> str:
    """SubjectPublicKeyInfo as PEM (RFC 7468 section 13)."""
    body = textwrap.fill(base64.b64encode(der).decode(), 64)
    return f"-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n"


def handler(event: Event, context: "LambdaContext") -> None:
    """Lambda entry point."""
    # the time is in the physical ID, so that an update of the resource does not change it
    physical_id = event.get("PhysicalResourceId") or f"pem-{int(time.time())}"

    def act() -> tuple[str, Mapping[str, str]]:
        if event["RequestType"] == "Delete":
            return "done", {}
        key = aws("kms:GetPublicKey", KeyId=event["ResourceProperties"]["KeyId"])
        return "done", {"Pem": pem(key["PublicKey"]), "Since": physical_id.rpartition("-")[2]}

    # a pause of 5 seconds, a call of 6, and the response
    reply(event, act, physical_id, context, 60)
