"""Secrets Manager secret with the key ring that signs cookies as its value; empty at first."""

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
            f"{error} Give the stage AWSCURRENT back to the secret's last good version, or delete"
            " the stack and create it anew: viewers then need new cookies."
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
            UnreadableRing: There is a value, but no ring.
        """
        current = self.current()
        return current.ring if current else None

    def current(self) -> Version | None:
        """The version that counts; None while the secret has no value.

        Raises:
            UnreadableRing: There is a value, but no ring.
        """
        return self._got(VersionStage=_CURRENT)

    def version(self, version_id: str) -> KeyRing | None:
        """The ring of the version with that id; None while it has no value.

        Raises:
            UnreadableRing: There is a value, but no ring.
        """
        version = self._got(VersionId=version_id)
        return version.ring if version else None

    def begin(self, ring: KeyRing, *, request_id: str) -> KeyRing:
        """Write the first value, and answer the ring that counts.

        Lambda may run one event twice at the same time. The version's id comes from the request's,
        and a version is written once: the later run gets the earlier one's ring.
        """
        version_id = hashlib.sha256(request_id.encode()).hexdigest()
        is_ours = self._written(ring, ClientRequestToken=version_id)
        return ring if is_ours else self.read() or ring

    def write(self, ring: KeyRing) -> None:
        """Make `ring` the current value."""
        self._written(ring)

    def write_pending(self, ring: KeyRing, version_id: str) -> None:
        """Write `ring` as the pending version of that id, unless somebody has written it before."""
        self._written(ring, ClientRequestToken=version_id, VersionStages=[_PENDING])

    def promote(self, version_id: str, *, instead_of: str) -> None:
        """Let a version be the current one; AWS refuses if `instead_of` is not (any more)."""
        self.calls(
            _MOVE,
            self.client.update_secret_version_stage,
            SecretId=self.secret_arn,
            VersionStage=_CURRENT,
            MoveToVersionId=version_id,
            RemoveFromVersionId=instead_of,
        )

    def give_up(self, version_id: str) -> None:
        """Let a version be pending no more, so that another rotation can begin."""
        try:
            self.calls(
                _MOVE,
                self.client.update_secret_version_stage,
                SecretId=self.secret_arn,
                VersionStage=_PENDING,
                RemoveFromVersionId=version_id,
            )
        except Refused as refusal:
            if refusal.code != "InvalidParameterException":  # it is pending no more
                raise

    def give_up_pending(self, *, unless: str) -> None:
        """Let no version be pending but the one with the id `unless`."""
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
            ring = KeyRing.from_json(
                secret["SecretString"] if "SecretString" in secret else secret["SecretBinary"]
            )
        except InvalidKeyRing as error:
            raise UnreadableRing(error) from None
        return Version(id=secret["VersionId"], ring=ring)

    def _written(self, ring: KeyRing, **version: Any) -> bool:
        """Whether `ring` was written; False when there already is a version of that id.

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
