"""`protected-stream verify --rehearsal` in the preview's account: every step is good."""

import contextlib
import json
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from preview.hosts.server import Served
from protected_stream.cli import on_stack
from protected_stream.cli.exit_status import CLEAN
from protected_stream.cli.main import main
from protected_stream.operator.clock import Clock
from protected_stream.rehearsal.steps import STEPS
from tests.preview.browser import Browser
from tests.preview.endpoint.callers import COMMANDS, OTHER_STREAMS, pairs
from tests.preview.endpoint.serving import Given, aws_endpoint
from tests.preview.endpoint.test_commands import Operator
from tests.preview.operator import ENCODER, PARAMETERS
from tests.preview.scenario import certificate
from tests.preview.signed_streams import EMAIL, PASSWORD

pytestmark = pytest.mark.timeout(400)


class Rehearser(Operator):
    """Answers prompts, and looks at the stream before answering."""

    def __init__(self, call: Given, folder: Path, contexts: contextlib.ExitStack) -> None:
        super().__init__(call, folder)
        self.looked: list[str] = []
        """The questions that it has answered."""
        self._contexts = contexts
        self._viewer: tuple[Browser, dict[str, str]] | None = None

    def types(self, prompt: str) -> str:
        """The answer to a prompt."""
        if "?" not in prompt or prompt.startswith("Go on?"):
            if "Press Enter" in prompt:
                self.pushes()
            return "y"
        self.looked.append(prompt)
        return "y" if self._sees(prompt) else "n"

    def _sees(self, question: str) -> bool:
        """Whether a viewer is on the page, and gets the manifest if the question is about it."""
        self._viewer = self._viewer or self._signed_in()
        browser, outputs = self._viewer
        manifest = outputs["DashManifest" if "DASH" in question else "HlsManifest"]
        is_on_air = browser.get(manifest).status_code == 200
        return is_on_air == ("not on air" not in question)

    def _signed_in(self) -> tuple[Browser, dict[str, str]]:
        """A viewer's browser, with cookies, and the stack's outputs."""
        account = self.call.account
        (stack,) = self.call.client("cloudformation").describe_stacks(StackName="live")["Stacks"]
        outputs = {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}
        served = self._contexts.enter_context(Served(account, certificate=certificate()))
        address = outputs["WatchAddress"]
        browser = Browser(served=served, clock=account.clock, watch_address=address)
        browser.sign_in(EMAIL, account.mailbox[EMAIL], new_password=PASSWORD)
        assert browser.ask_for_cookies().status_code == 200
        return browser, outputs


@pytest.fixture
def called() -> set[tuple[str, str]]:
    return set()


@pytest.fixture
def rehearser(
    tmp_path: Path, called: set[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Rehearser]:
    with aws_endpoint(called=called) as call, contextlib.ExitStack() as contexts:
        rehearser = Rehearser(call, tmp_path, contexts)
        clock = Clock(now=call.account.clock.now, sleep=lambda _: time.sleep(0.02))
        monkeypatch.setattr(on_stack, "Target", partial(on_stack.Target, clock=clock))
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: True))
        monkeypatch.setattr("builtins.input", rehearser.types)
        for name, value in call.env.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(tmp_path)
        yield rehearser


def test_every_step_is_good(rehearser: Rehearser, called: set[tuple[str, str]]) -> None:
    rehearser.build("default")
    rehearser.fills_in()
    status = main(["verify", "--rehearsal", "--input-cidr", f"{ENCODER}/32"])
    text = Path("build/evidence.json").read_text("utf-8")
    states = {one["step"]: one["state"] for one in json.loads(text)["steps"]}
    assert states == {step.id: "good" for step in STEPS}, text
    assert status == CLEAN
    assert len(rehearser.looked) == 6
    assert rehearser.call.account.stack_status == "DELETE_COMPLETE"
    assert called <= pairs(COMMANDS, OTHER_STREAMS)
    secrets = (rehearser.call.account.stack.account_id, PARAMETERS["StreamKey"], EMAIL, ENCODER)
    assert [one for one in secrets if one in text] == []
