"""The API in front of the signing function: /api/cookies and /api/config."""

import json
from dataclasses import dataclass

from pydantic import Field
from troposphere import (
    AWSHelperFn,
    AWSObject,
    NoValue,
    Sub,
    apigateway,
    awslambda,
    cloudfront,
    logs,
)

from generator.context import why
from generator.delivery import Delivery
from generator.functions import Functions
from generator.logs import log_group
from generator.names import digest_of, physical_name
from generator.options import Options
from generator.packaging import Packaging
from generator.section import Section
from generator.signing import Signing
from generator.viewers import Viewers

STAGE = "api"
API_NAME_LIMIT = 128
FUNCTION_SECONDS = 10
FUNCTION_MEBIBYTES = 512
SCOPE = "openid"
# The page's settings: the names of fields and of stage variables
SETTINGS = ("issuer", "signInHost", "clientId", "hls", "dash")
NO_STORE = {"method.response.header.Cache-Control": "'no-store'"}
ACCESS_LOG_FIELDS = (
    "requestId",
    "requestTime",
    "httpMethod",
    "path",
    "status",
    "responseLatency",
    "error.responseType",
)


class ApiOptions(Options):
    """How much the API answers, and what it writes down."""

    requests_per_second: int = Field(
        default=200, ge=1, le=10_000, description="of all viewers together"
    )
    burst: int = Field(default=400, ge=1, le=5_000, description="requests at once")
    access_logs: bool = Field(
        default=False, description="needs the account-wide logging role of API Gateway"
    )


@dataclass(frozen=True, kw_only=True)
class Api(Section):
    """The API before it has methods: the distribution must know its address."""

    rest_api: apigateway.RestApi
    origin: cloudfront.Origin
    """Where the distribution reaches it; the stage's name is the beginning of its paths."""


def api() -> Api:
    """The REST API, reached through the distribution.

    Source: API Gateway Developer Guide, "Security policies for REST APIs": a policy named
    SecurityPolicy_… needs an endpoint access mode; the default of a regional API is TLS 1.0.
    """
    rest_api = apigateway.RestApi(
        "Api",
        Metadata=why("hands out cookies under the distribution's own host"),
        Name=physical_name("cookies", limit=API_NAME_LIMIT),
        EndpointConfiguration=apigateway.EndpointConfiguration(Types=["REGIONAL"]),
        SecurityPolicy="SecurityPolicy_TLS13_1_2_2021_06",
        EndpointAccessMode="BASIC",
    )
    origin = cloudfront.Origin(
        Id="api",
        DomainName=Sub("${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}", Api=rest_api.ref()),
        CustomOriginConfig=cloudfront.CustomOriginConfig(
            OriginProtocolPolicy="https-only", OriginSSLProtocols=["TLSv1.2"]
        ),
    )
    return Api(source="api", resources=(rest_api,), rest_api=rest_api, origin=origin)


def cookies_api(
    options: ApiOptions,
    api: Api,
    *,
    functions: Functions,
    viewers: Viewers,
    signing: Signing,
    media: Packaging,
    delivery: Delivery,
) -> Section:
    """What the API answers: cookies to the signed-in, farewells and settings to everybody."""
    signer = functions.function(
        "CookiesFunction",
        "cookies",
        reason="signs the cookies of signed-in viewers",
        environment={
            **signing.environment,
            "CLIENT_ID": viewers.client_id,
            "MEDIA_URL": delivery.url(media.media_path),
        },
        statements=signing.may_sign,
        timeout=FUNCTION_SECONDS,
        memory=FUNCTION_MEBIBYTES,
    )
    authorizer = _authorizer(api, viewers)
    cookies, config = _resource(api, "cookies"), _resource(api, "config")
    methods = (
        _get_cookies(api, cookies, signer.function, authorizer),
        _delete_cookies(api, cookies, signer.function),
        _get_config(api, config),
    )
    described = (api.rest_api, authorizer, cookies, config, *methods)
    deployment = _deployment(api, described, methods)
    access_log = log_group("ApiLog", functions.logs) if options.access_logs else None
    stage = _stage(options, deployment, _settings(viewers, media), access_log)
    return Section(
        source="api",
        resources=(
            *signer.resources,
            *_permissions(api, signer.function),
            authorizer,
            cookies,
            config,
            *methods,
            deployment,
            *([access_log] if access_log else []),
            stage,
        ),
    )


