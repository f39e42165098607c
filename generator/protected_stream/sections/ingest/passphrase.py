"""Passphrase with which SRT is encrypted: a secret that the stack makes, or an existing one."""

from dataclasses import dataclass
from typing import Literal

from awacs.aws import Allow, Statement
from awacs.kms import Decrypt
from awacs.secretsmanager import GetSecretValue
from troposphere import AWSHelperFn, AWSObject, Output, Parameter, Ref, secretsmanager

from protected_stream.sections.ingest.own_key import own_key
from protected_stream.template.metadata import why
from protected_stream.template.section import LabelledParameter

Encryption = Literal["AES128", "AES192", "AES256"]
PASSPHRASE_CHARACTERS = 32
"""MediaLive takes 10 to 79 (User Guide, "Set up the passphrase in AWS Secrets Manager")."""


@dataclass(frozen=True, kw_only=True)
class Passphrase:
    """The secret with the passphrase, as plain text, and what comes with it."""

    arn: AWSHelperFn
    statements: tuple[Statement, ...]
    """What the channel must be allowed."""
    parameters: tuple[LabelledParameter, ...] = ()
    resources: tuple[AWSObject, ...] = ()
    outputs: tuple[Output, ...] = ()


def generated() -> Passphrase:
    """A random passphrase, which only those who may read the secret can see.

    The stack's output is the secret's ARN, not the passphrase.
    """
    secret = secretsmanager.Secret(
        "EncoderPassphrase",
        Metadata=why("encrypts what the encoder sends"),
        Description="SRT passphrase of the encoder",
        GenerateSecretString=secretsmanager.GenerateSecretString(
            PasswordLength=PASSPHRASE_CHARACTERS, ExcludePunctuation=True
        ),
    )
    return Passphrase(
        arn=secret.ref(),
        statements=(_may_read(secret.ref()),),
        resources=(secret,),
        outputs=(
            Output(
                "EncoderPassphraseArn",
                Description="The secret with the passphrase to set in the encoder",
                Value=secret.ref(),
            ),
        ),
    )


def existing(*, has_own_key: bool) -> Passphrase:
    """The passphrase in a secret that exists, whose ARN is a parameter.

    Args:
        has_own_key: whether a KMS key of the operator's encrypts it; another parameter.
    """
    secret = Parameter(
        "PassphraseSecretArn",
        Type="String",
        AllowedPattern=r"^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[!-~]+$",
        ConstraintDescription="must be the ARN of a secret in Secrets Manager",
        Description="ARN of the secret with the SRT passphrase: 10 to 79 characters of plain text, "
        "not JSON.",
    )
    keys = [own_key("PassphraseKeyArn", "the secret")] if has_own_key else []
    return Passphrase(
        arn=Ref(secret),
        statements=(
            _may_read(Ref(secret)),
            *(Statement(Effect=Allow, Action=[Decrypt], Resource=[Ref(key)]) for key in keys),
        ),
        parameters=(
            LabelledParameter("Secret with the passphrase", secret),
            *(LabelledParameter("KMS key of that secret", key) for key in keys),
        ),
    )


def _may_read(secret: AWSHelperFn) -> Statement:
    """Source: AWS Elemental MediaLive User Guide, "Reference: summary of trusted entity access"."""
    return Statement(Effect=Allow, Action=[GetSecretValue], Resource=[secret])
