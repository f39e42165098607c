"""Secrets Manager: makes moto 5.2.5 as strict as AWS with versions, staging labels, and rotations.

moto overwrites versions that are AWSPENDING, loses that label when AWSCURRENT moves, lets a label
be moved from any version, and lists every version as created now. Sources: Secrets Manager API
Reference, PutSecretValue, UpdateSecretVersionStage, RotateSecret, ListSecretVersionIds.
"""

import contextlib
import copy
import json
import time
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import patch

from moto.secretsmanager.exceptions import InvalidParameterException, ResourceExistsException
from moto.secretsmanager.models import FakeSecret, SecretsManagerBackend, secretsmanager_backends

from preview.errors import NotSupported
from preview.services.aws.aws_error import AwsError

CURRENT, PENDING, PREVIOUS = "AWSCURRENT", "AWSPENDING", "AWSPREVIOUS"


@contextlib.contextmanager
def closed_secret_gaps(now: Callable[[], float] = time.time) -> Iterator[None]:
    """Makes moto's Secrets Manager as strict as AWS's while the context is open.

    Args:
        now: the time in epoch seconds, at which versions are created.
    """
    with (
        patch.object(SecretsManagerBackend, "put_secret_value", _put_at(now)),
        patch.object(SecretsManagerBackend, "update_secret_version_stage", _move),
        patch.object(SecretsManagerBackend, "list_secret_version_ids", _list_versions),
    ):
        yield


def begin_rotation(secret_arn: str, token: str, now: Callable[[], float] = time.time) -> None:
    """What RotateSecret does before it calls the function: labels a new, empty version AWSPENDING.

    https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html

    Args:
        secret_arn: of the secret.
        token: the ID of the new version.
        now: the time in epoch seconds.

    Raises:
        AwsError: another version than the current one is AWSPENDING, so an earlier rotation is
            taken to be in progress.
    """
    secret = _secret(secret_arn)
    holder = _holder(secret, PENDING)
    if holder not in (None, token, _holder(secret, CURRENT)):
        raise AwsError(
            "InvalidRequestException",
            "A previous rotation isn't complete. That rotation will be reattempted.",
        )
    _take(secret, PENDING)
    empty = {"createdate": int(now()), "version_id": token, "version_stages": list[str]()}
    secret.versions.setdefault(token, empty)["version_stages"].append(PENDING)


def end_rotation(secret_arn: str, token: str) -> None:
    """What Secrets Manager does after the last step: it removes the label of what is now current.

    https://github.com/aws-samples/aws-secrets-manager-rotation-lambdas/pull/145
    """
    secret = _secret(secret_arn)
    if token == _holder(secret, PENDING) == _holder(secret, CURRENT):
        _take(secret, PENDING)


def forget_version(secret_arn: str, token: str) -> None:
    """Removes an empty version, as RotateSecret does after it has tested a schedule."""
    del _secret(secret_arn).versions[token]


def pending_version(secret_arn: str) -> str | None:
    """The ID of the version of a rotation that is not complete: AWSPENDING, but not AWSCURRENT."""
    secret = _secret(secret_arn)
    pending = _holder(secret, PENDING)
    return None if pending == _holder(secret, CURRENT) else pending


Versions = dict[str, dict[str, Any]]


def versions_of(secret_arn: str) -> Versions:
    """A copy of the secret's versions with their labels."""
    return copy.deepcopy(_secret(secret_arn).versions)


@contextlib.contextmanager
def stale_reads(secret_arn: str, former: Versions) -> Iterator[None]:
    """While the context is open, reads show the former versions: changes take a while to be seen.

    https://github.com/hashicorp/terraform-provider-aws/pull/18462
    """
    secret = _secret(secret_arn)
    present, secret.versions = secret.versions, former
    try:
        yield
    finally:
        secret.versions = present


