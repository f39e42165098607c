"""`protected-stream verify --rehearsal` in a folder with a build, and an account."""

import json
import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from protected_stream.building import build
from protected_stream.cli import on_stack
from protected_stream.cli.main import main
from protected_stream.config import load
from protected_stream.operator import connection
from protected_stream.operator.clock import Clock
from tests.conftest import STREAMS, Document
from tests.unit.operator.running_stream.aws import Aws, Operation
from tests.unit.rehearsal.account import RehearsalAccount

STREAM_KEY = "key-of-the-rehearsals-encoder"
VALUES = {
    "InputCidr": "203.0.113.0/24",
    "StreamKey": STREAM_KEY,
    "ArtifactBucket": "my-bucket",
    "ViewerEmail": "ann@example.com",
    "StartChannel": "Yes",
    "MediaOriginHost": "shows.s3.us-east-1.amazonaws.com",
}
EVIDENCE = Path("build/evidence.json")


class Rehearsal:
    """An operator with a build, at a terminal or without one."""

    def __init__(self, template: Document, capsys: pytest.CaptureFixture[str]) -> None:
        self.account = RehearsalAccount(template)
        self.aws = Aws(self._operation)
        self.clock = Clock(now=lambda: self.account.stream.time, sleep=self._sleep)
        self._capsys = capsys
        self.prompts: list[str] = []
        self.said = ""
        """What it has printed."""
        self.answers: Callable[[str], str] = self.answer
        """What the operator types after a prompt."""

    def _operation(self, service: str, name: str) -> Operation:
        return self.account.operation(service, name)

    def _sleep(self, seconds: float) -> None:
        self.account.sleep(seconds)

    def run(self, line: str = "--yes --input-cidr 203.0.113.7/32") -> int:
        """Runs the command; what it prints is in `said`."""
        self.said = ""
        status = main(["verify", "--rehearsal", *line.split()])
        self.catch_up()
        return status

    def catch_up(self) -> None:
        """Reads what was printed so far."""
        captured = self._capsys.readouterr()
        self.said += captured.err + captured.out

    def begin_again(self) -> None:
        """An account without a stack, and no requests yet."""
        self.account = RehearsalAccount(self.account.stream.template)
        self.aws.calls.clear()

    @property
    def evidence(self) -> dict[str, Any]:
        """What is written."""
        return dict(json.loads(EVIDENCE.read_text("utf-8")))

    @property
    def states(self) -> dict[str, str]:
        """The result of each step."""
        return {one["step"]: one["state"] for one in self.evidence["steps"]}

    def step(self, name: str) -> dict[str, Any]:
        """What is written of a step."""
        return next(one for one in self.evidence["steps"] if one["step"] == name)

    def type(self, prompt: str) -> str:
        """What `input` returns."""
        return self.answers(prompt)

    def answer(self, prompt: str) -> str:
        """What somebody types who agrees, and sees what the account shows."""
        self.prompts.append(prompt)
        return self.account.saw(prompt)


def change_sets(rehearsal: Rehearsal) -> list[dict[str, str]]:
    """The parameters of each change set that was asked for."""
    return [
        {one["ParameterKey"]: one.get("ParameterValue", "") for one in asked["Parameters"]}
        for action, asked in rehearsal.aws.calls
        if action == "cloudformation:CreateChangeSet"
    ]


@pytest.fixture(scope="session")
def builds(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder with the build of an example, with a page of one line."""
    made: dict[str, Path] = {}

    def built(name: str) -> Path:
        if name not in made:
            made[name] = folder = tmp_path_factory.mktemp(name)
            build(load(STREAMS[name]), folder, lambda _: None)
            (folder / "site").mkdir()
            for file in ("site/index.html", "404.html"):
                (folder / file).write_text(file)
        return made[name]

    return built


@pytest.fixture
def rehearse(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    builds: Callable[[str], Path],
) -> Callable[..., Rehearsal]:
    """Prepares a rehearsal of an example."""

    def prepared(name: str = "default", *, terminal: bool = False) -> Rehearsal:
        monkeypatch.chdir(tmp_path)
        shutil.copytree(builds(name), "build")
        template: Document = json.loads(Path("build/template.json").read_text("utf-8"))
        values = [f"{key}={text}" for key, text in VALUES.items() if key in template["Parameters"]]
        Path("parameters-live.json").write_text(json.dumps(values))
        rehearsal = Rehearsal(template, capsys)
        monkeypatch.setattr(connection, "boto3", SimpleNamespace(Session=rehearsal.aws.session))
        monkeypatch.setattr(on_stack, "Target", partial(on_stack.Target, clock=rehearsal.clock))
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: terminal))
        monkeypatch.setattr("builtins.input", rehearsal.type)
        return rehearsal

    return prepared
