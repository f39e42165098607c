"""Simulated KMS, and an execution environment of the function."""

from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cookies.responses import Response
from shared.private_key import PrivateKey
from tests.lambda_src.cookies.stream import CLIENT_ID, MEDIA_URL, NOW, event

ARN = "arn:aws:kms:us-east-1:111122223333:key/"
GRACE = 900
RSA, ECDSA = "RSASSA_PKCS1_V1_5_SHA_256", "ECDSA_SHA_256"
KEYS: dict[str, tuple[str, PrivateKey]] = {
    "rsa": (RSA, rsa.generate_private_key(65537, 2048)),
    "ecdsa": (ECDSA, ec.generate_private_key(ec.SECP256R1())),
}


class Kms:
    """Signs and counts calls; `fault` is raised instead if set.

    `unusable` has the error codes of keys that cannot sign, by name.
    https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html#API_Sign_Errors
    """

    def __init__(self) -> None:
        self.signed: list[str] = []
        self.asked = 0
        self.fault: Callable[[], Exception] | None = None
        self.unusable: dict[str, str] = {}

    def sign(self, **asked: Any) -> Mapping[str, bytes]:
        """Like `boto3.client("kms").sign`."""
        self.asked += 1
        if self.fault:
            raise self.fault()
        assert asked["MessageType"] == "RAW"
        name = asked["KeyId"].removeprefix(ARN)
        if name in self.unusable:
            raise ClientError({"Error": {"Code": self.unusable[name], "Message": name}}, "Sign")
        algorithm, key = KEYS[name]
        assert asked["SigningAlgorithm"] == algorithm
        self.signed.append(name)
        if isinstance(key, rsa.RSAPrivateKey):
            return {"Signature": key.sign(asked["Message"], padding.PKCS1v15(), SHA256())}
        return {"Signature": key.sign(asked["Message"], ec.ECDSA(SHA256()))}


class Function:
    """An execution environment of the function."""

    def __init__(self, *, answer: Callable[..., Response], signer: Callable[..., Any]) -> None:
        self._answer, self._signer = answer, signer
        self.kms = Kms()
        self.keys("rsa=0")

    def keys(self, *known_since: str, minutes: int = 60) -> None:
        """Start a new execution environment with these keys, newest first, as `name=since`."""
        words = (one.split("=") for one in known_since)
        self._container = self._signer(
            kms=self.kms,
            variables={
                "KEYS": " ".join(
                    f"K{name.upper()}={ARN}{name}={KEYS[name][0]}={since}" for name, since in words
                ),
                "GRACE_SECONDS": str(GRACE),
                "COOKIE_SECONDS": str(minutes * 60),
                "STEP_SECONDS": "300",
                "HASH_ALGORITHM": "SHA256",
                "CLIENT_ID": CLIENT_ID,
                "MEDIA_URL": MEDIA_URL,
            },
        )

    def __call__(self, asked: object = None, *, at: float = NOW) -> Response:
        """The response to a viewer."""
        return self._answer(asked or event(), self._container, int(at))


def public_pem(name: str) -> str:
    """The public key as PEM."""
    key = KEYS[name][1].public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def throttled() -> Exception:
    """Too many calls in this account."""
    return ClientError({"Error": {"Code": "ThrottlingException", "Message": "Rate"}}, "Sign")


def silent() -> Exception:
    """No response within three seconds."""
    return ReadTimeoutError(endpoint_url="https://kms.us-east-1.amazonaws.com/")
