"""An account with a stack, and a Lambda execution environment, for every test."""

import logging
from collections.abc import Iterator

import pytest

from signing_key import app
from tests.lambda_src.shared.simulated_time import Clock
from tests.lambda_src.signing_key.aws_account import Account, Parameters, simulated_account
from tests.lambda_src.signing_key.cloudformation import (
    ResponseUrl,
    Stack,
    response_url,
    trusted_response_url,
)
from tests.lambda_src.signing_key.watched import DAY, Watched


@pytest.fixture(autouse=True)
def region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture(autouse=True)
def loggers_as_they_were() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in ("boto3", "botocore", "urllib3")]
    levels = [logger.level for logger in loggers]
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.fixture
def new_container() -> Iterator[None]:
    """A new execution environment without clients; tests that do not request one share one."""
    app.clients.cache_clear()
    yield
    app.clients.cache_clear()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def server() -> Iterator[ResponseUrl]:
    with response_url() as inbox:
        yield inbox


@pytest.fixture
def url(server: ResponseUrl) -> Iterator[ResponseUrl]:
    with trusted_response_url():
        yield server
    server.forget()


@pytest.fixture
def account(clock: Clock) -> Iterator[Account]:
    with simulated_account(clock) as made:
        yield made


@pytest.fixture
def stack(account: Account, clock: Clock, url: ResponseUrl) -> Stack:
    return Stack(account=account, clock=clock, url=url)


@pytest.fixture
def watched(stack: Stack, account: Account, monkeypatch: pytest.MonkeyPatch) -> Watched:
    found = Watched(stack)
    effect = account._effect
    inside: list[bool] = []

    def seen(client: object, operation: str, parameters: Parameters) -> object:
        answer = effect(client, operation, parameters)  # type: ignore[arg-type]  # botocore's client
        if not inside and operation in (
            "UpdateKeyGroup",
            "PutSecretValue",
            "UpdateSecretVersionStage",
        ):
            inside.append(True)
            found.look()
            inside.clear()
        return answer

    monkeypatch.setattr(account, "_effect", seen)
    stack.clock.sleep(30 * DAY)
    account.record()
    return found
