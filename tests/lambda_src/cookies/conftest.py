"""A Lambda execution environment for every test, and the Secrets Manager that it reads."""

import logging
from collections.abc import Callable, Iterator, Mapping

import pytest

from cookies.app import signed_cookies
from tests.lambda_src.cookies.secrets_manager import Wire, secrets_manager
from tests.lambda_src.cookies.stream import IN_THE_POSTS_NAMES, VARIABLES


@pytest.fixture(autouse=True)
def new_container() -> Iterator[None]:
    """Every test starts in a new execution environment: nothing cached, default logging."""
    signed_cookies.cache_clear()
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    """Secrets Manager on the loopback interface, with environment variables as set by Lambda."""
    with secrets_manager() as (wire, address):
        lambdas_own = {
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "ASIATESTONLY",
            "AWS_SECRET_ACCESS_KEY": "test-only",
            "AWS_SESSION_TOKEN": "test-only",
        }
        tests_own = {"AWS_ENDPOINT_URL_SECRETS_MANAGER": address, "NO_PROXY": "127.0.0.1"}
        for name, value in (VARIABLES | lambdas_own | tests_own).items():
            monkeypatch.setenv(name, value)
        yield wire


@pytest.fixture
def told(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> Callable[[Mapping[str, str]], Wire]:
    """A new execution environment with only these variables of ours."""

    def tell(variables: Mapping[str, str]) -> Wire:
        signed_cookies.cache_clear()
        for name in {*VARIABLES, *IN_THE_POSTS_NAMES, "KEY_PAIR_IDS", "KEY_PAIR_ID"}:
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return wire

    return tell
