"""Secrets Manager secret that holds the key ring; initially without a value."""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.errors import Failure
from shared.key_ring import InvalidKeyRing, KeyRing
from signing_key.calls import Calls, Refused

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

_MOVE = "secretsmanager:UpdateSecretVersionStage"
# https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
_CURRENT = "AWSCURRENT"
_PENDING = "AWSPENDING"


class UnreadableRing(Failure):
    """The secret's value is not a key ring."""

    def __init__(self, error: InvalidKeyRing) -> None:
        super().__init__(
            f"{error} Move the staging label AWSCURRENT back to the secret's last good version, or"
            " delete the stack and create it again: viewers then need new cookies."
        )


@dataclass(frozen=True, kw_only=True)
class Version:
    """A version of the secret."""

    id: str
    ring: KeyRing


@dataclass(frozen=True, kw_only=True)
class StoredRing:
    """The secret's value. All methods may raise the failures of `calls`."""

    calls: Calls
    client: "SecretsManagerClient"
    secret_arn: str

    def read(self) -> KeyRing | None:
        """The current ring; None while the secret has no value.

        Raises:
            UnreadableRing: The value is not a key ring.
        """
        current = self.current()
        return current.ring if current else None

    def current(self) -> Version | None:
        """The current version; None while the secret has no value.

        Raises:
            UnreadableRing: The value is not a key ring.
        """
        return self._got(VersionStage=_CURRENT)

    def version(self, version_id: str) -> KeyRing | None:
        """The ring of the version with this ID; None while it has no value.

        Raises:
            UnreadableRing: The value is not a key ring.
        """
        version = self._got(VersionId=version_id)
        return version.ring if version else None

    def begin(self, ring: KeyRing, *, request_id: str) -> KeyRing:
        """Write the first value, and return the ring that is now current.

        Lambda may run an event twice concurrently. The version ID is derived from the request ID,
        and a version is written only once: the later run gets the earlier one's ring.
        """
        version_id = hashlib.sha256(request_id.encode()).hexdigest()
        is_ours = self._written(ring, ClientRequestToken=version_id)
        return ring if is_ours else self.read() or ring

    def write(self, ring: KeyRing) -> None:
        """Make `ring` the current value."""
        self._written(ring)

    def write_pending(self, ring: KeyRing, version_id: str) -> None:
        """Write `ring` as the pending version with this ID, unless that version already exists."""
        self._written(ring, ClientRequestToken=version_id, VersionStages=[_PENDING])

    def promote(self, version_id: str, *, instead_of: str) -> None:
        """Make a version current; AWS returns an error unless `instead_of` is current."""
        self.calls(
            _MOVE,
            self.client.update_secret_version_stage,
            SecretId=self.secret_arn,
            VersionStage=_CURRENT,
            MoveToVersionId=version_id,
            RemoveFromVersionId=instead_of,
        )

    def give_up(self, version_id: str) -> None:
        """Remove the pending label from a version, so that another rotation can start."""
        try:
            self.calls(
                _MOVE,
                self.client.update_secret_version_stage,
                SecretId=self.secret_arn,
                VersionStage=_PENDING,
                RemoveFromVersionId=version_id,
            )
        except Refused as refusal:
            if refusal.code != "InvalidParameterException":  # no longer pending
                raise

    def give_up_pending(self, *, unless: str) -> None:
        """Remove the pending label from any version other than `unless`."""
        pending = self._got(VersionStage=_PENDING)
        if pending is not None and pending.id != unless:
            self.give_up(pending.id)

    def _got(self, **which: str) -> Version | None:
        try:
            secret = self.calls(
                "secretsmanager:GetSecretValue",
                self.client.get_secret_value,
                SecretId=self.secret_arn,
                **which,
            )
        except Refused as refusal:
            if refusal.code == "ResourceNotFoundException":
                return None
            raise
        try:
            # a truncated response has neither
            ring = KeyRing.from_json(secret.get("SecretString") or secret.get("SecretBinary") or "")
        except InvalidKeyRing as error:
            raise UnreadableRing(error) from None
        return Version(id=secret["VersionId"], ring=ring)

    def _written(self, ring: KeyRing, **version: Any) -> bool:
        """Whether `ring` was written; False if a version with this ID already exists.

        https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
        """
        try:
            self.calls(
                "secretsmanager:PutSecretValue",
                self.client.put_secret_value,
                SecretId=self.secret_arn,
                SecretString=ring.to_json(),
                **version,
            )
        except Refused as refusal:
            if refusal.code != "ResourceExistsException":
                raise
            return False
        return True
