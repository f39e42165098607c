"""API Gateway REST API at one of its stages.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-rest-api.html
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.wrappers import Request, Response

from preview.errors import NotSupported, Rejected
from preview.resource import Resource
from preview.services.api import mock_integration
from preview.services.api.authorizer import Authorizer, JsonWebKeys, Unauthorized
from preview.services.api.proxy_integration import function_arn, proxy_event, proxy_response
from preview.services.api.supported_properties import check
from preview.services.api.throttle import Throttle, limits_of
from preview.services.functions.function import FunctionError
from preview.stack_id import StackId

Invoke = Callable[[str, str, Any], Any]


@dataclass(frozen=True, kw_only=True)
class _Method:
    path: str
    properties: Mapping[str, Any]
    authorizer: Authorizer | None
    header: str | None
    """The header with the token."""


class Api:
    """A REST API at one of its stages."""

    def __init__(
        self,
        *,
        api: Resource,
        resources: Sequence[Resource],
        invoke: Invoke,
        jwks: Callable[[str], JsonWebKeys],
        clock: Callable[[], float],
        throttle: Throttle,
        stack: StackId,
    ) -> None:
        """An API as in one deployment.

        Args:
            api: the AWS::ApiGateway::RestApi.
            resources: the paths, methods, and authorizers of its deployment, and its stage.
            invoke: invokes a function, given its ARN, the ARN of the calling method, and the event.
                Raises Rejected if no permission allows the method.
            jwks: the key set of a user pool, by ARN.
            clock: the time in epoch seconds.
            throttle: counts the requests for each method.
            stack: whose partition, Region and account the API has.

        Raises:
            Rejected: an integration does not name a function.
            NotSupported: the preview does not support a part of the API.
        """
        check(resources)
        self._invoke, self._jwks, self._clock = invoke, jwks, clock
        (self._stage,) = (one for one in resources if one.type == "AWS::ApiGateway::Stage")
        self._throttle, self._limits = throttle, limits_of(self._stage)
        self._partition, self._region = stack.partition, stack.region
        place = f"arn:{stack.partition}:execute-api:{stack.region}:{stack.account_id}"
        self._arn = f"{place}:{api.ref}/{self._stage.ref}"
        paths = _paths(api, resources)
        self._methods = {
            (paths[one.properties["ResourceId"]], one.properties["HttpMethod"]): self._method(
                one, paths, resources
            )
            for one in resources
            if one.type == "AWS::ApiGateway::Method"
        }

    def answer(self, request: Request) -> Response:
        """The stage's response; the request's path begins with the stage's name."""
        path = request.path.removeprefix(f"/{self._stage.ref}") or "/"
        method = self._methods.get((path, request.method)) or self._methods.get((path, "ANY"))
        if method is None:
            # https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
            return _error(
                403, "Missing Authentication Token", "MissingAuthenticationTokenException"
            )
        # AWS does not document whether throttling or the authorizer comes first: assume the worse
        if not self._throttle.lets_in(f"{self._arn}/{request.method}{path}", self._limits):
            return _error(429, "Too Many Requests", "TooManyRequestsException")
        claims = None
        if method.authorizer is not None:
            token = request.headers.get(str(method.header))
            try:
                claims = method.authorizer.claims(
                    token, method.properties.get("AuthorizationScopes", [])
                )
            except Unauthorized as refusal:
                return _error(401, str(refusal), "UnauthorizedException")
        return self._integrated(method, request, claims)

    def _integrated(
        self, method: _Method, request: Request, claims: Mapping[str, str] | None
    ) -> Response:
        integration = method.properties["Integration"]
        variables = self._stage.properties.get("Variables", {})
        if integration["Type"] == "MOCK":
            return mock_integration.mocked(integration, variables)
        event = proxy_event(
            request,
            resource_path=method.path,
            path=method.path,
            stage=self._stage.ref,
            stage_variables=variables,
            claims=claims,
        )
        function = str(self._function(integration))
        try:
            answer = self._invoke(function, f"{self._arn}/{request.method}{method.path}", event)
        except Rejected:
            return _error(500, "Internal server error", "InternalServerErrorException")
        except FunctionError:
            return _error(502, "Internal server error", "InternalServerErrorException")
        return proxy_response(answer)

    def _method(
        self, method: Resource, paths: Mapping[str, str], resources: Iterable[Resource]
    ) -> _Method:
        stated = method.properties
        self._check_integration(method)
        kind = stated.get("AuthorizationType", "NONE")
        if kind not in ("NONE", "COGNITO_USER_POOLS"):
            raise NotSupported(f"{method.logical_id}: the preview does not support {kind}.")
        authorizer, header = None, None
        if kind != "NONE":
            (found,) = (one for one in resources if one.ref == stated["AuthorizerId"])
            authorizer, header = self._authorizer(found)
        path = paths[stated["ResourceId"]]
        return _Method(path=path, properties=stated, authorizer=authorizer, header=header)

    def _check_integration(self, method: Resource) -> None:
        integration = method.properties["Integration"]
        kind = integration["Type"]
        if kind == "MOCK":
            mock_integration.check(method.logical_id, integration)
        elif kind != "AWS_PROXY" or integration.get("IntegrationHttpMethod") != "POST":
            raise NotSupported(
                f"{method.logical_id}: the preview does not support this {kind} integration."
            )
        elif self._function(integration) is None:
            raise Rejected(f"{method.logical_id}: the integration's Uri does not name a function.")

    def _function(self, integration: Mapping[str, Any]) -> str | None:
        return function_arn(integration["Uri"], partition=self._partition, region=self._region)

    def _authorizer(self, resource: Resource) -> tuple[Authorizer, str]:
        stated = resource.properties
        source = stated["IdentitySource"]
        prefix = "method.request.header."
        if stated["Type"] != "COGNITO_USER_POOLS" or not source.startswith(prefix):
            raise NotSupported(
                f"{resource.logical_id}: the preview does not support {stated['Type']} by {source}."
            )
        authorizer = Authorizer(pools=stated["ProviderARNs"], jwks=self._jwks, clock=self._clock)
        return authorizer, source.removeprefix(prefix)


def _paths(api: Resource, resources: Iterable[Resource]) -> dict[str, str]:
    """The path of each resource of the API, by its ID."""
    parts = {one.ref: one.properties for one in resources if one.type.endswith("::Resource")}
    root = api.attributes["RootResourceId"]

    def path(resource_id: str) -> str:
        if resource_id == root:
            return ""
        part = parts[resource_id]
        if "{" in part["PathPart"]:
            raise NotSupported(f"The preview does not support the path part {part['PathPart']}.")
        return f"{path(part['ParentId'])}/{part['PathPart']}"

    return {root: "/", **{resource_id: path(resource_id) for resource_id in parts}}


def _error(status: int, message: str, kind: str) -> Response:
    return Response(
        f'{{"message":"{message}"}}',
        status=status,
        content_type="application/json",
        headers={"x-amzn-errortype": kind},
    )
