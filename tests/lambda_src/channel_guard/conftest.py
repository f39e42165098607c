"""A station for every test."""

import pytest

from channel_guard import app
from shared import answering
from tests.lambda_src.channel_guard.station import ENVIRONMENT, Station


@pytest.fixture
def station(monkeypatch: pytest.MonkeyPatch) -> Station:
    made = Station()
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(app, "clients", made.clients)
    monkeypatch.setattr(answering, "deliver", made.deliver)
    return made
