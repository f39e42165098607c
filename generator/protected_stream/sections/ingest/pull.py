"""What MediaLive inputs that pull live sources have in common: addresses, and a password."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from awacs.aws import Allow, Statement
from awacs.kms import Decrypt
from awacs.ssm import GetParameter, GetParameters
from pydantic import Field
from troposphere import AWSHelperFn, NoValue, Parameter, Ref, Sub, medialive

from protected_stream.sections.channel_class import ChannelClass
from protected_stream.sections.ingest.interface import (
    INPUT_NAME_LIMIT,
    LOST,
    Attachment,
    Ingest,
)
from protected_stream.sections.ingest.own_key import own_key
from protected_stream.template.metadata import why
from protected_stream.template.names import physical_name
from protected_stream.template.options import Options
from protected_stream.template.section import LabelledParameter, Note

HOST = r"[A-Za-z0-9.-]+(:[0-9]{1,5})?"
"""A host name or IPv4 address, and a port; without a user, as passwords are not for URLs."""


class PullOptions(Options):
    """What every input that pulls asks for."""

    password: Literal["none", "parameter", "parameter-with-own-key"] = Field(
        default="none",
        description="whether the source asks for a user name and a password. parameter: a "
        "SecureString in Parameter Store, whose name is asked for when deploying; "
        "parameter-with-own-key: the same, encrypted with a KMS key of yours",
    )


@dataclass(frozen=True, kw_only=True)
class SourceAddress:
    """The form of a source's addresses."""

    parameter: str
    """The name of the parameter; the second one begins with "Backup"."""
    label: str
    pattern: str
    """A regular expression for the whole address."""
    example: str


@dataclass(frozen=True, kw_only=True)
class _Login:
    user: AWSHelperFn = NoValue
    password: AWSHelperFn = NoValue
    """The name of the parameter with the password."""
    parameters: tuple[LabelledParameter, ...] = ()
    statements: tuple[Statement, ...] = ()
    notes: tuple[Note, ...] = ()


def pulled(
    kind: str,
    channel_class: ChannelClass,
    address: SourceAddress,
    options: PullOptions,
    network: medialive.NetworkInputSettings | None = None,
) -> Ingest:
    """An input that pulls from one address for each pipeline.

    Source: AWS Elemental MediaLive User Guide, "Create an RTMP pull input" and "Create an HLS
    input" (two addresses for a STANDARD channel).

    Args:
        kind: MediaLive's input type.
        channel_class: how many pipelines pull.
        address: the form of the addresses.
        options: whether there is a password.
        network: settings of the connection.
    """
    sources = tuple(_addresses(address, channel_class.pipelines))
    login = _login(options)
    fixed: dict[str, Any] = {"Type": kind}
    input_ = medialive.Input(
        channel_class.input,
        Name=physical_name("source", limit=INPUT_NAME_LIMIT, create_only=fixed),
        **fixed,
        Sources=[
            medialive.InputSourceRequest(
                Url=Ref(one.parameter), Username=login.user, PasswordParam=login.password
            )
            for one in sources
        ],
        Metadata=why("MediaLive pulls the stream from here"),
    )
    return Ingest(
        source="ingest",
        heading="The source",
        parameters=(*sources, *login.parameters),
        resources=(input_,),
        channel_statements=login.statements,
        notes=(
            Note("first", "let the source's firewall accept MediaLive, whose address is not fixed"),
            *login.notes,
            LOST,
        ),
        attachments=(Attachment(name="source", input=input_, settings=_settings(network)),),
    )


def _addresses(address: SourceAddress, pipelines: int) -> Iterator[LabelledParameter]:
    """A parameter for each pipeline."""
    named = (
        (address.parameter, address.label),
        (f"Backup{address.parameter}", f"Backup: {address.label}"),
    )
    for title, label in named[:pipelines]:
        yield LabelledParameter(
            f"{label} of the source",
            Parameter(
                title,
                Type="String",
                AllowedPattern=f"^{address.pattern}$",
                ConstraintDescription=f"must be an address such as {address.example}, without a "
                "user name and password",
                Description=f"{label} of the source, such as {address.example}.",
            ),
        )


def _login(options: PullOptions) -> _Login:
    if options.password == "none":  # noqa: S105 - the name of a choice
        return _Login()
    user = Parameter(
        "SourceUser",
        Type="String",
        AllowedPattern=r"^[!-~]{1,256}$",
        ConstraintDescription="must be 1 to 256 printable characters without spaces",
        Description="User name that the source asks for.",
    )
    password = Parameter(
        "SourcePasswordParameter",
        Type="String",
        AllowedPattern=r"^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+){1,14}$",
        ConstraintDescription="must be a name with slashes inside, such as live/source-password",
        Description="Name of the SecureString in Parameter Store with the source's password, "
        "without the first slash, such as live/source-password. Create it before you deploy.",
    )
    reads = Statement(
        Effect=Allow,
        Action=[GetParameter, GetParameters],
        Resource=[
            Sub(
                "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}"
                f":parameter/${{{password.title}}}"
            )
        ],
    )
    has_own_key = options.password == "parameter-with-own-key"  # noqa: S105
    keys = [own_key("SourcePasswordKeyArn", "the password's parameter")] if has_own_key else []
    return _Login(
        user=Ref(user),
        password=Sub(f"/${{{password.title}}}"),
        parameters=(
            LabelledParameter("User name for the source", user),
            LabelledParameter("Parameter with the password for the source", password),
            *(LabelledParameter("KMS key of that parameter", one) for one in keys),
        ),
        statements=(
            reads,
            *(Statement(Effect=Allow, Action=[Decrypt], Resource=[Ref(one)]) for one in keys),
        ),
        notes=(Note("first", f"create the SecureString that {password.title} names"),),
    )


def _settings(network: medialive.NetworkInputSettings | None) -> dict[str, Any]:
    """A live source continues when it returns.

    Source: AWS Elemental MediaLive API, InputSettings, SourceEndBehavior.
    """
    connection = {"NetworkInputSettings": network} if network else {}
    return {"SourceEndBehavior": "CONTINUE", **connection}
