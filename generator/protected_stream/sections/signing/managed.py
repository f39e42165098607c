"""Managed signing key pair: created in the account; the private key stays in Secrets Manager."""

from typing import Literal

from awacs import cloudfront as may_cloudfront
from awacs import secretsmanager as may_secrets
from awacs.aws import Allow, Statement
from pydantic import Field, model_validator
from troposphere import AWSObject, Output, Ref, awslambda, secretsmanager

from protected_stream.sections.signing.cookie_options import CookieOptions, Hash, cookies
from protected_stream.sections.signing.interface import Rotation, Signing
from protected_stream.sections.signing.key_group import NAME_LIMIT
from protected_stream.sections.signing.public_key import LENGTH_OF_FINGERPRINT
from protected_stream.template.custom_resources import (
    CustomResourceProvider,
    custom_resource_provider,
)
from protected_stream.template.functions import Functions
from protected_stream.template.metadata import why
from protected_stream.template.names import physical_name
from protected_stream.template.troposphere_ext import SigningKeyPair

LENGTH_OF_MARK = 1 + LENGTH_OF_FINGERPRINT  # appended to the name in the names of public keys
KEY_GROUP_ID = "KeyGroupId"  # attribute that the function returns; the physical ID never changes


class ManagedOptions(CookieOptions):
    """A key pair that is created in the account and rotates automatically."""

    mode: Literal["managed"] = Field(
        default="managed", description="the key pair is created in the account"
    )
    algorithm: Literal["rsa-2048", "ecdsa-p256"] = Field(
        default="rsa-2048", description="type of the signing key"
    )
    hash: Hash = Field(
        default="sha-256", description="hash of the signature; sha-1 only with rsa-2048"
    )
    rotation_days: int = Field(
        default=30, ge=1, le=365, description="days after which a new key takes over automatically"
    )
    grace_minutes: int = Field(
        default=15,
        ge=5,
        le=60,
        description="how long CloudFront's edges have to receive a new key before it signs",
    )

    @model_validator(mode="after")
    def _hash_fits_algorithm(self) -> "ManagedOptions":
        if self.hash == "sha-1" and self.algorithm != "rsa-2048":
            raise ValueError('hash = "sha-1" requires algorithm = "rsa-2048"')
        return self


def managed(options: ManagedOptions, functions: Functions) -> Signing:
    """The secret, the function that creates key pairs, and its callers: stack and rotation.

    The custom resource returns the ID of the key group.
    """
    secret = secretsmanager.Secret(
        "SigningSecret",
        Metadata=why("holds the private key; only the function writes it"),
        # no SecretString: only the function writes the value; CloudFormation never overwrites it
        Description="Private key that signs the viewers' cookies",
    )
    maker = _maker(secret, functions, grace_seconds=options.grace_minutes * 60)
    pair = SigningKeyPair(
        "SigningKeyPair",
        **maker.call,
        Metadata=why("creates and deletes the key pair"),
        Algorithm=options.algorithm,
    )
    may_call = _permission(maker.function, secret)
    group = pair.get_att(KEY_GROUP_ID)
    return Signing(
        source="signing",
        resources=(
            secret,
            *maker.resources,
            pair,
            may_call,
            _schedule(secret, maker.function, options.rotation_days, after=(pair, may_call)),
        ),
        outputs=(
            Output("SigningSecretArn", Description="Secret of the signing key", Value=secret.ref()),
            Output("KeyGroupId", Description="Trusted key group", Value=group),
        ),
        code=(maker.code,),
        trust={"TrustedKeyGroups": [group]},
        environment={"SECRET_ARN": secret.ref(), **cookies(options, options.hash)},
        signing_statements=(
            Statement(Effect=Allow, Action=[may_secrets.GetSecretValue], Resource=[secret.ref()]),
        ),
        rotation=Rotation(secret=secret, days=options.rotation_days),
    )


def _maker(
    secret: secretsmanager.Secret, functions: Functions, *, grace_seconds: int
) -> CustomResourceProvider:
    return custom_resource_provider(
        functions,
        "SigningKeyFunction",
        "signing_key",
        reason="creates the keys in the account",
        environment={
            "STACK_ID": Ref("AWS::StackId"),
            "SECRET_ARN": secret.ref(),
            "NAME": physical_name("cookies", limit=NAME_LIMIT - LENGTH_OF_MARK),
            "GRACE_SECONDS": str(grace_seconds),
        },
        statements=[_may_write(secret), _may_publish()],
    )


def _permission(
    function: awslambda.Function, secret: secretsmanager.Secret
) -> awslambda.Permission:
    """Lets Secrets Manager call the function for this secret, and for no other.

    Source: AWS Secrets Manager User Guide, "Lambda rotation function execution role permissions".
    """
    return awslambda.Permission(
        "SigningKeyInvokePermission",
        Metadata=why("the secret's rotation calls the function"),
        Action="lambda:InvokeFunction",
        FunctionName=function.ref(),
        Principal="secretsmanager.amazonaws.com",
        SourceAccount=Ref("AWS::AccountId"),
        SourceArn=secret.ref(),
    )


def _schedule(
    secret: secretsmanager.Secret,
    function: awslambda.Function,
    days: int,
    *,
    after: tuple[AWSObject, ...],
) -> secretsmanager.RotationSchedule:
    """When a new key takes over; the custom resource creates the first one.

    Source: AWS::SecretsManager::RotationSchedule.
    """
    return secretsmanager.RotationSchedule(
        "SigningKeyRotation",
        DependsOn=[resource.title for resource in after],
        Metadata=why("no key signs forever"),
        SecretId=secret.ref(),
        RotationLambdaARN=function.get_att("Arn"),
        RotationRules=secretsmanager.RotationRules(AutomaticallyAfterDays=days),
        RotateImmediatelyOnUpdate=False,
    )


def _may_write(secret: secretsmanager.Secret) -> Statement:
    return Statement(
        Effect=Allow,
        Action=[
            may_secrets.GetSecretValue,
            may_secrets.PutSecretValue,
            may_secrets.UpdateSecretVersionStage,
        ],
        Resource=[secret.ref()],
    )


def _may_publish() -> Statement:
    """CloudFront's key actions do not support resource-level permissions, only "*".

    Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon
    CloudFront".
    """
    return Statement(
        Effect=Allow,
        Action=[
            may_cloudfront.CreatePublicKey,
            may_cloudfront.GetPublicKey,
            may_cloudfront.ListPublicKeys,
            may_cloudfront.DeletePublicKey,
            may_cloudfront.CreateKeyGroup,
            may_cloudfront.GetKeyGroup,
            may_cloudfront.ListKeyGroups,
            may_cloudfront.UpdateKeyGroup,
            may_cloudfront.DeleteKeyGroup,
        ],
        Resource=["*"],
    )