def _resource(api: Api, path_part: str) -> apigateway.Resource:
    return apigateway.Resource(
        f"{path_part.capitalize()}Path",
        Metadata=why(f"/{STAGE}/{path_part}"),
        RestApiId=api.rest_api.ref(),
        ParentId=api.rest_api.get_att("RootResourceId"),
        PathPart=path_part,
    )


def _authorizer(api: Api, viewers: Viewers) -> apigateway.Authorizer:
    return apigateway.Authorizer(
        "SignedInViewers",
        Metadata=why("lets in access tokens of the user pool"),
        RestApiId=api.rest_api.ref(),
        Name="signed-in-viewers",
        Type="COGNITO_USER_POOLS",
        IdentitySource="method.request.header.Authorization",
        ProviderARNs=[viewers.pool.get_att("Arn")],
    )


def _get_cookies(
    api: Api,
    path: apigateway.Resource,
    signer: awslambda.Function,
    authorizer: apigateway.Authorizer,
) -> apigateway.Method:
    """With scopes, the authorizer takes access tokens only.

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


def _get_config(api: Api, path: apigateway.Resource) -> apigateway.Method:
    """The page's settings, from a fixed template that reads the stage's variables.

    Source: API Gateway Developer Guide, "Mock integrations" and "Variables for data
    transformations" ($stageVariables).
    """
    template = json.dumps({name: f"$stageVariables.{name}" for name in SETTINGS})
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
                    ResponseParameters=dict(NO_STORE),
                    ResponseTemplates={"application/json": template},
                )
            ],
        ),
        MethodResponses=[
            apigateway.MethodResponse(
                StatusCode="200", ResponseParameters=dict.fromkeys(NO_STORE, True)
            )
        ],
    )


def _settings(viewers: Viewers, media: Packaging) -> dict[str, AWSHelperFn]:
    """The stage's variables; a changed value needs no new deployment."""
    values = (
        viewers.issuer_host_and_path,
        viewers.sign_in_host,
        viewers.client_id,
        media.hls_manifest,
        media.dash_manifest,
    )
    return dict(zip(SETTINGS, values, strict=True))


def _deployment(
    api: Api, described: tuple[AWSObject, ...], methods: tuple[apigateway.Method, ...]
) -> apigateway.Deployment:
    """A deployment is a snapshot: whatever it describes is in its logical ID."""
    digest = digest_of([[item.title, item.properties] for item in described])
    return apigateway.Deployment(
        f"ApiDeployment{digest}",
        Metadata=why("what the API is now; another API is another deployment"),
        RestApiId=api.rest_api.ref(),
        DependsOn=[method.title for method in methods],
    )


def _stage(
    options: ApiOptions,
    deployment: apigateway.Deployment,
    variables: dict[str, AWSHelperFn],
    access_log: logs.LogGroup | None,
) -> apigateway.Stage:
    return apigateway.Stage(
        "ApiStage",
        Metadata=why("its name is the first part of the paths on the distribution"),
        RestApiId=deployment.RestApiId,
        DeploymentId=deployment.ref(),
        StageName=STAGE,
        Variables=variables,
        MethodSettings=[
            apigateway.MethodSetting(
                HttpMethod="*",
                ResourcePath="/*",
                ThrottlingRateLimit=options.requests_per_second,
                ThrottlingBurstLimit=options.burst,
            )
        ],
        AccessLogSetting=_access_log_setting(access_log) if access_log else NoValue,
    )


def _access_log_setting(group: logs.LogGroup) -> apigateway.AccessLogSetting:
    """One JSON line for each request, without anything that identifies a viewer.

    Source: API Gateway Developer Guide, "Set up CloudWatch logging for REST APIs".
    """
    line = json.dumps({name: f"$context.{name}" for name in ACCESS_LOG_FIELDS})
    return apigateway.AccessLogSetting(
        # the stage wants the ARN without the ":*" that stands for the group's streams
        DestinationArn=Sub(
            "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${Group}",
            Group=group.ref(),
        ),
        Format=line,
    )


def _permissions(api: Api, signer: awslambda.Function) -> tuple[awslambda.Permission, ...]:
    """API Gateway may call the function for these methods of this API only.

    Source: API Gateway Developer Guide, "Permissions to invoke a Lambda function".
    """
    return tuple(
        awslambda.Permission(
            f"{method.capitalize()}CookiesMayCall",
            FunctionName=signer.get_att("Arn"),
            Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
            SourceArn=Sub(
                "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:"
                f"${{Api}}/{STAGE}/{method}/cookies",
                Api=api.rest_api.ref(),
            ),
        )
        for method in ("GET", "DELETE")
    )
