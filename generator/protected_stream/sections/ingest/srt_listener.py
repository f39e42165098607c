"""MediaLive input of type SRT_LISTENER: the encoder calls, and pushes an encrypted stream."""

from typing import Any, ClassVar, Literal

from pydantic import Field
from troposphere import Ref, medialive

from protected_stream.sections.channel_class import ChannelClass
from protected_stream.sections.ingest import passphrase
from protected_stream.sections.ingest.allow_list import UNDOCUMENTED_REF, allow_list
from protected_stream.sections.ingest.carries import TRANSPORT_STREAM, Carries
from protected_stream.sections.ingest.interface import (
    INPUT_NAME_LIMIT,
    LOST,
    Attachment,
    Ingest,
)
from protected_stream.sections.ingest.passphrase import Encryption, Passphrase
from protected_stream.sections.ingest.push import FIRST, PIPELINES, Push, PushOptions
from protected_stream.sections.ingest.srt import LATENCY
from protected_stream.template.iam import Roles
from protected_stream.template.metadata import why
from protected_stream.template.names import physical_name
from protected_stream.template.section import Note

TWO_ADDRESSES = Note(
    "warning",
    "no AWS documentation says whether CloudFormation gives an SRT listener one address or two, as "
    'a STANDARD channel needs; encoding.channel_class = "SINGLE_PIPELINE" needs one',
)


class SrtListenerOptions(PushOptions):
    """An encoder pushes over SRT, which is always encrypted."""

    carries: ClassVar[Carries] = TRANSPORT_STREAM

    type: Literal["srt-listener"] = Field(
        description="srt-listener: the encoder calls MediaLive and pushes a transport stream over "
        "SRT, encrypted with a passphrase"
    )
    encryption: Encryption = Field(
        default="AES256", description="encryption, to which the encoder must be set, too"
    )
    passphrase: Literal["generated", "secret", "secret-with-own-key"] = Field(
        default="generated",
        description="generated: the stack makes a secret with a random passphrase; secret: one of "
        "yours in Secrets Manager, whose ARN is asked for when deploying; secret-with-own-key: the "
        "same, encrypted with a KMS key of yours",
    )
    latency_milliseconds: int = LATENCY


def srt_listener(options: SrtListenerOptions, channel_class: ChannelClass, _: Roles) -> Ingest:
    """The input. MediaLive takes any stream ID: passphrase and address are the whole protection.

    Source: AWS Elemental MediaLive User Guide, "Setting up an SRT Listener input".
    """
    allowed = allow_list(options.encoder_networks, "The passphrase protects the stream, too.")
    secret = _passphrase(options)
    fixed: dict[str, Any] = {"Type": "SRT_LISTENER"}
    input_ = medialive.Input(
        channel_class.input,
        Name=physical_name("encoder", limit=INPUT_NAME_LIMIT, create_only=fixed),
        **fixed,
        InputSecurityGroups=[Ref(allowed.group)],
        SrtSettings=medialive.SrtSettingsRequest(
            SrtListenerSettings=medialive.SrtListenerSettingsRequest(
                MinimumLatency=options.latency_milliseconds,
                Decryption=medialive.SrtListenerDecryptionRequest(
                    Algorithm=options.encryption, PassphraseSecretArn=secret.arn
                ),
            )
        ),
        Metadata={**why("the encoder pushes here"), **UNDOCUMENTED_REF},
    )
    return Push(
        source="ingest",
        counted=("ChannelInputErrorSeconds",),
        heading="The encoder",
        parameters=(*allowed.parameters, *secret.parameters),
        resources=(allowed.group, *secret.resources, input_),
        outputs=secret.outputs,
        channel_statements=secret.statements,
        pushed_to=PIPELINES[: channel_class.pipelines],
        hint="; the encoder is the SRT caller",
        notes=(FIRST, *((TWO_ADDRESSES,) if channel_class.pipelines > 1 else ()), LOST),
        attachments=(Attachment(name="encoder", input=input_),),
    )


def _passphrase(options: SrtListenerOptions) -> Passphrase:
    if options.passphrase == "generated":  # noqa: S105 - the name of a choice
        return passphrase.generated()
    return passphrase.existing(has_own_key=options.passphrase == "secret-with-own-key")  # noqa: S105
