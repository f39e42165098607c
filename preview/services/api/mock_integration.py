"""API Gateway MOCK integration: a response from the template, without a function.

https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Response

from preview.errors import NotSupported

JSON = "application/json"
STAGE_VARIABLE = re.compile(r"\$stageVariables\.(\w+)")
STATIC = re.compile(r"'([^']*)'")


def check(method: str, integration: Mapping[str, Any]) -> None:
    """Checks that the preview supports the integration.

    Raises:
        NotSupported: a template uses more of the mapping language than stage variables.
    """
    templates = {**integration.get("RequestTemplates", {})}
    for answer in integration.get("IntegrationResponses", []):
        if answer.get("SelectionPattern"):
            raise NotSupported(f"{method}: the preview does not support SelectionPattern.")
        templates |= answer.get("ResponseTemplates", {})
        for value in answer.get("ResponseParameters", {}).values():
            if not STATIC.fullmatch(value):
                raise NotSupported(f"{method}: {value} is not a static value in quotes.")
    for text in templates.values():
        if re.search(r"[$#]", STAGE_VARIABLE.sub("", text)):
            raise NotSupported(f"{method}: a template uses more than $stageVariables: {text}")


def mocked(integration: Mapping[str, Any], variables: Mapping[str, str]) -> Response:
    """The response for the status code in the request template."""
    request = json.loads(integration.get("RequestTemplates", {}).get(JSON, "{}"))
    status = str(request.get("statusCode", ""))
    for answer in integration.get("IntegrationResponses", []):
        if answer["StatusCode"] == status:
            template = answer.get("ResponseTemplates", {}).get(JSON, "")
            body = STAGE_VARIABLE.sub(lambda found: variables.get(found[1], ""), template)
            headers = {
                name.removeprefix("method.response.header."): value.strip("'")
                for name, value in answer.get("ResponseParameters", {}).items()
            }
            return Response(body, status=int(status), content_type=JSON, headers=headers)
    return Response('{"message": "Internal server error"}', status=500, content_type=JSON)
