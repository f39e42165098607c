"""A private key that a person pastes when deploying: its parameters, and its secret."""

from dataclasses import dataclass

from awacs import secretsmanager as may
from awacs.aws import Allow, Statement
from troposphere import (
    AWSHelperFn,
    Equals,
    If,
    Not,
    NoValue,
    Output,
    Parameter,
    Ref,
    secretsmanager,
)

from protected_stream.template.metadata import why
from protected_stream.template.section import LabelledParameter

NAME_WANTED = "SecretNameWanted"


@dataclass(frozen=True, kw_only=True)
class PrivateKeyParameter:
    """What a signer that did not make its key has."""

    secret: secretsmanager.Secret
    parameters: tuple[LabelledParameter, ...]
    conditions: dict[str, AWSHelperFn]
    output: Output

    @property
    def may_read(self) -> Statement:
        """What the signing function must be allowed."""
        return Statement(Effect=Allow, Action=[may.GetSecretValue], Resource=[self.secret.ref()])


def private_key_parameter() -> PrivateKeyParameter:
    """The secret whose value is a parameter; another value in an update overwrites it.

    It is another secret than that of keys which the stack makes: a change of the mode that fails
    must find the old one as it was.

    Source: AWS::SecretsManager::Secret, SecretString and Name.
    """
    key, name = _private_key(), _secret_name()
    secret = secretsmanager.Secret(
        "PrivateKeySecret",
        Metadata=why("holds the private key that was pasted when deploying"),
        Name=If(NAME_WANTED, Ref(name), NoValue),
        Description="Private key that signs the viewers' cookies",
        SecretString=Ref(key),
    )
    return PrivateKeyParameter(
        secret=secret,
        parameters=(
            LabelledParameter("Private key that signs the cookies", key),
            LabelledParameter("Name of its secret", name),
        ),
        conditions={NAME_WANTED: Not(Equals(Ref(name), ""))},
        output=Output(
            "SigningSecretArn", Description="Secret of the signing key", Value=secret.ref()
        ),
    )


def _private_key() -> Parameter:
    """A PEM's line breaks do not survive every way to CloudFormation; the function mends them."""
    return Parameter(
        "PrivateKeyString",
        Type="String",
        NoEcho=True,
        AllowedPattern=r"^[\s\S]*PRIVATE KEY[\s\S]*$",
        ConstraintDescription="must be a private key in PEM, with or without its line breaks",
        Description="The private key (PEM). Kept in Secrets Manager, and shown nowhere.",
    )


def _secret_name() -> Parameter:
    return Parameter(
        "SecretName",
        Type="String",
        Default="",
        AllowedPattern="^([A-Za-z0-9/_+=.@-]{1,512})?$",
        ConstraintDescription="must be empty, or letters, digits and / _ + = . @ -",
        Description="Name of the secret; empty for one that AWS makes up and that never collides.",
    )
