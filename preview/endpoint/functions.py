"""Lambda functions of the stack. Source: Lambda API Reference, "Invoke"."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from preview.endpoint.desk import Desk
from preview.resource import Resource
from preview.services.aws.aws_error import AwsError
from preview.services.functions.function import FunctionError

FUNCTION = "AWS::Lambda::Function"


def invoke(desk: Desk, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Invokes a function and waits for its response; asynchronous invocations are refused."""
    if asked.get("InvocationType", "RequestResponse") != "RequestResponse":
        raise AwsError(
            "InvalidParameterValueException", "The preview supports only RequestResponse."
        )
    function = _function(desk, asked["FunctionName"])
    error = {}
    try:
        result = desk.account.run(
            function.attributes["Arn"], json.loads(asked.get("Payload") or b"null")
        )
    except ValueError:
        raise AwsError("InvalidRequestContentException", "The payload is not JSON.") from None
    except FunctionError as fault:
        result, error = {"errorMessage": str(fault)}, {"FunctionError": "Unhandled"}
    return {
        "StatusCode": 200,
        "ExecutedVersion": "$LATEST",
        "Payload": json.dumps(result).encode(),
        "LogResult": base64.b64encode(b"").decode(),
        **error,
    }


def _function(desk: Desk, name: str) -> Resource:
    for one in desk.account.resources.of_type(FUNCTION):
        if name in (one.ref, one.attributes["Arn"]):
            return one
    raise AwsError("ResourceNotFoundException", f"Function not found: {name}")
