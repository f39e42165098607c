"""CloudFront Functions at viewer-request: their code runs in QuickJS.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html,
functions-javascript-runtime-20.html
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import quickjs
from werkzeug.wrappers import Response

from preview.errors import NotSupported, Rejected
from preview.services.edge.viewer_request import ViewerRequest

RUNTIME = "cloudfront-js-2.0"
MOST_BYTES = 10_240
MEMORY_BYTES = 2 * 1024 * 1024
"""https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html"""
STACK_BYTES = 256 * 1024
"""Less than the stack of a server's thread on any system."""
SECONDS = 1
"""CloudFront allows much less, but this machine may be busy with other things."""
# QuickJS knows more of JavaScript than CloudFront: statements, expressions and globals that are not
# in CloudFront's list. Comments and strings count, too: it is easier not to use these words there.
UNKNOWN = re.compile(
    r"\b(class|import|export|eval|yield|new\s+Function|setTimeout|setInterval|require|fetch"
    r"|globalThis|Proxy|Reflect|Symbol|Map|Set|WeakMap|WeakSet|BigInt|Intl)\b"
    r"|\?\.|\?\?|for\s*(await)?\s*\([^;)]*\bof\b|\b(const|let|var)\s*[{\[]|[({\[,]\s*\.\.\.(?!\w+\s*\))"
)


@dataclass(frozen=True, kw_only=True)
class EdgeFunction:
    """A published function."""

    code: str

    def answer(self, viewer: ViewerRequest) -> Response | None:
        """The function's own response; None if it lets the request pass.

        Raises:
            NotSupported: it changes the request.
        """
        sent = _request(viewer)
        try:
            result = _run(self.code, {"version": "1.0", **_context(viewer), "request": sent})
        except quickjs.JSException as error:
            # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/http-503-service-unavailable.html
            return _response(503, {}, f"FunctionExecutionError: {error}", "Error")
        if isinstance(result, dict) and "statusCode" in result:
            headers = {name: one["value"] for name, one in result.get("headers", {}).items()}
            body = result.get("body", "")
            text = body if isinstance(body, str) else body["data"]
            return _response(int(result["statusCode"]), headers, text, "FunctionGeneratedResponse")
        if result != sent:
            raise NotSupported("the preview does not support functions that change the request")
        return None


def edge_function(properties: Mapping[str, Any], name: str) -> EdgeFunction:
    """The function with the properties of an AWS::CloudFront::Function.

    Raises:
        Rejected: CloudFront would not take the code, or no distribution could use it.
        NotSupported: the preview does not support the runtime, or something in the code.
    """
    code = str(properties["FunctionCode"])
    runtime = properties["FunctionConfig"]["Runtime"]
    if runtime != RUNTIME:
        raise NotSupported(f"{name}: the preview does not support the runtime {runtime}.")
    if properties["FunctionConfig"].get("KeyValueStoreAssociations"):
        raise NotSupported(f"{name}: the preview does not support KeyValueStoreAssociations.")
    if len(code.encode()) > MOST_BYTES:
        raise Rejected(f"{name}: FunctionSizeLimitExceeded: it is longer than {MOST_BYTES} bytes.")
    if found := UNKNOWN.search(code):
        raise NotSupported(f"{name}: CloudFront Functions do not document support of {found[0]!r}.")
    try:
        _context_of(code)
    except quickjs.JSException as error:
        raise Rejected(f"{name}: InvalidArgument: the code is not JavaScript: {error}") from None
    return EdgeFunction(code=code)


def _context_of(code: str) -> quickjs.Context:
    """A new context for each request: functions keep nothing between requests.

    They are in strict mode, always.
    """
    context = quickjs.Context()
    context.set_memory_limit(MEMORY_BYTES)
    context.set_max_stack_size(STACK_BYTES)
    context.set_time_limit(SECONDS)
    context.eval(f'"use strict"; {code}')
    return context


def _run(code: str, event: Mapping[str, Any]) -> Any:
    given = json.dumps(event)
    text = _context_of(code).eval(f"JSON.stringify(handler({given}))")
    return json.loads(text) if isinstance(text, str) else None


def _context(viewer: ViewerRequest) -> dict[str, Any]:
    """Without the IDs of the distribution and of the request."""
    return {
        "context": {"eventType": "viewer-request"},
        "viewer": {"ip": viewer.http.remote_addr or ""},
    }


def _request(viewer: ViewerRequest) -> dict[str, Any]:
    """The request; names of headers are in lower case, and cookies are not among them."""
    headers = [(name.lower(), value) for name, value in viewer.http.headers]
    query = [pair.partition("=")[::2] for pair in viewer.query.split("&") if pair]
    return {
        "method": viewer.http.method,
        "uri": viewer.path,
        "querystring": _named(query),
        "headers": _named([pair for pair in headers if pair[0] != "cookie"]),
        "cookies": {name: {"value": value} for name, value in viewer.cookies.items()},
    }


def _named(pairs: list[Any]) -> dict[str, Any]:
    """Values by name; several of one name are in `multiValue`, too."""
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return {
        name: {
            "value": given[-1],
            **({"multiValue": [{"value": one} for one in given]} if given[1:] else {}),
        }
        for name, given in values.items()
    }


def _response(status: int, headers: Mapping[str, str], body: str, result: str) -> Response:
    response = Response(body, status=status, headers=dict(headers))
    response.headers.update({"Server": "CloudFront", "X-Cache": f"{result} from cloudfront"})
    return response
