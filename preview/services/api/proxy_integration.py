"""API Gateway Lambda proxy integration: the function's event and response formats.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

import base64
import re
from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Request, Response

URI = r"arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/(.+)/invocations"
BAD_ANSWER = '{"message": "Internal server error"}'


def function_arn(uri: str, *, partition: str, region: str) -> str | None:
    """The ARN of the function in an integration's Uri; None if the Uri is not for this Region.

    https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html
    """
    found = re.fullmatch(URI.format(partition=partition, region=region), uri)
    return found[1] if found else None


def proxy_event(
    request: Request,
    *,
    resource_path: str,
    path: str,
    stage: str,
    stage_variables: Mapping[str, str] | None,
    claims: Mapping[str, str] | None,
) -> dict[str, Any]:
    """The event; header names keep the viewer's case.

    API Gateway appends the client's address to X-Forwarded-For.
    """
    headers: dict[str, list[str]] = {}
    for name, value in request.headers:
        headers.setdefault(name, []).append(value)
    forwarded = (*headers.get("X-Forwarded-For", ()), request.remote_addr or "")
    headers["X-Forwarded-For"] = [", ".join(forwarded)]
    query = {name: request.args.getlist(name) for name in request.args}
    body = request.get_data()
    return {
        "resource": resource_path,
        "path": path,
        "httpMethod": request.method,
        "headers": {name: values[-1] for name, values in headers.items()},
        "multiValueHeaders": headers,
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": None,
        "stageVariables": stage_variables or None,
        "requestContext": {
            "httpMethod": request.method,
            "identity": {"sourceIp": request.remote_addr, "userAgent": str(request.user_agent)},
            "path": f"/{stage}{path}",
            "resourcePath": resource_path,
            "stage": stage,
            **({"authorizer": {"claims": dict(claims)}} if claims is not None else {}),
        },
        "body": body.decode(errors="replace") if body else None,
        "isBase64Encoded": False,
    }


def proxy_response(answer: Any) -> Response:
    """The function's response as HTTP; 502 if API Gateway does not accept it."""
    if not isinstance(answer, Mapping) or not str(answer.get("statusCode", "")).isdigit():
        return Response(BAD_ANSWER, status=502, content_type="application/json")
    body = answer.get("body") or ""
    encoded = answer.get("isBase64Encoded", False)
    response = Response(
        base64.b64decode(body) if encoded else body,
        status=int(answer["statusCode"]),
        content_type="application/json",
    )
    several = answer.get("multiValueHeaders") or {}
    for name, value in (answer.get("headers") or {}).items():
        if name not in several:
            response.headers[name] = str(value)
    for name, values in several.items():
        response.headers.setlist(name, values)
    return response
