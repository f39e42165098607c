"""The README's lines, word for word, by the AWS CLI: create, watch, update, delete."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from preview.account import Account
from preview.hosts.server import Served
from preview.services.media import START_SECONDS
from tests.preview.browser import Browser
from tests.preview.endpoint.callers import README, pairs
from tests.preview.endpoint.command_line import NEEDS_CLI, line, run
from tests.preview.endpoint.readme_operator import DEPLOY, NO_BUCKET, Operator
from tests.preview.endpoint.serving import Given, aws_endpoint
from tests.preview.operator import ENCODER, NOT_FOUND, PAGE
from tests.preview.scenario import certificate
from tests.preview.signed_streams import EMAIL, PASSWORD

pytestmark = [NEEDS_CLI, pytest.mark.timeout(400)]

VIEWERS = "More viewers"
ANN = "ann@example.com"


@pytest.fixture
def called() -> set[tuple[str, str]]:
    return set()


@pytest.fixture
def account(call: Given) -> Account:
    return call.account


@pytest.fixture
def call(called: set[tuple[str, str]]) -> Iterator[Given]:
    with aws_endpoint(called=called) as given:
        yield given


@pytest.fixture(params=["default", "kms", "existing-packager"])
def operator(request: pytest.FixtureRequest, tmp_path: Path, call: Given) -> Operator:
    """After step 2, with a page of one line."""
    one = Operator(call.env, tmp_path, request.param)
    one.build()
    site = tmp_path / "build" / "site"
    site.mkdir()
    for name in ("index.html", "login.html"):
        (site / name).write_bytes(PAGE)
    (tmp_path / "build" / "404.html").write_bytes(NOT_FOUND)
    one.fill_in()
    return one


def test_the_readme_deploys_a_stream_that_is_watched_updated_and_deleted(
    operator: Operator, account: Account, called: set[tuple[str, str]]
) -> None:
    assert "Successfully created/updated stack - live" in operator.deploy()
    operator.read_outputs()
    operator.upload_page()
    if "ChannelId" in operator.outputs:
        operator.start_channel()
        _push(account)
    account.events.pass_time(START_SECONDS)
    _watch(operator, account)
    _update(operator, account)
    operator.do(VIEWERS, "aws", "cognito-idp", "admin-create-user")
    assert ANN in account.mailbox
    operator.do(VIEWERS, "aws", "cognito-idp", "admin-disable-user")
    if "ChannelId" in operator.outputs:
        operator.do(DEPLOY, "aws", "medialive", "stop-channel")
        account.events.pass_time(START_SECONDS)
    operator.do(DEPLOY, "aws", "cloudformation", "delete-stack")
    again = run(
        line(DEPLOY, "aws", "cloudformation", "describe-stacks"), operator.folder, operator.env, {}
    )
    assert "Stack with id live does not exist" in again.stderr
    assert account.stack_status == "DELETE_COMPLETE"
    if operator.name == "default":
        assert called == pairs(README)
    assert called <= pairs(README)


def _push(account: Account) -> None:
    """Sends to every address of every input, as an encoder does."""
    for input_ in account.resources.of_type("AWS::MediaLive::Input"):
        for url in input_.attributes["DestinationUrls"]:
            account.media.send(url, ENCODER)


def _watch(operator: Operator, account: Account) -> None:
    """The page that the CLI has uploaded, and the stream, by a viewer who signs in."""
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


def _update(operator: Operator, account: Account) -> None:
    """Deployed again, nothing changes; with a changed template, only that."""
    unchanged = run(
        line(NO_BUCKET if operator.name == "kms" else DEPLOY, "aws", "cloudformation", "deploy"),
        operator.folder,
        operator.env,
        operator.names,
    )
    assert "No changes to deploy. Stack live is up to date" in unchanged.stderr + unchanged.stdout
    assert unchanged.returncode == 0
    time.sleep(1)  # the AWS CLI names change sets after the second, and leaves an empty one behind
    file = operator.folder / "build" / "template.json"
    template = json.loads(file.read_text("utf-8"))
    before = dict(account.resources.by_logical_id)
    (log, *_) = [
        name for name, one in template["Resources"].items() if one["Type"] == "AWS::Logs::LogGroup"
    ]
    template["Resources"][log]["Properties"]["RetentionInDays"] = 1
    file.write_text(json.dumps(template, separators=(",", ":")), "utf-8")
    operator.deploy()
    now = account.resources.by_logical_id
    assert account.stack_status == "UPDATE_COMPLETE"
    assert [name for name in now if now[name].properties != before[name].properties] == [log]
