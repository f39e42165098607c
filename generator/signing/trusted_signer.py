"""The post's original: a key pair that the account's root user made in the console."""

from typing import Literal

from pydantic import Field
from troposphere import Parameter, Ref

from generator.functions import Functions
from generator.section import LabelledParameter
from generator.signing.handle import Signing
from generator.signing.lifetimes import CookieOptions, Hash, cookies
from generator.signing.pasted_key import pasted_key


class TrustedSignerOptions(CookieOptions):
    """A CloudFront key pair of the root user; needs that user and fails CloudFront.17."""

    mode: Literal["trusted-signer"] = Field(
        description="the key pair is the root user's, pasted when deploying; better: supplied"
    )
    hash: Hash = Field(default="sha-1", description="hash of the signature")


def trusted_signer(options: TrustedSignerOptions, _: Functions) -> Signing:
    """The pasted key's secret, and the account whose key pairs CloudFront trusts.

    Source: Amazon CloudFront Developer Guide, "Specify signers that can create signed URLs and
    signed cookies"; AWS Security Hub, control CloudFront.17.
    """
    key = pasted_key()
    account, key_pair = _account(), _key_pair_id()
    return Signing(
        source="signing",
        heading="The signing key",
        parameters=(
            *key.parameters,
            LabelledParameter("Account that the key pair belongs to", account),
            LabelledParameter("ID of the key pair", key_pair),
        ),
        conditions=key.conditions,
        resources=(key.secret,),
        outputs=(key.output,),
        trust={"TrustedSigners": [Ref(account)]},
        environment={
            "SECRET_ARN": key.secret.ref(),
            "KEY_PAIR_ID": Ref(key_pair),
            **cookies(options, options.hash),
        },
        may_sign=(key.may_read,),
    )


def _account() -> Parameter:
    return Parameter(
        "SigningAccount",
        Type="String",
        Default="self",
        AllowedPattern="^(self|[0-9]{12})$",
        ConstraintDescription='must be "self" or an account number of 12 digits',
        Description="The account whose root user made the key pair; self for this one.",
    )


def _key_pair_id() -> Parameter:
    return Parameter(
        "KeyPairId",
        Type="String",
        AllowedPattern="^[A-Z0-9]{8,32}$",
        ConstraintDescription="must be the ID that CloudFront shows, such as APKAIOSFODNN7EXAMPLE",
        Description="CloudFront's ID of the key pair whose private half is pasted.",
    )
