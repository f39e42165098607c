"""Private key that is pasted when deploying: CloudFormation parameters and secret."""

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
    """The secret of a pasted private key, and what the template needs for it."""

    secret: secretsmanager.Secret
    parameters: tuple[LabelledParameter, ...]
    conditions: dict[str, AWSHelperFn]
    output: Output

    @property
    def may_read(self) -> Statement:
        """The policy statement that the signing function needs."""
        return Statement(Effect=Allow, Action=[may.GetSecretValue], Resource=[self.secret.ref()])


def private_key_parameter() -> PrivateKeyParameter:
    """The secret that holds the parameter's value; an update with another value overwrites it.

    It is not the secret of the `managed` mode: after a failed change of the mode, the old secret
    must be as it was.

    Source: AWS::SecretsManager::Secret, SecretString and Name.
    """
    key, name = _private_key(), _secret_name()
    secret = secretsmanager.Secret(
        "PrivateKeySecret",
        Metadata=why("holds the private key pasted when deploying"),
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
    """Some tools drop a PEM's line breaks before CloudFormation; the function restores them."""
    return Parameter(
        "PrivateKeyString",
        Type="String",
        NoEcho=True,
        AllowedPattern=r"^[\s\S]*PRIVATE KEY[\s\S]*$",
        ConstraintDescription="must be a private key in PEM, with or without its line breaks",
        Description="The private key (PEM). Kept in Secrets Manager, and never shown.",
    )


def _secret_name() -> Parameter:
    return Parameter(
        "SecretName",
        Type="String",
        Default="",
        AllowedPattern="^([A-Za-z0-9/_+=.@-]{1,512})?$",
        ConstraintDescription="must be empty, or letters, digits and / _ + = . @ -",
        Description="Name of the secret; empty for a unique one that AWS generates.",
    )
