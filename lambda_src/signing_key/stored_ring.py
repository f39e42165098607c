"""The key ring that signs the viewer's cookies: the value of a secret that is empty at first."""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.calls import Calls, Refused
from shared.failure import Failure
from shared.key_ring import InvalidKeyRing, KeyRing

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

_PUT = "secretsmanager:PutSecretValue"


class UnreadableRing(Failure):
    """The secret's value is not a key ring."""

    def __init__(self, error: InvalidKeyRing) -> None:
        super().__init__(
            f"{error} Give the stage AWSCURRENT back to the secret's last good version, or delete"
            " the stack and create it anew: viewers then need new cookies."
        )


@dataclass(frozen=True, kw_only=True)
class StoredRing:
    """The secret's current value. All methods may raise the failures of `calls`."""

    calls: Calls
    client: "SecretsManagerClient"
    secret_arn: str

    def read(self) -> KeyRing | None:
        """The ring; None while the secret has no value.

        Raises:
            UnreadableRing: There is a value, but no ring.
        """
        try:
            secret = self.calls(
                "secretsmanager:GetSecretValue",
                self.client.get_secret_value,
                SecretId=self.secret_arn,
            )
        except Refused as refusal:
            if refusal.code == "ResourceNotFoundException":
                return None
            raise
        try:
            return KeyRing.from_json(
                secret["SecretString"] if "SecretString" in secret else secret["SecretBinary"]
            )
        except InvalidKeyRing as error:
            raise UnreadableRing(error) from None

    def begin(self, ring: KeyRing, *, request_id: str) -> KeyRing:
        """Write the first value, and answer the ring that counts.

        Lambda may run one event twice at the same time. The version's id comes from the request's,
        and a version is written once: the later run gets the earlier one's ring.
        https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
        """
        version = hashlib.sha256(request_id.encode()).hexdigest()
        try:
            self.calls(
                _PUT,
                self.client.put_secret_value,
                SecretId=self.secret_arn,
                SecretString=ring.to_json(),
                ClientRequestToken=version,
            )
        except Refused as refusal:
            if refusal.code != "ResourceExistsException":
                raise
            return self.read() or ring
        return ring

    def write(self, ring: KeyRing) -> None:
        """Make `ring` the current value."""
        self.calls(
            _PUT,
            self.client.put_secret_value,
            SecretId=self.secret_arn,
            SecretString=ring.to_json(),
        )
