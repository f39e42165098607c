"""Secrets Manager: keeps moto 5.2.5's default version current after AWSCURRENT moves.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html
"""

import contextlib
from collections.abc import Iterator
from unittest.mock import patch

from moto.secretsmanager.models import FakeSecret, SecretsManagerBackend

CURRENT = "AWSCURRENT"


@contextlib.contextmanager
def closed_secret_gaps() -> Iterator[None]:
    """Makes moto's Secrets Manager track the current version while the context is open."""
    moved = SecretsManagerBackend.update_secret_version_stage

    def remembered(
        backend: SecretsManagerBackend,
        secret_id: str,
        version_stage: str,
        remove_from_version_id: str,
        move_to_version_id: str,
    ) -> tuple[str, str]:
        answer = moved(
            backend, secret_id, version_stage, remove_from_version_id, move_to_version_id
        )
        if version_stage == CURRENT and move_to_version_id:
            secret = backend.secrets[secret_id]
            if isinstance(secret, FakeSecret):
                secret.set_default_version_id(move_to_version_id)
        return answer

    with patch.object(SecretsManagerBackend, "update_secret_version_stage", remembered):
        yield
