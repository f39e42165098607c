"""MediaLive input of type SRT_CALLER: MediaLive calls the encoder and pulls the stream."""

from collections.abc import Iterator
from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator
from troposphere import NoValue, Parameter, Ref, medialive

from protected_stream.sections.channel_class import ChannelClass
from protected_stream.sections.ingest import passphrase
from protected_stream.sections.ingest.carries import TRANSPORT_STREAM, Carries
from protected_stream.sections.ingest.interface import (
    INPUT_NAME_LIMIT,
    LOST,
    Attachment,
    Ingest,
)
from protected_stream.sections.ingest.passphrase import Encryption, Passphrase
from protected_stream.sections.ingest.srt import LATENCY
from protected_stream.template.iam import Roles
from protected_stream.template.metadata import why
from protected_stream.template.names import physical_name
from protected_stream.template.options import Options
from protected_stream.template.section import LabelledParameter, Note

PORT = r"^([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$"
FIRST = Note("first", "let the encoder's firewall accept MediaLive, whose address is not fixed")
NOT_ENCRYPTED = Note("warning", 'the source is not encrypted (ingest.passphrase = "none")')


class SrtCallerOptions(Options):
    """MediaLive calls an encoder, which waits as the SRT listener."""

    carries: ClassVar[Carries] = TRANSPORT_STREAM

    type: Literal["srt-caller"] = Field(
        description="srt-caller: MediaLive calls one encoder for each pipeline and pulls a "
        "transport stream over SRT"
    )
    encryption: Encryption = Field(
        default="AES256", description="encryption, to which the encoder must be set, too"
    )
    passphrase: Literal["none", "secret", "secret-with-own-key"] = Field(
        default="secret",
        description="secret: the passphrase is in a secret of yours in Secrets Manager, whose ARN "
        "is asked for when deploying; secret-with-own-key: the same, encrypted with a KMS key of "
        "yours; none: the stream is not encrypted",
    )
    stream_id: bool = Field(default=False, description="whether the encoder asks for a stream ID")
    latency_milliseconds: int = LATENCY

    @model_validator(mode="after")
    def _is_encrypted_if_it_says_how(self) -> "SrtCallerOptions":
        if self.passphrase == "none" and "encryption" in self.model_fields_set:  # noqa: S105
            raise ValueError(
                'encryption needs a passphrase, and passphrase is "none": leave one of them out'
            )
        return self


def srt_caller(options: SrtCallerOptions, channel_class: ChannelClass, _: Roles) -> Ingest:
    """The input, which has no security group: MediaLive opens the connection.

    Source: AWS Elemental MediaLive User Guide, "Setting up an SRT input".
    """
    secret = _passphrase(options)
    stream_id = _stream_id() if options.stream_id else None
    listeners = [*_listeners(channel_class.pipelines)]
    fixed: dict[str, Any] = {"Type": "SRT_CALLER"}
    input_ = medialive.Input(
        channel_class.input,
        Name=physical_name("source", limit=INPUT_NAME_LIMIT, create_only=fixed),
        **fixed,
        SrtSettings=medialive.SrtSettingsRequest(
            SrtCallerSources=[
                medialive.SrtCallerSourceRequest(
                    SrtListenerAddress=Ref(address.parameter),
                    SrtListenerPort=Ref(port.parameter),
                    StreamId=Ref(stream_id) if stream_id else NoValue,
                    MinimumLatency=options.latency_milliseconds,
                    Decryption=_decryption(options, secret),
                )
                for address, port in listeners
            ]
        ),
        Metadata=why("MediaLive pulls the stream from here"),
    )
    return Ingest(
        source="ingest",
        counted=("ChannelInputErrorSeconds",),
        heading="The source",
        parameters=(
            *(one for pair in listeners for one in pair),
            *((LabelledParameter("SRT stream ID", stream_id),) if stream_id else ()),
            *(secret.parameters if secret else ()),
        ),
        resources=(input_,),
        channel_statements=secret.statements if secret else (),
        notes=(FIRST, *(() if secret else (NOT_ENCRYPTED,)), LOST),
        attachments=(
            Attachment(name="source", input=input_, settings={"SourceEndBehavior": "CONTINUE"}),
        ),
    )


def _passphrase(options: SrtCallerOptions) -> Passphrase | None:
    if options.passphrase == "none":  # noqa: S105 - the name of a choice
        return None
    return passphrase.existing(has_own_key=options.passphrase == "secret-with-own-key")  # noqa: S105


def _decryption(options: SrtCallerOptions, secret: Passphrase | None) -> Any:
    if secret is None:
        return NoValue
    return medialive.SrtCallerDecryptionRequest(
        Algorithm=options.encryption, PassphraseSecretArn=secret.arn
    )


def _listeners(pipelines: int) -> Iterator[tuple[LabelledParameter, LabelledParameter]]:
    """The parameters for address and port of each pipeline's encoder."""
    for which, label in (("", "The encoder's"), ("Backup", "The backup encoder's"))[:pipelines]:
        address = Parameter(
            f"{which}SrtAddress",
            Type="String",
            AllowedPattern=r"^[A-Za-z0-9.-]+$",
            ConstraintDescription="must be an IPv4 address or a host name, such as 203.0.113.13",
            Description=f"{label} IPv4 address or host name, such as 203.0.113.13.",
        )
        port = Parameter(
            f"{which}SrtPort",
            Type="String",
            AllowedPattern=PORT,
            ConstraintDescription="must be a port, such as 5000",
            Description=f"{label} UDP port, on which it waits as the SRT listener.",
        )
        yield (
            LabelledParameter(f"{label} address", address),
            LabelledParameter(f"{label} port", port),
        )


def _stream_id() -> Parameter:
    return Parameter(
        "SrtStreamId",
        Type="String",
        AllowedPattern=r"^[!-~]{1,512}$",
        ConstraintDescription="must be 1 to 512 printable characters without spaces",
        Description="Stream ID that the encoder asks for. Anyone who may describe the stack sees "
        "it: it is not a password.",
    )
