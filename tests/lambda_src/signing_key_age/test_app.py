"""Age of the signing key, as a line that CloudWatch reads a metric from."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from protected_stream.sections.alarms.key_age import SECONDS
from shared import inline_custom_resource
from signing_key_age import app
from tests.lambda_src.inlined import inlined
from tests.lambda_src.shared.simulated_time import START, Clock, Context

ARN = "arn:aws:secretsmanager:us-east-1:111122223333:secret:SigningSecret-AbCdEf"
NAMESPACE = "ProtectedStream/live"
DAY = 86_400


class SecretsManager:
    """Throttles calls for some seconds; then lists the versions."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.throttled_seconds = 0.0
        self.versions: dict[str, float] = {}
        """How many seconds before the start each was created, by its label."""

    def list_secret_version_ids(self, SecretId: str) -> dict[str, Any]:  # noqa: N803 - boto3's
        """Like boto3's."""
        assert SecretId == ARN
        if self._clock.now < START + self.throttled_seconds:
            raise ClientError(
                {"Error": {"Code": "ThrottlingException", "Message": ""}}, "ListSecretVersionIds"
            )
        return {
            "Versions": [
                {
                    "VersionId": label,
                    "VersionStages": [label],
                    "CreatedDate": datetime.fromtimestamp(START - seconds, UTC),
                }
                for label, seconds in self.versions.items()
            ]
        }


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def secrets_manager(clock: Clock) -> SecretsManager:
    return SecretsManager(clock)


@pytest.fixture(params=["sources", "inlined"])
def written(
    request: pytest.FixtureRequest,
    secrets_manager: SecretsManager,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[[], Any]:
    """What the function writes, from its sources and as inline code."""
    code: Any = app if request.param == "sources" else inlined("signing_key_age")
    calling = inline_custom_resource if request.param == "sources" else code
    monkeypatch.setattr(calling, "client", {"secretsmanager": secrets_manager}.__getitem__)
    monkeypatch.setattr(time, "time", clock)
    monkeypatch.setattr(time, "sleep", clock.sleep)
    monkeypatch.setenv("SECRET_ARN", ARN)
    monkeypatch.setenv("NAMESPACE", NAMESPACE)

    def written() -> Any:
        code.handler({"detail-type": "Scheduled Event"}, Context(clock, SECONDS))
        return json.loads(capsys.readouterr().out)

    return written


def test_it_is_the_age_of_the_current_version(
    written: Callable[[], Any], secrets_manager: SecretsManager
) -> None:
    """CloudWatch takes the whole line: nothing else is in it."""
    secrets_manager.versions = {
        "AWSPENDING": 60,
        "AWSPREVIOUS": 40 * DAY,
        "AWSCURRENT": 9.5 * DAY,
    }
    assert written() == {
        "_aws": {
            "Timestamp": START * 1000,
            "CloudWatchMetrics": [
                {
                    "Namespace": NAMESPACE,
                    "Dimensions": [[]],
                    "Metrics": [{"Name": "SigningKeyAgeDays"}],
                }
            ],
        },
        "SigningKeyAgeDays": 9.5,
    }


def test_a_throttled_call_is_repeated(
    written: Callable[[], Any], secrets_manager: SecretsManager
) -> None:
    secrets_manager.versions, secrets_manager.throttled_seconds = {"AWSCURRENT": 0}, 20
    assert written()["_aws"]["Timestamp"] >= (START + 20) * 1000


def test_a_call_that_stays_throttled_fails_in_time(
    written: Callable[[], Any], secrets_manager: SecretsManager, clock: Clock
) -> None:
    secrets_manager.throttled_seconds = 3600
    with pytest.raises(Exception, match=r"ListSecretVersionIds failed \(ThrottlingException\)"):
        written()
    assert clock.now < START + SECONDS - 11


def test_a_secret_without_a_current_version_fails(
    written: Callable[[], Any], secrets_manager: SecretsManager
) -> None:
    secrets_manager.versions = {"AWSPENDING": 60}
    with pytest.raises(Exception, match="no current version"):
        written()
