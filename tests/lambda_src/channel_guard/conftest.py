"""A fake MediaLive for every test."""

from types import SimpleNamespace

import pytest

from channel_guard import account, watch
from shared import inline_custom_resource
from tests.lambda_src.channel_guard.fake_medialive import ENVIRONMENT, FakeMediaLive


@pytest.fixture
def medialive(monkeypatch: pytest.MonkeyPatch) -> FakeMediaLive:
    made = FakeMediaLive()
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    for module in (account, watch, inline_custom_resource):
        time = SimpleNamespace(time=made.clock, sleep=made.clock.sleep)
        monkeypatch.setattr(module, "time", time)
    monkeypatch.setattr(account, "client", lambda _: made)
    monkeypatch.setattr(inline_custom_resource, "urlopen", made.deliver)
    return made
