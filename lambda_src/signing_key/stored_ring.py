"""Secrets Manager secret that holds the key ring; initially without a value."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.errors import Failure
from shared.key_ring import InvalidKeyRing, KeyRing
from signing_key.calls import Calls, Overtaken, Refused

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

LOOK_AGAIN_SECONDS = (1, 3, 6)
"""The pauses before an unexpected current version is read again."""

_MOVE = "secretsmanager:UpdateSecretVersionStage"
# https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
_CURRENT = "AWSCURRENT"
_PENDING = "AWSPENDING"
_PREVIOUS = "AWSPREVIOUS"
# the code if a label is not on the version that it is to be removed from
_NOT_THERE = "InvalidParameterException"


class UnreadableRing(Failure):
    """The value of a version of the secret is not a key ring."""

    def __init__(self, error: InvalidKeyRing, *, is_current: bool) -> None:
        super().__init__(
            f"{error} Move the staging label AWSCURRENT back to the secret's last good version, or"
            " delete the stack and create it again: viewers then need new cookies."
            if is_current
            else f"{error} This version is not current, so nothing was changed: rotate again."
        )


@dataclass(frozen=True, kw_only=True)
class Version:
    """A version of the secret."""

    id: str
    ring: KeyRing
    is_pending: bool
    """Whether it is labeled AWSPENDING."""
    replaces: str | None = None
    """The ID of the version that it has just replaced, which stale reads may still return."""


@dataclass(frozen=True, kw_only=True)
class StoredRing:
    """The secret's value. All methods may raise the failures of `calls`.

    A version is written once, as AWSPENDING, which takes that label from every other rotation or
    change. It becomes current only instead of the version that its writer has read, so no change
    undoes one that it has not seen.
    """

    calls: Calls
    client: "SecretsManagerClient"
    secret_arn: str

    def current(self) -> Version | None:
        """The current version; None while the secret has no value.

        Raises:
            UnreadableRing: The value is not a key ring.
        """
        return self._got(VersionStage=_CURRENT)

    def awaited(self, is_expected: Callable[[Version | None], bool]) -> Version | None:
        """The current version, read again a few times until it is as expected.

        Secrets Manager does not document for how long a read may miss a change that was made. Other
        tools have seen it: https://github.com/hashicorp/terraform-provider-aws/pull/18462

        Raises:
            UnreadableRing: The value is not a key ring.
        """
        version = self.current()
        for pause in LOOK_AGAIN_SECONDS:
            if is_expected(version):
                break
            self.calls.deadline.sleep(pause)
            version = self.current()
        return version

    def pending(self) -> Version | None:
        """The version that may become current; None if there is none with a readable value."""
        return self._readable(_PENDING)

    def previous(self) -> Version | None:
        """The version that was current before; None if there is none with a readable value."""
        return self._readable(_PREVIOUS)

    def version(self, version_id: str) -> Version | None:
        """The version with this ID; None while it has no value.

        Raises:
            UnreadableRing: The value is not a key ring.
        """
        return self._got(VersionId=version_id)

    def propose(self, ring: KeyRing, version_id: str) -> bool:
        """Write `ring` as the pending version with this ID; False if that version already exists.

        The first version of a secret also becomes the current one.
        https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
        """
        try:
            self.calls(
                "secretsmanager:PutSecretValue",
                self.client.put_secret_value,
                SecretId=self.secret_arn,
                SecretString=ring.to_json(),
                ClientRequestToken=version_id,
                VersionStages=[_PENDING],
            )
        except Refused as refusal:
            if refusal.code != "ResourceExistsException":
                raise
            return False
        return True

    def promote(self, version_id: str, *, instead_of: str) -> None:
        """Make a version current.

        https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html

        Raises:
            Overtaken: `instead_of` is no longer current, so AWS refuses.
        """
        try:
            self.calls(
                _MOVE,
                self.client.update_secret_version_stage,
                SecretId=self.secret_arn,
                VersionStage=_CURRENT,
                MoveToVersionId=version_id,
                RemoveFromVersionId=instead_of,
            )
        except Refused as refusal:
            if refusal.code != _NOT_THERE:
                raise
            # a response may have been lost, and the SDK sent the request again
            current = self.current()
            if current is None or current.id != version_id:
                raise Overtaken from None

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
            if refusal.code != _NOT_THERE:
                raise

    def _readable(self, label: str) -> Version | None:
        try:
            return self._got(VersionStage=label)
        except UnreadableRing:
            return None

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
            # a truncated response has no labels, either
            is_current = _CURRENT in (*which.values(), *secret.get("VersionStages", []))
            raise UnreadableRing(error, is_current=is_current) from None
        return Version(
            id=secret["VersionId"],
            ring=ring,
            is_pending=_PENDING in secret.get("VersionStages", []),
        )
