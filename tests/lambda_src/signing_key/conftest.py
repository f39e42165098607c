"""An account with a stack, and a Lambda execution environment, for every test."""

import logging
from collections.abc import Callable, Iterator

import pytest
from botocore.client import BaseClient
from moto import mock_aws

from preview.services.aws.moto_gaps import closed_gaps
from preview.services.aws.moto_secrets import closed_secret_gaps
from signing_key import app
from tests.lambda_src.shared.simulated_time import Clock
from tests.lambda_src.signing_key.aws_account import Account, Parameters, Response
from tests.lambda_src.signing_key.cloudformation import (
    ResponseUrl,
    Stack,
    response_url,
    trusted_response_url,
)


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
def account(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    moto: Callable[[BaseClient, str, Parameters], Response]
    moto = BaseClient._make_api_call  # type: ignore[attr-defined]  # private, known to be there
    made = Account(clock=clock, moto=moto)
    with mock_aws(), closed_gaps(made.is_in_use), closed_secret_gaps():

        def call(client: BaseClient, operation: str, parameters: Parameters) -> Response:
            return made.call(client, operation, parameters)

        monkeypatch.setattr(BaseClient, "_make_api_call", call)
        yield made


@pytest.fixture
def stack(account: Account, clock: Clock, url: ResponseUrl) -> Stack:
    return Stack(account=account, clock=clock, url=url)
