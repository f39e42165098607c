"""Lambda functions of the stream: each with its own role and log group."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from awacs import logs as may
from awacs import xray as may_trace
from awacs.aws import Allow, Statement
from pydantic import Field
from troposphere import AWSObject, NoValue, Parameter, Ref, Sub, awslambda, logs

from protected_stream.lambda_code import FunctionCode
from protected_stream.lambda_code.inline import InlineCode
from protected_stream.template.iam import Roles, trusted_service
from protected_stream.template.logs import LogOptions, log_group
from protected_stream.template.metadata import why
from protected_stream.template.options import Options, is_unset
from protected_stream.template.section import LabelledParameter, Section
from protected_stream.template.troposphere_ext import FunctionLoggingConfig

RUNTIME = "python3.14"

# X-Ray has no resources for these actions.
# Source: AWS Lambda Developer Guide, "Visualize Lambda function invocations using AWS X-Ray";
# Service Authorization Reference, "Actions, resources, and condition keys for AWS X-Ray"
MAY_TRACE = Statement(
    Effect=Allow,
    Action=[may_trace.PutTraceSegments, may_trace.PutTelemetryRecords],
    Resource=["*"],
)


RESERVED_FOR_OTHERS = 2
"""AWS calls them: once for each change of the stack, the channel's state or the key."""


class FunctionOptions(Options):
    """Options that apply to every function."""

    architecture: Literal["arm64", "x86_64"] = Field(
        default="arm64", description="processor of the functions"
    )
    reserved_concurrency: int | None = Field(
        default=None,
        ge=1,
        le=10_000,
        exclude_if=is_unset,
        description="executions of the function that signs cookies that the account keeps free for "
        f"it, and at most runs; {RESERVED_FOR_OTHERS} for every other function. Refused in an "
        "account whose quota leaves less than 100 unreserved, as that of every new account",
    )


@dataclass(frozen=True, kw_only=True)
class LoggedFunction:
    """A function, and the resources that belong to it alone."""

    function: awslambda.Function
    resources: tuple[AWSObject, ...]
    code: FunctionCode


@dataclass(frozen=True, kw_only=True)
class Functions:
    """Creates functions from code in the template or in the artifact bucket."""

    options: FunctionOptions
    logs: LogOptions
    code: Mapping[str, FunctionCode]
    roles: Roles

    @cached_property
    def bucket(self) -> Parameter:
        """The parameter that names the bucket of the zip files."""
        return _artifact_bucket()

    @cached_property
    def prefix(self) -> Parameter:
        """The parameter that names the folder of the zip files."""
        return _artifact_prefix()

    def function(
        self,
        title: str,
        code: str | FunctionCode,
        *,
        reason: str,
        environment: Mapping[str, Any],
        statements: Sequence[Statement],
        timeout: int,
        memory: int,
        traced: bool = False,
    ) -> LoggedFunction:
        """The function of that title, its role and its log group.

        The log group is deleted after the function, and the role cannot create log groups: a late
        log line cannot leave an orphaned log group.

        Args:
            title: logical ID of the function; it must never change for a custom resource.
            code: its code; for the stream's own functions, the name in `code`.
            reason: why the function exists.
            environment: variables that its environment module reads.
            statements: its permissions besides writing its log.
            timeout: seconds.
            memory: mebibytes.
            traced: whether its calls are in the traces of AWS X-Ray.
        """
        log = log_group(f"{title}Log", self.logs)
        role = self.roles.role(
            f"{title}Role",
            trusted_service("lambda.amazonaws.com"),
            [*statements, _may_write(log), *([MAY_TRACE] if traced else [])],
            "the function's permissions",
        )
        runs = self.code[code] if isinstance(code, str) else code
        function = awslambda.Function(
            title,
            Metadata=why(reason),
            Runtime=RUNTIME,
            Architectures=[self.options.architecture],
            Handler=runs.handler,
            Code=self._place(runs),
            Role=role.get_att("Arn"),
            Timeout=timeout,
            MemorySize=memory,
            Environment=awslambda.Environment(Variables=dict(environment)),
            LoggingConfig=FunctionLoggingConfig(LogFormat="JSON", LogGroup=log.ref()),
            ReservedConcurrentExecutions=self._reserved_for_others(),
            TracingConfig=awslambda.TracingConfig(Mode="Active") if traced else NoValue,
        )
        return LoggedFunction(function=function, resources=(log, role, function), code=runs)

    def locations(self, code: Iterable[FunctionCode]) -> Section:
        """The parameters for the code's location; an empty section if the template holds all code.

        Args:
            code: the code of the functions of all sections.
        """
        if all(isinstance(one, InlineCode) for one in code):
            return Section(source="functions")
        return Section(
            source="functions",
            heading="Code of the functions",
            parameters=(
                LabelledParameter("Bucket with the functions' code", self.bucket),
                LabelledParameter("Folder in that bucket", self.prefix),
            ),
        )

    def for_viewers(self, made: LoggedFunction) -> LoggedFunction:
        """The function, with the concurrency of the options: viewers cause its calls.

        Source: AWS Lambda Developer Guide, "Configuring reserved concurrency for a function".
        """
        if self.options.reserved_concurrency is not None:
            made.function.ReservedConcurrentExecutions = self.options.reserved_concurrency
        return made

    def _reserved_for_others(self) -> int | Ref:
        return NoValue if self.options.reserved_concurrency is None else RESERVED_FOR_OTHERS

    def _place(self, code: FunctionCode) -> awslambda.Code:
        if isinstance(code, InlineCode):
            return awslambda.Code(ZipFile=code.text)
        return awslambda.Code(
            S3Bucket=Ref(self.bucket), S3Key=Sub(f"${{{self.prefix.title}}}{code.file_name}")
        )


def _may_write(log: logs.LogGroup) -> Statement:
    """The log group's ARN ends in ":*", which covers its log streams.

    Source: AWS::Logs::LogGroup, return value Arn.
    """
    return Statement(
        Effect=Allow, Action=[may.CreateLogStream, may.PutLogEvents], Resource=[log.get_att("Arn")]
    )


def _artifact_bucket() -> Parameter:
    return Parameter(
        "ArtifactBucket",
        Type="String",
        AllowedPattern="^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
        ConstraintDescription="must be the name of an S3 bucket",
        Description="Bucket in this Region that holds the functions' zip files.",
    )


def _artifact_prefix() -> Parameter:
    return Parameter(
        "ArtifactPrefix",
        Type="String",
        Default="",
        AllowedPattern="^([A-Za-z0-9!_.*'()-]+/)*$",
        ConstraintDescription="must be empty or end in /",
        Description="Folder of the zip files in that bucket: empty, or ends in a slash.",
    )
