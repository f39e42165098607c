"""API Gateway properties that the preview supports; others are rejected by name."""

from collections.abc import Iterable, Mapping

from preview.errors import NotSupported
from preview.resource import Resource

HONORED: Mapping[str, frozenset[str]] = {
    "AWS::ApiGateway::Authorizer": frozenset(
        {"IdentitySource", "ProviderARNs", "RestApiId", "Type"}
    ),
    "AWS::ApiGateway::Method": frozenset(
        {
            "AuthorizationScopes",
            "AuthorizationType",
            "AuthorizerId",
            "HttpMethod",
            "Integration",
            "ResourceId",
            "RestApiId",
        }
    ),
    "AWS::ApiGateway::Resource": frozenset({"ParentId", "PathPart", "RestApiId"}),
    "AWS::ApiGateway::Stage": frozenset(
        {"DeploymentId", "MethodSettings", "RestApiId", "StageName", "Variables"}
    ),
}
# property: why it does not affect responses here
HARMLESS: Mapping[str, str] = {
    "AccessLogSetting": "requests are not logged here",
    "AuthorizerResultTtlInSeconds": "every token is verified every time",
    "Description": "for people",
    "MethodResponses": "they describe the integration's responses",
    "Name": "for people",
    "OperationName": "for people",
    "Tags": "for people",
    "TracingEnabled": "nothing is traced here",
}


def check(resources: Iterable[Resource]) -> None:
    """Checks that the preview supports all properties.

    Raises:
        NotSupported: it does not.
    """
    for resource in resources:
        known = HONORED.get(resource.type, resource.properties.keys())
        unknown = resource.properties.keys() - known - HARMLESS.keys()
        if unknown:
            raise NotSupported(
                f"{resource.logical_id}: the preview does not support {sorted(unknown)}."
            )
