"""CloudFront trusted signer, as in the post: the root user creates the key pair in the console."""

from typing import Any, Literal

from pydantic import Field
from troposphere import Parameter, Ref

from protected_stream.sections.signing.cookie_options import CookieOptions, Hash, cookies
from protected_stream.sections.signing.interface import Signing
from protected_stream.sections.signing.private_key_parameter import (
    PrivateKeyParameter,
    private_key_parameter,
)
from protected_stream.template.functions import Functions
from protected_stream.template.section import LabelledParameter


class TrustedSignerOptions(CookieOptions):
    """The root user's CloudFront key pair, as in the AWS post."""

    mode: Literal["trusted-signer"] = Field(
        description="the root user's key pair, pasted when deploying; prefer `supplied`"
    )
    hash: Hash = Field(default="sha-1", description="hash of the signature")
    variables: Literal["own", "post"] = Field(
        default="own",
        description="names of the function's environment variables; `post`: REGION, SECRET_NAME, "
        "CLOUDFRONT_URL, ACCESS_KEY_ID",
    )


def trusted_signer(options: TrustedSignerOptions, _: Functions) -> Signing:
    """The pasted key's secret, and the account whose key pairs CloudFront trusts.

    Source: Amazon CloudFront Developer Guide, "Specify signers that can create signed URLs and
    signed cookies".
    """
    key = private_key_parameter()
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
            **_variables(options, key, key_pair),
            **cookies(options, options.hash),
        },
        media_variable="CLOUDFRONT_URL" if options.variables == "post" else "MEDIA_URL",
        signing_statements=(key.may_read,),
    )


def _variables(
    options: TrustedSignerOptions, key: PrivateKeyParameter, key_pair: Parameter
) -> dict[str, Any]:
    if options.variables == "post":
        return {
            "REGION": Ref("AWS::Region"),
            "SECRET_NAME": key.secret.ref(),
            "ACCESS_KEY_ID": Ref(key_pair),
        }
    return {"SECRET_ARN": key.secret.ref(), "KEY_PAIR_ID": Ref(key_pair)}


def _account() -> Parameter:
    return Parameter(
        "SigningAccount",
        Type="String",
        Default="self",
        AllowedPattern="^(self|[0-9]{12})$",
        ConstraintDescription='must be "self" or an account number of 12 digits',
        Description="The account whose root user created the key pair; self for this one.",
    )


def _key_pair_id() -> Parameter:
    return Parameter(
        "KeyPairId",
        Type="String",
        AllowedPattern="^[A-Z0-9]{8,32}$",
        ConstraintDescription="must be the ID that CloudFront shows, such as APKAIOSFODNN7EXAMPLE",
        Description="CloudFront's ID of the key pair whose private key is pasted.",
    )
