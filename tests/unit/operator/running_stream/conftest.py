"""Commands on a stream that is deployed to an AWS of Python functions."""

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import NamedTuple

import pytest

from protected_stream import assemble
from protected_stream.cli import on_stack
from protected_stream.cli.main import main
from protected_stream.config import load
from protected_stream.operator import connection
from protected_stream.operator.clock import Clock
from protected_stream.template.emit import document
from tests.conftest import STREAMS, Document
from tests.unit.operator.running_stream.aws import Aws
from tests.unit.operator.running_stream.stream import Stream

_TEMPLATES: dict[str, Document] = {}


class Said(NamedTuple):
    """How a command ended, and what it printed."""

    status: int
    out: str
    err: str


class Deployed:
    """A stream that is deployed, and the command line."""

    def __init__(self, stream: Stream, aws: Aws, capsys: pytest.CaptureFixture[str]) -> None:
        self.stream, self.aws, self._capsys = stream, aws, capsys

    def run(self, line: str) -> Said:
        """Runs a command on the stack `live`; without a terminal."""
        status = main([*line.split(), "--stack", "live"])
        captured = self._capsys.readouterr()
        return Said(status, captured.out, captured.err)


@pytest.fixture
def deploy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Deployed]:
    """Deploys the default stream, or an example."""

    def deployed(name: str = "default") -> Deployed:
        if name not in _TEMPLATES:
            _TEMPLATES[name] = document(assemble(load(STREAMS[name])))
        stream = Stream(_TEMPLATES[name])
        aws = Aws(stream.operation)
        monkeypatch.setattr(connection, "boto3", SimpleNamespace(Session=aws.session))
        clock = Clock(now=lambda: stream.time, sleep=stream.sleep)
        monkeypatch.setattr(on_stack, "Target", partial(on_stack.Target, clock=clock))
        return Deployed(stream, aws, capsys)

    return deployed


@pytest.fixture
def live(deploy: Callable[..., Deployed]) -> Deployed:
    """The default stream, deployed and idle."""
    return deploy()
