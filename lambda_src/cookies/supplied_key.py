"""Supplied private key, pasted into the secret by a person, as a key ring of one key.

The secret does not contain the key type or public key: both are derived from the private key. The
CloudFront ID is known from the stack deployment.
"""

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from cookies.key_source import secret_value
from cookies.signer import UnusableKey
from shared.key_ring import KeyRing, SigningKey
from shared.private_key import InvalidPrivateKey, PrivateKey, load

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


def supplied_key(
    client: "SecretsManagerClient", secret_id: str, *, key_pair_ids: Mapping[str, str]
) -> KeyRing:
    """The pasted key with its CloudFront ID, looked up by `SigningKey.fingerprint`.

    While keys change, the secret holds one of several that CloudFront has. The lookup by
    fingerprint ensures that a cookie always names the key that signed it.

    Raises:
        UnusableKey: The secret has no key that CloudFront accepts, or one without an ID.
        ClientError, BotoCoreError: The secret cannot be read.
    """
    key = _pasted(client, secret_id)
    if key.fingerprint not in key_pair_ids:
        raise UnusableKey(
            f"The secret holds the key {key.fingerprint}, which is not in KEY_PAIR_IDS: add its"
            " public key to signing.public_keys and deploy first."
        )
    return _ring(key, key_pair_ids[key.fingerprint])


def trusted_signers_key(
    client: "SecretsManagerClient", secret_id: str, *, key_pair_id: str
) -> KeyRing:
    """The pasted key of an AWS account that is a trusted signer, with the ID of the key pair.

    The console creates such key pairs for the account's root user, and creates only RSA keys.
    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-trusted-signers.html

    Raises:
        UnusableKey: The secret has no key that CloudFront accepts from a trusted signer.
        ClientError, BotoCoreError: The secret cannot be read.
    """
    key = _pasted(client, secret_id)
    if key.algorithm != "rsa-2048":
        raise UnusableKey(
            f"The secret holds an {key.algorithm} key, but a trusted signer needs RSA 2048: paste"
            f" the private key of the key pair {key_pair_id}."
        )
    return _ring(key, key_pair_id)


def _ring(key: SigningKey, key_pair_id: str) -> KeyRing:
    return KeyRing(keys=(dataclasses.replace(key, key_pair_id=key_pair_id),), key_group_id=None)


def _pasted(client: "SecretsManagerClient", secret_id: str) -> SigningKey:
    try:
        return _signing_key(load(secret_value(client, secret_id)))
    except InvalidPrivateKey as error:
        raise UnusableKey(f"The key in the secret cannot sign: {error}") from error


def _signing_key(private_half: PrivateKey) -> SigningKey:
    public_half = private_half.public_key()
    return SigningKey(
        algorithm="rsa-2048" if isinstance(private_half, rsa.RSAPrivateKey) else "ecdsa-p256",
        private_key=private_half.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        ).decode(),
        public_key=public_half.public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        ).decode(),
        key_pair_id=None,
        signs_from=0,
        signs_until=None,
    )
