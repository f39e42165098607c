"""API Gateway deployment and stage: throttling, stage variables and access logs."""

import json
from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, Field
from troposphere import AWSHelperFn, NoValue, Sub, apigateway, awslambda, logs

from protected_stream.sections.cookies_api.methods import Methods
from protected_stream.sections.cookies_api.rest_api import STAGE, Api
from protected_stream.sections.cookies_api.token_header import HEADER, sendable
from protected_stream.template.metadata import why
from protected_stream.template.names import digest_of
from protected_stream.template.options import Options

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
    """Throttling and logging of the API."""

    requests_per_second: int = Field(
        default=200, ge=1, le=10_000, description="for each method of the API, all viewers together"
    )
    burst: int = Field(
        default=400,
        ge=1,
        le=5_000,
        description="requests for a method that may come in the same moment; at least half of the "
        "rate",
    )
    token_header: Annotated[str, AfterValidator(sendable)] = Field(
        default="Authorization",
        json_schema_extra={"pattern": f"^{HEADER}$"},
        description="the header in which the page sends the viewer's token; the post uses `Auth`",
    )
    access_logs: bool = Field(
        default=False, description="requires API Gateway's logging role in the account and Region"
    )


def deployment(
    api: Api, answers: Methods, *, after: Sequence[awslambda.Permission] = ()
) -> apigateway.Deployment:
    """A deployment is a snapshot: its logical ID ends in a digest of the resources it captures.

    It depends on those resources, and on the permissions in `after`.
    """
    described = (api.rest_api, *answers.described)
    digest = digest_of([[item.title, item.properties] for item in described])
    return apigateway.Deployment(
        f"ApiDeployment{digest}",
        Metadata=why("the API now; a changed API is a new deployment"),
        RestApiId=api.rest_api.ref(),
        DependsOn=[item.title for item in (*answers.methods, *after)],
    )


def stage(
    options: ApiOptions,
    deployment: apigateway.Deployment,
    variables: dict[str, AWSHelperFn],
    access_log: logs.LogGroup | None,
) -> apigateway.Stage:
    """The stage of the deployment: throttling, and the variables that its responses read."""
    return apigateway.Stage(
        "ApiStage",
        Metadata=why("the API's paths begin with its name"),
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
        # the stage takes the ARN without the ":*" for the group's log streams
        DestinationArn=Sub(
            "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${Group}",
            Group=group.ref(),
        ),
        Format=line,
    )
