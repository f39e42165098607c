"""KMS signing key: it never leaves KMS, which signs the cookies itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Self

from awacs import kms as may_kms
from awacs.aws import Allow, Condition, Statement, StringEquals
from pydantic import AfterValidator, Field, model_validator
from troposphere import AWSHelperFn, Output, Ref, Sub, cloudfront, kms

from protected_stream.sections.signing.cookie_options import CookieOptions, validity
from protected_stream.sections.signing.interface import Signing
from protected_stream.sections.signing.key_group import key_group, trusted_key
from protected_stream.template.custom_resources import retries
from protected_stream.template.functions import Functions, LoggedFunction
from protected_stream.template.metadata import why
from protected_stream.template.options import TOML_LIST
from protected_stream.template.troposphere_ext import PublicKeyPem

ROLE = "kms"  # in names: keys of another mode may exist at once
DAYS_UNTIL_DELETED = 30
"""KMS's waiting period before it deletes a key, in which the deletion can be canceled.

https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
"""
MOST_GENERATIONS = 2  # a third would leave no room for tags in a template that fits in one request
FUNCTION_SECONDS = 180
# long enough for a run that times out, and Lambda's retry a minute later
ANSWER_SECONDS = 900
# a run that begins later could not answer in time
EVENT_SECONDS = ANSWER_SECONDS - FUNCTION_SECONDS
MEBIBYTES = 256

Algorithm = Literal["rsa-2048", "ecdsa-p256"]


@dataclass(frozen=True, kw_only=True)
class _Kind:
    key_spec: str
    signing_algorithm: str


# Source: AWS KMS Developer Guide, "Key spec reference"
KINDS: Mapping[Algorithm, _Kind] = {
    "rsa-2048": _Kind(key_spec="RSA_2048", signing_algorithm="RSASSA_PKCS1_V1_5_SHA_256"),
    "ecdsa-p256": _Kind(key_spec="ECC_NIST_P256", signing_algorithm="ECDSA_SHA_256"),
}


def _newest_first(generations: tuple[int, ...]) -> tuple[int, ...]:
    if not 1 <= len(generations) <= MOST_GENERATIONS:
        raise ValueError(f"must name 1 to {MOST_GENERATIONS} generations, got {len(generations)}")
    if list(generations) != sorted(set(generations), reverse=True):
        raise ValueError("must name each generation once, the newest (largest) first")
    return generations


class KmsOptions(CookieOptions):
    """A key that is created in KMS and never leaves it; the template contains all code."""

    inline: ClassVar[bool] = True
    explained: ClassVar[bool] = False  # the functions' code leaves no room for them

    mode: Literal["kms"] = Field(description="the key never leaves KMS, and no bucket is needed")
    generations: Annotated[
        tuple[Annotated[int, Field(ge=1, le=999)], ...],
        TOML_LIST,
        AfterValidator(_newest_first),
    ] = Field(
        default=(1,),
        json_schema_extra={"minItems": 1, "maxItems": MOST_GENERATIONS, "uniqueItems": True},
        description="the keys that CloudFront trusts, newest first: add one to change the key",
    )
    algorithm: Algorithm = Field(
        default="rsa-2048",
        description="type of the newest key, and of all others without `former_algorithm`",
    )
    former_algorithm: Algorithm | None = Field(
        default=None, description="type of the other keys, if different"
    )
    grace_minutes: int = Field(
        default=15,
        ge=5,
        le=60,
        description="how long CloudFront's edges have to receive a new key before it signs",
    )

    @model_validator(mode="after")
    def _former_algorithm_has_a_key(self) -> Self:
        """If left in the file, it would apply to the next former key."""
        if self.former_algorithm and len(self.generations) == 1:
            raise ValueError(
                "former_algorithm applies to a former generation, and generations has none: leave "
                "it out"
            )
        return self

    def kind(self, generation: int) -> _Kind:
        """The type of that generation's key."""
        is_newest = generation == self.generations[0]
        return KINDS[self.algorithm if is_newest else self.former_algorithm or self.algorithm]


@dataclass(frozen=True, kw_only=True)
class _Generation:
    """One key, and its public key in CloudFront."""

    kind: _Kind
    key: kms.Key
    pem: PublicKeyPem
    public: cloudfront.PublicKey


