"""The Lambda functions of the stream: each with its own role and its own log."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from awacs import logs as may
from awacs.aws import Allow, Statement
from pydantic import Field
from troposphere import AWSObject, Parameter, Ref, Sub, awslambda, logs

from protected_stream.lambda_code import FunctionCode
from protected_stream.lambda_code.inline import InlineCode
from protected_stream.template.iam import Roles
from protected_stream.template.logs import LogOptions, log_group
from protected_stream.template.metadata import why
from protected_stream.template.options import Options
from protected_stream.template.section import LabelledParameter, Section
from protected_stream.template.troposphere_ext import FunctionLoggingConfig

RUNTIME = "python3.14"


class FunctionOptions(Options):
    """What the functions have in common."""

    architecture: Literal["arm64", "x86_64"] = Field(
        default="arm64", description="processor of the functions"
    )


@dataclass(frozen=True, kw_only=True)
class LoggedFunction:
    """A function and what belongs to it alone."""

    function: awslambda.Function
    resources: tuple[AWSObject, ...]
    code: FunctionCode


@dataclass(frozen=True, kw_only=True)
class Functions:
    """Makes functions from code that the template holds, or that lies in the artifact bucket."""

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
    ) -> LoggedFunction:
        """The function of that title, its role and its log group.

        The log group stays until the function is gone, and the role cannot make another: a late
        line cannot leave an orphan behind.

        Args:
            title: logical ID of the function; it can never change for a custom resource.
            code: what it runs; of the stream's own functions, the name in `code`.
            reason: why there is such a function.
            environment: variables that its environment module reads.
            statements: what it may do beside writing its log.
            timeout: seconds.
            memory: mebibytes.
        """
        log = log_group(f"{title}Log", self.logs)
        role = self.roles.role(
            f"{title}Role",
            "lambda.amazonaws.com",
            [*statements, _may_write(log)],
            "what the function may do",
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
        )
        return LoggedFunction(function=function, resources=(log, role, function), code=runs)

    def locations(self, code: Iterable[FunctionCode]) -> Section:
        """The parameters that say where code lies; an empty section if the template holds it all.

        Args:
            code: what the functions of all sections run.
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

    def _place(self, code: FunctionCode) -> awslambda.Code:
        if isinstance(code, InlineCode):
            return awslambda.Code(ZipFile=code.text)
        return awslambda.Code(
            S3Bucket=Ref(self.bucket), S3Key=Sub(f"${{{self.prefix.title}}}{code.file_name}")
        )


def _may_write(log: logs.LogGroup) -> Statement:
    """The log group's ARN ends in ":*", which stands for its streams.

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
        Description="Bucket of this Region to which the functions' zip files were copied.",
    )


def _artifact_prefix() -> Parameter:
    return Parameter(
        "ArtifactPrefix",
        Type="String",
        Default="",
        AllowedPattern="^([A-Za-z0-9!_.*'()-]+/)*$",
        ConstraintDescription="must be empty or end in /",
        Description="Folder of the zip files in that bucket: empty, or ending in a slash.",
    )
