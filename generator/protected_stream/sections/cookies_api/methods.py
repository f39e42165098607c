"""API Gateway methods and authorizer: what the API answers, and to whom."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from troposphere import AWSObject, Sub, apigateway, awslambda

from protected_stream.sections.cookies_api.rest_api import CONFIG, STAGE, Api
from protected_stream.sections.viewers import Viewers
from protected_stream.template.metadata import why

SCOPE = "openid"
# seconds for which CloudFront and browsers keep the page's settings: an update is seen after them
CONFIG_CACHED = {"method.response.header.Cache-Control": "'max-age=60'"}


@dataclass(frozen=True, kw_only=True)
class Methods:
    """The methods and what they need."""

    authorizer: apigateway.Authorizer
    paths: tuple[apigateway.Resource, ...]
    methods: tuple[apigateway.Method, ...]
    permissions: tuple[awslambda.Permission, ...]

    @property
    def described(self) -> tuple[AWSObject, ...]:
        """What a deployment of the API captures."""
        return (self.authorizer, *self.paths, *self.methods)


def methods(
    api: Api,
    signer: awslambda.Function,
    viewers: Viewers,
    *,
    token_header: str,
    settings: Iterable[str],
) -> Methods:
    """GET and DELETE of /api/cookies through the signer, and GET of /api/config.

    Args:
        api: the API without methods.
        signer: the function that signs cookies.
        viewers: who may get them.
        token_header: the header that holds the viewer's token.
        settings: the names of the page's settings.
    """
    authorizer = _authorizer(api, viewers, token_header)
    cookies, config = _path(api, "cookies"), _path(api, CONFIG)
    return Methods(
        authorizer=authorizer,
        paths=(cookies, config),
        methods=(
            _get_cookies(api, cookies, signer, authorizer),
            _delete_cookies(api, cookies, signer),
            _get_config(api, config, settings),
            *([_preflight(api, cookies)] if api.has_preflight else []),
        ),
        permissions=tuple(_permission(api, signer, method) for method in ("GET", "DELETE")),
    )


def _path(api: Api, path_part: str) -> apigateway.Resource:
    return apigateway.Resource(
        f"{path_part.capitalize()}Path",
        Metadata=why(f"/{STAGE}/{path_part}"),
        RestApiId=api.rest_api.ref(),
        ParentId=api.rest_api.get_att("RootResourceId"),
        PathPart=path_part,
    )


def _authorizer(api: Api, viewers: Viewers, token_header: str) -> apigateway.Authorizer:
    return apigateway.Authorizer(
        "CookiesAuthorizer",
        Metadata=why("accepts the user pool's access tokens"),
        RestApiId=api.rest_api.ref(),
        Name="signed-in-viewers",
        Type="COGNITO_USER_POOLS",
        IdentitySource=f"method.request.header.{token_header}",
        ProviderARNs=[viewers.pool_arn],
        # a cached result could outlive its token; checking it again costs nothing
        AuthorizerResultTtlInSeconds=0,
    )


def _get_cookies(
    api: Api,
    path: apigateway.Resource,
    signer: awslambda.Function,
    authorizer: apigateway.Authorizer,
) -> apigateway.Method:
    """With scopes, the authorizer accepts access tokens only.

    Source: API Gateway Developer Guide, "Integrate a REST API with an Amazon Cognito user pool".
    """
    return apigateway.Method(
        "GetCookies",
        Metadata=why("signed cookies for a signed-in viewer"),
        RestApiId=api.rest_api.ref(),
        ResourceId=path.ref(),
        HttpMethod="GET",
        AuthorizationType="COGNITO_USER_POOLS",
        AuthorizerId=authorizer.ref(),
        AuthorizationScopes=[SCOPE],
        Integration=_to(signer),
    )


def _delete_cookies(
    api: Api, path: apigateway.Resource, signer: awslambda.Function
) -> apigateway.Method:
    """Open to all: a viewer whose sign-in has expired must be able to sign out."""
    return apigateway.Method(
        "DeleteCookies",
        Metadata=why("signing out works without a valid token"),
        RestApiId=api.rest_api.ref(),
        ResourceId=path.ref(),
        HttpMethod="DELETE",
        AuthorizationType="NONE",
        Integration=_to(signer),
    )


def _to(function: awslambda.Function) -> apigateway.Integration:
    return apigateway.Integration(
        Type="AWS_PROXY",
        IntegrationHttpMethod="POST",
        Uri=Sub(
            "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/"
            "${Function}/invocations",
            Function=function.get_att("Arn"),
        ),
    )


def _get_config(api: Api, path: apigateway.Resource, settings: Iterable[str]) -> apigateway.Method:
    """The page's settings, from a fixed template that reads the stage's variables.

    Source: API Gateway Developer Guide, "Mock integrations" and "Variables for data
    transformations" ($stageVariables).
    """
    template = json.dumps({name: f"$stageVariables.{name}" for name in settings})
    return apigateway.Method(
        "GetConfig",
        Metadata=why("the page's settings, answered without a function"),
        RestApiId=api.rest_api.ref(),
        ResourceId=path.ref(),
        HttpMethod="GET",
        AuthorizationType="NONE",
        Integration=apigateway.Integration(
            Type="MOCK",
            PassthroughBehavior="WHEN_NO_TEMPLATES",
            RequestTemplates={"application/json": '{"statusCode": 200}'},
            IntegrationResponses=[
                apigateway.IntegrationResponse(
                    StatusCode="200",
                    ResponseParameters=dict(CONFIG_CACHED),
                    ResponseTemplates={"application/json": template},
                )
            ],
        ),
        MethodResponses=[
            apigateway.MethodResponse(
                StatusCode="200", ResponseParameters=dict.fromkeys(CONFIG_CACHED, True)
            )
        ],
    )


def _preflight(api: Api, path: apigateway.Resource) -> apigateway.Method:
    """The answer to a browser that asks, without a token, whether a page may send one.

    CloudFront adds the headers that say so, for the allowed sites only.

    Source: Fetch Standard, "CORS-preflight fetch": any status of success; API Gateway Developer
    Guide, "CORS for REST APIs in API Gateway".
    """
    return apigateway.Method(
        "CookiesPreflight",
        Metadata=why("browsers ask before a page of an allowed site sends the token"),
        RestApiId=api.rest_api.ref(),
        ResourceId=path.ref(),
        HttpMethod="OPTIONS",
        AuthorizationType="NONE",
        Integration=apigateway.Integration(
            Type="MOCK",
            PassthroughBehavior="WHEN_NO_TEMPLATES",
            RequestTemplates={"application/json": '{"statusCode": 204}'},
            IntegrationResponses=[apigateway.IntegrationResponse(StatusCode="204")],
        ),
        MethodResponses=[apigateway.MethodResponse(StatusCode="204")],
    )


def _permission(api: Api, signer: awslambda.Function, method: str) -> awslambda.Permission:
    """API Gateway may call the function for this method of this API only.

    Source: API Gateway Developer Guide, "Permissions to invoke a Lambda function".
    """
    return awslambda.Permission(
        f"{method.capitalize()}CookiesInvokePermission",
        FunctionName=signer.get_att("Arn"),
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        SourceArn=Sub(
            "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:"
            f"${{Api}}/{STAGE}/{method}/cookies",
            Api=api.rest_api.ref(),
        ),
    )