def by_kms(options: KmsOptions, functions: Functions) -> Signing:
    """The keys in KMS, and their public keys in a key group that CloudFront trusts.

    The newest signs once it has been trusted for `grace_minutes`; until then the previous one does.

    Source: AWS KMS API Reference, Sign and GetPublicKey.
    """
    keys = {number: _key(number, options.kind(number)) for number in options.generations}
    tells = _public_key_function(functions, tuple(keys.values()))
    once_more = retries(tells.function, EVENT_SECONDS)
    call = {
        "DependsOn": [once_more.title],
        "ServiceToken": tells.function.get_att("Arn"),
        "ServiceTimeout": ANSWER_SECONDS,
    }
    generations = [
        _generation(number, options.kind(number), key, call) for number, key in keys.items()
    ]
    group = key_group("KmsCookieKeys", ROLE, [one.public for one in generations])
    return Signing(
        source="signing",
        resources=(
            *keys.values(),
            *tells.resources,
            once_more,
            *(part for one in generations for part in (one.pem, one.public)),
            group,
        ),
        outputs=(
            Output(
                "SigningKeyArn",
                Description="KMS key of the newest generation",
                Value=generations[0].key.get_att("Arn"),
            ),
            Output("KeyGroupId", Description="Trusted key group", Value=group.ref()),
        ),
        code=(tells.code,),
        trust={"TrustedKeyGroups": [group.ref()]},
        environment={
            "KEYS": _keys_variable(generations),
            "GRACE_SECONDS": str(options.grace_minutes * 60),
            **validity(options),
        },
        signer="CookiesByKmsFunction",
        signing_statements=tuple(_may_sign(generations)),
    )


def _key(number: int, kind: _Kind) -> kms.Key:
    """The key policy is KMS's default, so IAM policies decide who in the account may use the key.

    Source: AWS::KMS::Key, KeyPolicy: without one "AWS KMS attaches a default key policy".
    """
    return kms.Key(
        f"SigningKey{number}",
        Metadata=why("signs the cookies, and never leaves KMS"),
        Description=f"Signs the viewers' cookies; generation {number}",
        KeySpec=kind.key_spec,
        KeyUsage="SIGN_VERIFY",
        PendingWindowInDays=DAYS_UNTIL_DELETED,
    )


def _public_key_function(functions: Functions, keys: Sequence[kms.Key]) -> LoggedFunction:
    return functions.function(
        "PublicKeyFunction",
        "public_key",
        reason="CloudFormation cannot ask KMS for a public key",
        environment={"STACK_ID": Ref("AWS::StackId")},
        statements=[
            Statement(
                Effect=Allow,
                Action=[may_kms.GetPublicKey],
                Resource=[key.get_att("Arn") for key in keys],
            )
        ],
        timeout=FUNCTION_SECONDS,
        memory=MEBIBYTES,
    )


def _generation(number: int, kind: _Kind, key: kms.Key, call: Mapping[str, Any]) -> _Generation:
    pem = PublicKeyPem(
        f"SigningKey{number}Pem",
        **call,
        Metadata=why("asks KMS for the public key"),
        KeyId=key.ref(),
    )
    return _Generation(
        kind=kind,
        key=key,
        pem=pem,
        public=trusted_key(
            f"SigningKey{number}Public",
            ROLE,
            key.ref(),
            pem.get_att("Pem"),
            reference=key.ref(),
        ),
    )


def _keys_variable(generations: Sequence[_Generation]) -> AWSHelperFn:
    """What `cookies_by_kms.kms_signer` reads: `id=arn=algorithm=since` of each key."""
    words = (
        f"${{{one.public.title}}}=${{{one.key.title}.Arn}}={one.kind.signing_algorithm}"
        f"=${{{one.pem.title}.Since}}"
        for one in generations
    )
    return Sub(" ".join(words))


def _may_sign(generations: Sequence[_Generation]) -> Iterator[Statement]:
    """Each key only with the algorithm of its type.

    Source: AWS KMS Developer Guide, condition key kms:SigningAlgorithm.
    """
    for kind in KINDS.values():
        keys = [one.key.get_att("Arn") for one in generations if one.kind == kind]
        if keys:
            yield Statement(
                Effect=Allow,
                Action=[may_kms.Sign],
                Resource=keys,
                Condition=Condition(StringEquals({"kms:SigningAlgorithm": kind.signing_algorithm})),
            )
