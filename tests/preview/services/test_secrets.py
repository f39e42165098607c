"""Secrets Manager: versions are written once, and each staging label is on one version."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from preview.account import Account
from preview.services.aws.moto_secrets import begin_rotation, pending_version

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

FIRST, SECOND, THIRD = (f"00000000-0000-4000-8000-00000000000{n}" for n in (1, 2, 3))


@dataclass
class Secret:
    """A secret with a first version."""

    client: "SecretsManagerClient"

    def __post_init__(self) -> None:
        self.arn = self.client.create_secret(Name="secret")["ARN"]
        self.put(FIRST, "one")

    def put(self, version: str, value: str, *labels: str) -> None:
        stages: Any = {"VersionStages": list(labels)} if labels else {}
        self.client.put_secret_value(
            SecretId=self.arn, ClientRequestToken=version, SecretString=value, **stages
        )

    @property
    def labels(self) -> dict[str, list[str]]:
        versions = self.client.describe_secret(SecretId=self.arn)["VersionIdsToStages"]
        return {name: sorted(labels) for name, labels in versions.items() if labels}


@pytest.fixture
def secret() -> Iterator[Secret]:
    with Account() as account:
        yield Secret(account.client("secretsmanager"))


def test_a_version_is_written_once_even_while_it_is_pending(secret: Secret) -> None:
    secret.put(SECOND, "two", "AWSPENDING")
    secret.put(SECOND, "two", "AWSPENDING")
    with pytest.raises(ClientError, match="ResourceExistsException"):
        secret.put(SECOND, "three", "AWSPENDING")
    value = secret.client.get_secret_value(SecretId=secret.arn, VersionId=SECOND)
    assert value["SecretString"] == "two"


def test_an_empty_version_can_be_written_but_not_read(secret: Secret) -> None:
    begin_rotation(secret.arn, SECOND)
    which: dict[str, Any]
    for which in ({"VersionId": SECOND}, {"VersionStage": "AWSPENDING"}):
        with pytest.raises(ClientError, match="ResourceNotFoundException"):
            secret.client.get_secret_value(SecretId=secret.arn, **which)
    secret.put(SECOND, "two", "AWSPENDING")
    assert secret.labels == {FIRST: ["AWSCURRENT"], SECOND: ["AWSPENDING"]}


def test_a_label_moves_with_the_value_and_the_others_stay(secret: Secret) -> None:
    secret.put(SECOND, "two", "AWSPENDING")
    secret.put(THIRD, "three")
    assert secret.labels == {
        FIRST: ["AWSPREVIOUS"],
        SECOND: ["AWSPENDING"],
        THIRD: ["AWSCURRENT"],
    }
    secret.put("4" * 32, "four", "AWSCURRENT", "AWSPENDING")
    assert secret.labels == {THIRD: ["AWSPREVIOUS"], "4" * 32: ["AWSCURRENT", "AWSPENDING"]}


def test_a_pending_label_stays_on_the_version_that_was_current(secret: Secret) -> None:
    secret.put(SECOND, "two", "AWSCURRENT", "AWSPENDING")
    secret.put(THIRD, "three")
    assert secret.labels[SECOND] == ["AWSPENDING", "AWSPREVIOUS"]
    assert pending_version(secret.arn) == SECOND


def test_current_moves_only_from_the_version_that_has_it(secret: Secret) -> None:
    secret.put(SECOND, "two", "AWSPENDING")
    secret.put(THIRD, "three")
    move: dict[str, Any] = {
        "SecretId": secret.arn,
        "VersionStage": "AWSCURRENT",
        "MoveToVersionId": SECOND,
    }
    for wrong in ({}, {"RemoveFromVersionId": FIRST}):
        with pytest.raises(ClientError, match="InvalidParameterException"):
            secret.client.update_secret_version_stage(**move, **wrong)
    secret.client.update_secret_version_stage(**move, RemoveFromVersionId=THIRD)
    assert secret.client.get_secret_value(SecretId=secret.arn)["SecretString"] == "two"
    assert secret.labels == {SECOND: ["AWSCURRENT", "AWSPENDING"], THIRD: ["AWSPREVIOUS"]}
