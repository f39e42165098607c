"""The properties of an API's parts that the preview knows; others are refused by name."""

from collections.abc import Iterable, Mapping

from preview.errors import NotSupported
from preview.resource import Resource

HONOURED: Mapping[str, frozenset[str]] = {
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
    "AWS::ApiGateway::Stage": frozenset({"DeploymentId", "RestApiId", "StageName", "Variables"}),
}
# property: why it changes nothing of an answer here
HARMLESS: Mapping[str, str] = {
    "AccessLogSetting": "requests are not logged here",
    "AuthorizerResultTtlInSeconds": "every token is checked anew",
    "Description": "for people",
    "MethodResponses": "they describe what the integration answers",
    "MethodSettings": "traffic is not limited here",
    "Name": "for people",
    "OperationName": "for people",
    "Tags": "for people",
    "TracingEnabled": "nothing is traced here",
}


def check(resources: Iterable[Resource]) -> None:
    """Looks for properties that are not known.

    Raises:
        NotSupported: there are some.
    """
    for resource in resources:
        known = HONOURED.get(resource.type, resource.properties.keys())
        unknown = resource.properties.keys() - known - HARMLESS.keys()
        if unknown:
            raise NotSupported(
                f"{resource.logical_id}: {sorted(unknown)} is not known to the preview."
            )
