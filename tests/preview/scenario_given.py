"""Scenario parameters: values for a template, in every signing mode."""

import functools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from preview.cli.root_key_pair import PRIVATE_KEY
from preview.cli.sample_parameters import with_sample_values
from tests.conftest import CHECKOUT
from tests.preview.operator import PARAMETERS

VECTORS = CHECKOUT / "tests" / "vectors"
SECRET_NAME = "key-of-the-scenario"
KNOWN: Mapping[str, str] = {
    **PARAMETERS,
    "SecretName": SECRET_NAME,
    "SigningAccount": "210987654321",
    "StartChannel": "Yes",
}


def given(template: Mapping[str, Any]) -> dict[str, str]:
    """The parameter values; a private key matches one of the template's public keys."""
    declared = template["Parameters"]
    known = {**KNOWN, PRIVATE_KEY: _private_key(template)}
    return with_sample_values(declared, {name: known[name] for name in declared if name in known})


def public_keys() -> tuple[str, ...]:
    """The public keys of the test key pairs, as PEM; RSA comes first."""
    return tuple(_public_half(private) for private in _pems())


def private_keys() -> tuple[str, ...]:
    """The private keys, as pasted into a single-line field."""
    return tuple(private for private, _ in _key_pairs())


def _private_key(template: Mapping[str, Any]) -> str:
    trusted = {_bare(pem) for pem in _public_keys(template)}
    fitting = [private for private, public in _key_pairs() if public in trusted]
    return next(iter((*fitting, *private_keys())))


def _public_keys(template: Mapping[str, Any]) -> Iterator[str]:
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::CloudFront::PublicKey":
            yield str(resource["Properties"]["PublicKeyConfig"]["EncodedKey"])


@functools.cache
def _key_pairs() -> Sequence[tuple[str, str]]:
    """The private keys as pasted, and the public keys without white space."""
    private = [" ".join(pem.split("\n")) for pem in _pems()]
    return list(zip(private, map(_bare, public_keys()), strict=True))


def _pems() -> Sequence[str]:
    names = ("test-only-rsa-2048.pem", "test-only-ecdsa-p256.pem")
    return [(VECTORS / name).read_text("utf-8") for name in names]


def _public_half(pem: str) -> str:
    key = load_pem_private_key(pem.encode(), password=None).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _bare(pem: str) -> str:
    return "".join(pem.split())
