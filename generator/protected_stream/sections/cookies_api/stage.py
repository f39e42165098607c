"""API Gateway deployment and stage: throttling, stage variables and access logs."""

import json
from collections.abc import Sequence

from troposphere import AWSHelperFn, NoValue, Sub, apigateway, awslambda, logs

from protected_stream.sections.cookies_api.methods import Methods
from protected_stream.sections.cookies_api.options import ApiOptions
from protected_stream.sections.cookies_api.rest_api import STAGE, Api
from protected_stream.template.metadata import why
from protected_stream.template.names import digest_of
from protected_stream.template.section import depend_on

ACCESS_LOG_FIELDS = (
    "requestId",
    "requestTime",
    "httpMethod",
    "path",
    "status",
    "responseLatency",
    "error.responseType",
)
VIEWER = "authorizer.claims.sub"
"""The access log's field with the viewer's ID; "-" where the authorizer checked no token."""
LOG_LEVELS = {"errors": "ERROR", "all": "INFO"}


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
    execution_log: logs.LogGroup | None,
) -> apigateway.Stage:
    """The stage of the deployment: throttling, logs, and the variables that its responses read.

    API Gateway names the group of the execution logs. It exists before the stage, so that API
    Gateway does not make one that keeps them forever and outlives the stack.
    """
    deployed = apigateway.Stage(
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
                LoggingLevel=LOG_LEVELS[options.execution_logs] if execution_log else NoValue,
                DataTraceEnabled=False if execution_log else NoValue,
            )
        ],
        AccessLogSetting=(
            _access_log_setting(access_log, names_viewers=options.log_viewers)
            if access_log
            else NoValue
        ),
        TracingEnabled=True if options.tracing else NoValue,
    )
    if execution_log:
        depend_on(execution_log, [deployed])
    return deployed


def execution_log_name(api: Api) -> AWSHelperFn:
    """The name that API Gateway gives the group of the stage's execution logs.

    Source: API Gateway Developer Guide, "Set up CloudWatch logging for REST APIs".
    """
    return Sub(f"API-Gateway-Execution-Logs_${{Api}}/{STAGE}", Api=api.rest_api.ref())


def _access_log_setting(
    group: logs.LogGroup, *, names_viewers: bool
) -> apigateway.AccessLogSetting:
    """One JSON line for each request; nothing in it identifies a viewer unless asked for.

    Source: API Gateway Developer Guide, "Set up CloudWatch logging for REST APIs".
    """
    fields = (*ACCESS_LOG_FIELDS, *((VIEWER,) if names_viewers else ()))
    line = json.dumps({name: f"$context.{name}" for name in fields})
    return apigateway.AccessLogSetting(
        # the stage takes the ARN without the ":*" for the group's log streams
        DestinationArn=Sub(
            "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${Group}",
            Group=group.ref(),
        ),
        Format=line,
    )
