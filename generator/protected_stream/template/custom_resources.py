"""CloudFormation custom resources: the Lambda functions behind them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from awacs.aws import Statement
from troposphere import awslambda

from protected_stream.template.functions import Functions, LoggedFunction
from protected_stream.template.metadata import why

FUNCTION_SECONDS = 600
# long enough for a run that times out, and Lambda's retry a minute later
ANSWER_SECONDS = 1500
# a run that begins later could not answer in time
EVENT_SECONDS = ANSWER_SECONDS - FUNCTION_SECONDS
MEBIBYTES = 512


@dataclass(frozen=True, kw_only=True)
class CustomResourceProvider(LoggedFunction):
    """A function behind custom resources."""

    call: Mapping[str, Any]
    """Arguments of a custom resource that this function handles."""


def custom_resource_provider(
    functions: Functions,
    title: str,
    code: str,
    *,
    reason: str,
    environment: Mapping[str, Any],
    statements: Sequence[Statement],
) -> CustomResourceProvider:
    """The function with that title, which answers CloudFormation in time even if one run is lost.

    The arguments are those of `Functions.function`.
    """
    logged = functions.function(
        title,
        code,
        reason=reason,
        environment=environment,
        statements=statements,
        timeout=FUNCTION_SECONDS,
        memory=MEBIBYTES,
    )
    once_more = retries(logged.function, EVENT_SECONDS)
    return CustomResourceProvider(
        function=logged.function,
        resources=(*logged.resources, once_more),
        code=logged.code,
        call={
            "DependsOn": [once_more.title],
            "ServiceToken": logged.function.get_att("Arn"),
            "ServiceTimeout": ANSWER_SECONDS,
        },
    )


def retries(function: awslambda.Function, seconds: int) -> awslambda.EventInvokeConfig:
    """Lambda retries a failed request once, and drops it when it is that old.

    Otherwise Lambda would keep it for up to six hours, and its response would come too late.

    Source: AWS Lambda Developer Guide, "How Lambda handles errors and retries with asynchronous
    invocation".
    """
    return awslambda.EventInvokeConfig(
        f"{function.title}Retry",
        Metadata=why("a third run would come too late"),
        FunctionName=function.ref(),
        Qualifier="$LATEST",
        MaximumEventAgeInSeconds=seconds,
        MaximumRetryAttempts=1,
    )
