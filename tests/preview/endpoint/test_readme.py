"""The README's lines, word for word, by the AWS CLI: create, watch, update, delete."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from preview.hosts.server import Served
from preview.services.media import START_SECONDS
from protected_stream.build import build
from protected_stream.config import load
from tests.conftest import STREAMS
from tests.preview.browser import Browser
from tests.preview.endpoint.callers import README, pairs
from tests.preview.endpoint.command_line import NEEDS_CLI, line, run
from tests.preview.endpoint.serving import ARTIFACTS, Given, aws_endpoint
from tests.preview.operator import ENCODER, NOT_FOUND, PAGE
from tests.preview.scenario import certificate
from tests.preview.scenario_given import given
from tests.preview.signed_streams import EMAIL, PASSWORD

pytestmark = [NEEDS_CLI, pytest.mark.timeout(400)]

DEPLOY, VIEWERS, NO_BUCKET = "Deploy it", "More viewers", "No bucket?"
ANN = "ann@example.com"


class Operator:
    """Someone who follows the README in a folder."""

    def __init__(self, call: Given, folder: Path, name: str) -> None:
        self.call, self.folder, self.name = call, folder, name
        self.names = {"ArtifactBucket": ARTIFACTS}
        self.outputs: Mapping[str, str] = {}

    def build(self) -> None:
        """Step 1, with a page of one line."""
        folder = self.folder / "build"
        build(load(STREAMS[self.name]), folder, lambda _: None)
        (folder / "site").mkdir(exist_ok=True)
        for name in ("index.html", "login.html"):
            (folder / "site" / name).write_bytes(PAGE)
        (folder / "404.html").write_bytes(NOT_FOUND)

    def do(self, heading: str, *beginning: str) -> str:
        """Runs a line; returns what it has printed."""
        done = run(line(heading, *beginning), self.folder, self.call.env, self.names)
        assert done.returncode == 0, f"{done.args}\n{done.stdout}{done.stderr}"
        return done.stdout

    def fill_in(self) -> None:
        """Step 2."""
        self.do(DEPLOY, "cp")
        file = self.folder / "parameters-live.json"
        template = json.loads((self.folder / "build" / "template.json").read_text("utf-8"))
        known = {name: one for name, one in given(template).items() if name != "StartChannel"}
        stated = [one.partition("=") for one in json.loads(file.read_text("utf-8"))]
        filled = [f"{name}={known.get(name, value)}" for name, _, value in stated]
        file.write_text(json.dumps(filled), "utf-8")

    def deploy(self) -> str:
        """Step 3."""
        if self.name == "kms":
            return self.do(NO_BUCKET, "aws", "cloudformation", "deploy")
        self.do(DEPLOY, "aws", "s3", "cp", "build/lambda/")
        return self.do(DEPLOY, "aws", "cloudformation", "deploy")

    def read_outputs(self) -> None:
        """Step 4."""
        printed = self.do(DEPLOY, "aws", "cloudformation", "describe-stacks")
        rows = [row.strip("|").split("|") for row in printed.splitlines() if row.startswith("|  ")]
        self.outputs = {row[0].strip(): row[1].strip() for row in rows if len(row) == 2}
        self.names |= {
            name: self.outputs[name]
            for name in ("PageBucketName", "ChannelId", "UserPoolId")
            if name in self.outputs
        }

    def go_on_air(self) -> None:
        """Step 6, and the encoder; a stream that exists is on the air already."""
        if "ChannelId" in self.outputs:
            self.do(DEPLOY, "aws", "medialive", "start-channel")
            for input_ in self.call.account.resources.of_type("AWS::MediaLive::Input"):
                for url in input_.attributes["DestinationUrls"]:
                    self.call.account.media.send(url, ENCODER)
        self.call.account.events.pass_time(START_SECONDS)


@pytest.fixture
def called() -> set[tuple[str, str]]:
    return set()


@pytest.fixture(params=["default", "kms", "existing-packager"])
def operator(
    request: pytest.FixtureRequest, tmp_path: Path, called: set[tuple[str, str]]
) -> Iterator[Operator]:
    with aws_endpoint(called=called) as call:
        one = Operator(call, tmp_path, request.param)
        one.build()
        one.fill_in()
        yield one


def test_the_readme_deploys_a_stream_that_is_watched_updated_and_deleted(
    operator: Operator, called: set[tuple[str, str]]
) -> None:
    account = operator.call.account
    assert "Successfully created/updated stack - live" in operator.deploy()
    operator.read_outputs()
    operator.do(DEPLOY, "aws", "s3", "sync")
    operator.do(DEPLOY, "aws", "s3", "cp", "build/404.html")
    operator.go_on_air()
    _watch(operator)
    _update(operator)
    operator.do(VIEWERS, "aws", "cognito-idp", "admin-create-user")
    assert ANN in account.mailbox
    operator.do(VIEWERS, "aws", "cognito-idp", "admin-disable-user")
    if "ChannelId" in operator.outputs:
        operator.do(DEPLOY, "aws", "medialive", "stop-channel")
        account.events.pass_time(START_SECONDS)
    operator.do(DEPLOY, "aws", "cloudformation", "delete-stack")
    again = run(
        line(DEPLOY, "aws", "cloudformation", "describe-stacks"),
        operator.folder,
        operator.call.env,
        {},
    )
    assert "Stack with id live does not exist" in again.stderr
    assert account.stack_status == "DELETE_COMPLETE"
    if operator.name == "default":
        assert called == pairs(README)
    assert called <= pairs(README)


def _watch(operator: Operator) -> None:
    """The page that the CLI has uploaded, and the stream, by a viewer who signs in."""
    account = operator.call.account
    with Served(account, certificate=certificate()) as served:
        browser = Browser(
            served=served, clock=account.clock, watch_address=operator.outputs["WatchAddress"]
        )
        browser.token_header = browser.settings().get("tokenHeader", browser.token_header)
        manifest = operator.outputs["HlsManifest"]
        assert browser.get(operator.outputs["WatchAddress"]).content == PAGE
        assert browser.get(manifest).status_code == 403
        browser.sign_in(EMAIL, account.mailbox[EMAIL], new_password=PASSWORD)
        assert browser.ask_for_cookies().status_code == 200
        assert browser.get(manifest).status_code == 200
        browser.close()


def _update(operator: Operator) -> None:
    """Deployed again, nothing changes; with a changed template, only that."""
    unchanged = run(
        line(NO_BUCKET if operator.name == "kms" else DEPLOY, "aws", "cloudformation", "deploy"),
        operator.folder,
        operator.call.env,
        operator.names,
    )
    assert "No changes to deploy. Stack live is up to date" in unchanged.stderr + unchanged.stdout
    file = operator.folder / "build" / "template.json"
    template = json.loads(file.read_text("utf-8"))
    before = dict(operator.call.account.resources.by_logical_id)
    (log, *_) = [
        name for name, one in template["Resources"].items() if one["Type"] == "AWS::Logs::LogGroup"
    ]
    template["Resources"][log]["Properties"]["RetentionInDays"] = 1
    file.write_text(json.dumps(template, separators=(",", ":")), "utf-8")
    operator.deploy()
    now = operator.call.account.resources.by_logical_id
    assert operator.call.account.stack_status == "UPDATE_COMPLETE"
    assert [name for name in now if now[name].properties != before[name].properties] == [log]
