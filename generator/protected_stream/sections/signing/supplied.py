"""Supplied key pair: public keys in the stream file, the private key pasted when deploying."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationInfo
from troposphere import AWSHelperFn, Output, Sub, cloudfront

from protected_stream.sections.signing.cookie_options import CookieOptions, Hash, cookies
from protected_stream.sections.signing.interface import Signing
from protected_stream.sections.signing.key_group import key_group, trusted_key
from protected_stream.sections.signing.private_key_parameter import private_key_parameter
from protected_stream.sections.signing.public_key import fingerprint, public_key
from protected_stream.template.functions import Functions
from protected_stream.template.options import TOML_LIST

ROLE = "supplied"  # in names: keys of another mode may exist at once
MOST_KEYS = 5
"""Public keys in a key group.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
"""


def _as_cloudfront_takes_it(text: str, info: ValidationInfo) -> str:
    return public_key(text, (info.context or {}).get("folder", Path()))


def _a_group(keys: tuple[str, ...]) -> tuple[str, ...]:
    if not 1 <= len(keys) <= MOST_KEYS:
        raise ValueError(f"must name 1 to {MOST_KEYS} keys, got {len(keys)}")
    if len(set(keys)) < len(keys):
        raise ValueError("holds the same key twice")
    return keys


class SuppliedOptions(CookieOptions):
    """Your own key pair; CloudFront trusts the public keys in this list."""

    mode: Literal["supplied"] = Field(description="your own key pair, pasted when deploying")
    public_keys: Annotated[
        tuple[Annotated[str, AfterValidator(_as_cloudfront_takes_it)], ...],
        TOML_LIST,
        AfterValidator(_a_group),
    ] = Field(
        json_schema_extra={"minItems": 1, "maxItems": MOST_KEYS, "uniqueItems": True},
        description="PEM strings, or files relative to the stream file; RSA-2048 or ECDSA P-256",
    )
    hash: Hash = Field(
        default="sha-256", description="hash of the signature; ECDSA keys always use sha-256"
    )


def supplied(options: SuppliedOptions, _: Functions) -> Signing:
    """The pasted key's secret, the public keys, and their key group.

    Another key is another resource, with its fingerprint in its name.
    """
    key = private_key_parameter()
    keys = [_public_key(pem) for pem in options.public_keys]
    group = key_group("CookieKeys", ROLE, keys)
    return Signing(
        source="signing",
        heading="The signing key",
        parameters=key.parameters,
        conditions=key.conditions,
        resources=(key.secret, *keys, group),
        outputs=(
            key.output,
            Output("KeyGroupId", Description="Trusted key group", Value=group.ref()),
        ),
        trust={"TrustedKeyGroups": [group.ref()]},
        environment={
            "SECRET_ARN": key.secret.ref(),
            "KEY_PAIR_IDS": _ids(options.public_keys, keys),
            **cookies(options, options.hash),
        },
        signing_statements=(key.may_read,),
    )


def _public_key(pem: str) -> cloudfront.PublicKey:
    mark = fingerprint(pem)
    return trusted_key(f"CookieKey{mark}", ROLE, mark, pem)


def _ids(pems: Sequence[str], keys: Sequence[cloudfront.PublicKey]) -> AWSHelperFn:
    """Fingerprint=ID of each key: the signing function looks up its key's CloudFront ID."""
    pairs: dict[str, Any] = {f"Key{index}": key.ref() for index, key in enumerate(keys)}
    words = (f"{fingerprint(pem)}=${{{name}}}" for pem, name in zip(pems, pairs, strict=True))
    return Sub(" ".join(words), **pairs)