def _secret(arn: str) -> FakeSecret:
    _, _, _, region, account_id, *_ = arn.split(":")
    secret = secretsmanager_backends[account_id][region].secrets[arn]
    if not isinstance(secret, FakeSecret):
        raise NotSupported("The preview does not support replicas of secrets.")
    return secret


def _holder(secret: FakeSecret, label: str) -> str | None:
    """The ID of the version that has the label."""
    ids = (name for name, version in secret.versions.items() if label in version["version_stages"])
    return next(ids, None)


def _take(secret: FakeSecret, label: str) -> None:
    for version in secret.versions.values():
        version["version_stages"] = [one for one in version["version_stages"] if one != label]


_moto_put = SecretsManagerBackend.put_secret_value
_moto_move = SecretsManagerBackend.update_secret_version_stage


def _put_at(now: Callable[[], float]) -> Callable[..., str]:
    def put(backend: SecretsManagerBackend, secret_id: str, **arguments: Any) -> str:
        secret = backend.secrets.get(secret_id)
        if not isinstance(secret, FakeSecret):
            return _put(backend, secret_id, **arguments)
        token = arguments["client_request_token"]
        created = secret.versions.get(token, {}).get("createdate", int(now()))
        answer = _put(backend, secret_id, **arguments)
        secret.versions[token]["createdate"] = created
        return answer

    return put


def _put(
    backend: SecretsManagerBackend,
    secret_id: str,
    secret_string: str,
    secret_binary: str,
    client_request_token: str,
    version_stages: list[str],
) -> str:
    secret = backend.secrets.get(secret_id)
    arguments = secret_id, secret_string, secret_binary, client_request_token, version_stages
    if not isinstance(secret, FakeSecret):
        return _moto_put(backend, *arguments)
    present = secret.versions.get(client_request_token, {})
    value = present.get("secret_string"), present.get("secret_binary")
    if any(value):
        if value != (secret_string, secret_binary):
            raise ResourceExistsException("a version is written only once")
        return secret.to_short_dict(include_version_stages=True, version_id=client_request_token)
    before = {name: version["version_stages"] for name, version in secret.versions.items()}
    answer = _moto_put(backend, *arguments)
    _label_others(secret, before, client_request_token)
    return answer


def _label_others(secret: FakeSecret, before: dict[str, list[str]], new: str) -> None:
    """The other versions keep the labels that they had before and the new version did not take."""
    taken = set(secret.versions[new]["version_stages"])
    moved = CURRENT in taken
    for name, labels in before.items():
        if name == new:
            continue
        kept = [one for one in labels if one not in taken and not (moved and one == PREVIOUS)]
        secret.versions[name]["version_stages"] = [
            *kept,
            *([PREVIOUS] if moved and CURRENT in labels else []),
        ]


def _move(
    backend: SecretsManagerBackend,
    secret_id: str,
    version_stage: str,
    remove_from_version_id: str,
    move_to_version_id: str,
) -> tuple[str, str]:
    secret = backend.secrets.get(secret_id)
    if isinstance(secret, FakeSecret) and move_to_version_id:
        holder = _holder(secret, version_stage)
        if holder not in (None, move_to_version_id, remove_from_version_id):
            raise InvalidParameterException(f"{version_stage} is attached to another version")
    answer = _moto_move(
        backend, secret_id, version_stage, remove_from_version_id, move_to_version_id
    )
    if isinstance(secret, FakeSecret) and version_stage == CURRENT and move_to_version_id:
        # moto otherwise keeps the former version as the default
        secret.set_default_version_id(move_to_version_id)
    return answer


def _list_versions(backend: SecretsManagerBackend, secret_id: str) -> str:
    """Without those that have no label, as nobody asks for them."""
    secret = _secret(backend.secrets[secret_id].arn)
    versions = [
        {
            "VersionId": name,
            "VersionStages": version["version_stages"],
            "CreatedDate": version["createdate"],
        }
        for name, version in secret.versions.items()
        if version["version_stages"]
    ]
    return json.dumps({"ARN": secret.arn, "Name": secret.name, "Versions": versions})
