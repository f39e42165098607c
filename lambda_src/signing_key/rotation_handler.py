"""The steps of a rotation of the viewer's signing key, as Secrets Manager asks for them.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self, TypeGuard

from shared.errors import Failure
from signing_key.rotation import Rotation

_STEPS: Mapping[str, Callable[[Rotation, str], None]] = MappingProxyType(
    {
        "createSecret": Rotation.create_secret,
        "setSecret": Rotation.set_secret,
        "testSecret": Rotation.test_secret,
        "finishSecret": Rotation.finish_secret,
    }
)


class UnknownStep(Failure):
    """The event is no step of a rotation of this stack's secret."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of one rotation."""

    name: str
    """createSecret, setSecret, testSecret or finishSecret."""
    secret_arn: str
    token: str
    """The id of the secret's new version."""

    @classmethod
    def of(cls, event: Mapping[str, object]) -> Self:
        """The step in Secrets Manager's event.

        Raises:
            UnknownStep: It is not what Secrets Manager sends.
        """
        name = _text(event, "Step")
        if name not in _STEPS:
            raise UnknownStep(f"Step must be one of {', '.join(_STEPS)}.")
        return cls(
            name=name,
            secret_arn=_text(event, "SecretId"),
            token=_text(event, "ClientRequestToken"),
        )

    def do(self, rotation: Rotation) -> None:
        """Do it.

        Raises:
            UnknownStep: It is about another secret than the stack's.
            Failure: It could not be done.
        """
        if self.secret_arn != rotation.key_store.stored_ring.secret_arn:
            raise UnknownStep("This function rotates the stack's own secret and no other.")
        _STEPS[self.name](rotation, self.token)


def is_step(event: object) -> TypeGuard[Mapping[str, object]]:
    """Whether `event` is a step of a rotation, however malformed."""
    return isinstance(event, dict) and "Step" in event


def _text(event: Mapping[str, object], name: str) -> str:
    value = event.get(name)
    if not isinstance(value, str) or not value:
        raise UnknownStep(f"{name} must be text that is not empty.")
    return value
