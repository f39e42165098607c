"""The commands of `protected-stream`, as an operator runs them: from a build to nothing left."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from preview.hosts.server import Served
from protected_stream.building import build
from protected_stream.cli.main import COMMANDS as EVERY_COMMAND
from protected_stream.config import load
from tests.conftest import CHECKOUT, STREAMS
from tests.preview.browser import Browser
from tests.preview.endpoint.callers import COMMANDS, pairs
from tests.preview.endpoint.serving import Given, aws_endpoint
from tests.preview.operator import ENCODER, NOT_FOUND, PAGE
from tests.preview.scenario import certificate
from tests.preview.scenario_given import given
from tests.preview.signed_streams import EMAIL, PASSWORD

pytestmark = pytest.mark.timeout(400)
WITHOUT_AN_ACCOUNT = {
    *("template", "check", "page", "schema", "keys"),
    *("cost", "plan", "diagram"),
}
ON_THE_INTERNET = {"verify"}
"""It visits host names of CloudFront, which this process does not serve: test_verify.py."""
ANN, BOB, JOE = (f"{name}@example.com" for name in ("ann", "bob", "joe"))


class Operator:
    """Someone who runs commands in a folder with a build."""

    def __init__(self, call: Given, folder: Path) -> None:
        self.call, self.folder = call, folder
        self.commands: set[str] = set()

    def build(self, name: str) -> None:
        """The template, with a page of one line."""
        build(load(STREAMS[name]), self.folder / "build", lambda _: None)
        site = self.folder / "build" / "site"
        site.mkdir(exist_ok=True)
        for file in ("index.html", "login.html"):
            (site / file).write_bytes(PAGE)
        (self.folder / "build" / "404.html").write_bytes(NOT_FOUND)

    def does(self, *words: str, status: int = 0) -> str:
        """Runs a command; returns what it has printed."""
        self.commands.add(words[0])
        done = subprocess.run(
            [sys.executable, "-m", "protected_stream", *words],
            cwd=self.folder,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.folder),
                "PYTHONPATH": str(CHECKOUT / "generator"),
                **self.call.env,
            },
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == status, f"{words}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def fills_in(self) -> None:
        """The parameters file."""
        template = json.loads((self.folder / "build" / "template.json").read_text("utf-8"))
        values = {name: one for name, one in given(template).items() if name != "StartChannel"}
        settings = [word for name, text in values.items() for word in ("--set", f"{name}={text}")]
        self.does("parameters", *settings)

    def pushes(self) -> None:
        """Its encoder sends to the stack's inputs."""
        account = self.call.account
        for input_ in account.resources.of_type("AWS::MediaLive::Input"):
            for url in input_.attributes["DestinationUrls"]:
                account.media.send(url, ENCODER)

    def outputs(self) -> dict[str, str]:
        return dict(json.loads(self.does("outputs", "--json").partition("account ")[0]))


@pytest.fixture
def called() -> set[tuple[str, str]]:
    return set()


@pytest.fixture
def operator(tmp_path: Path, called: set[tuple[str, str]]) -> Iterator[Operator]:
    with aws_endpoint(called=called) as call:
        yield Operator(call, tmp_path)


def test_they_take_a_stream_from_a_build_to_a_viewer_and_leave_nothing(
    operator: Operator, called: set[tuple[str, str]]
) -> None:
    operator.build("default")
    operator.fills_in()
    assert "add --yes to agree" in operator.does("deploy", status=4)
    operator.does("deploy", "--yes")
    operator.does("diff")
    operator.does("start")
    operator.pushes()
    assert "RUNNING" in operator.does("status")
    _watches(operator)
    _invites(operator)
    operator.does("logs", "--since", "2d")
    operator.does("rotate")
    operator.does("revoke", "--yes")
    _changes(operator)
    _changes_what_is_on_the_air(operator)
    operator.does("stop", "--yes")
    operator.does("destroy", "--yes")
    assert operator.call.account.stack_status == "DELETE_COMPLETE"
    assert "There is no stack live" in operator.does("status", status=3)
    assert operator.commands == EVERY_COMMAND.keys() - WITHOUT_AN_ACCOUNT - ON_THE_INTERNET
    assert called == pairs(COMMANDS)


def _watches(operator: Operator) -> None:
    account, outputs = operator.call.account, operator.outputs()
    with Served(account, certificate=certificate()) as served:
        browser = Browser(served=served, clock=account.clock, watch_address=outputs["WatchAddress"])
        assert browser.get(outputs["WatchAddress"]).content == PAGE
        browser.sign_in(EMAIL, account.mailbox[EMAIL], new_password=PASSWORD)
        assert browser.ask_for_cookies().status_code == 200
        assert browser.get(outputs["HlsManifest"]).status_code == 200
        browser.close()


def _invites(operator: Operator) -> None:
    (operator.folder / "viewers.csv").write_text(f"email\n{BOB}\n{JOE}\n", "utf-8")
    operator.does("viewers", "invite", ANN)
    operator.does("viewers", "import", "viewers.csv")
    operator.does("viewers", "disable", ANN)
    assert {ANN, BOB, JOE} <= operator.call.account.mailbox.keys()
    assert "DISABLED" in operator.does("viewers", "list")


def _changes(operator: Operator) -> None:
    """An update of the template, and the same again, which changes nothing."""
    file = operator.folder / "build" / "template.json"
    template = json.loads(file.read_text("utf-8"))
    template["Resources"]["CookiesFunctionLog"]["Properties"]["RetentionInDays"] = 1
    file.write_text(json.dumps(template, separators=(",", ":")), "utf-8")
    assert "CookiesFunctionLog" in operator.does("diff", status=1)
    operator.does("deploy", "--yes")
    operator.does("diff")
    operator.does("deploy", "--yes")


def _changes_what_is_on_the_air(operator: Operator) -> None:
    """Refused before it is begun: another ladder, and another stream key, which is hidden."""
    folder = operator.folder
    deployed, values = folder / "build" / "template.json", folder / "parameters-live.json"
    original, former = deployed.read_text("utf-8"), values.read_text("utf-8")
    operator.does("parameters", "--set", "StreamKey=another-key-for-tests")
    said = operator.does("deploy", status=2)
    assert "cannot stay there while" in said
    values.write_text(former, "utf-8")
    (folder / "ladder.toml").write_text("[encoding]\ngop_seconds = 1\n", "utf-8")
    build(load(folder / "ladder.toml"), folder / "build", lambda _: None)
    said = operator.does("deploy", status=2)
    assert "cannot stay there while Channel changes" in said
    assert operator.call.account.stack_status == "UPDATE_COMPLETE"
    deployed.write_text(original, "utf-8")
