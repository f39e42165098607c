"""The console's `update`: a running stack becomes that of another template file."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from preview.account import Account
from preview.cli.console import Console
from preview.cli.deployment import Deployment
from preview.cloudformation.stack import Stack
from preview.local.chromium import Window
from tests.preview.operator import PARAMETERS, go_on_air, template_in, today


class Desk:
    """A stack on air, its console, and a template file to edit."""

    def __init__(self, account: Account, folder: Path) -> None:
        self.account, self.file = account, folder / "template.json"
        self.said: list[str] = []
        self.stack = Stack(account=account, say=self.said.append)
        self.deployment = Deployment(stack=self.stack)
        self.deployment.deploy(self.file, PARAMETERS)
        go_on_air(account, self.stack.outputs)
        window = Window(["chromium"], folder)
        self.console = Console(deployment=self.deployment, window=window, say=self.said.append)

    def __call__(self, line: str) -> list[str]:
        """The output for a typed line."""
        self.said.clear()
        self.console.obey(line)
        return self.said

    def edit(self, logical_id: str, **properties: Any) -> None:
        """Changes properties of a resource in the file."""
        template = template_in(self.file.parent)
        template["Resources"][logical_id]["Properties"].update(properties)
        self.file.write_text(json.dumps(template), "utf-8")


@pytest.fixture
def desk(built: Path, tmp_path: Path) -> Iterator[Desk]:
    folder = tmp_path / "build"
    shutil.copytree(built, folder)
    (folder / "site").mkdir()
    (folder / "site" / "index.html").write_text("<!doctype html><title>Watch</title>")
    with Account() as account:
        yield Desk(account, folder)


def test_the_stack_and_the_page_are_updated(desk: Desk) -> None:
    desk.edit("CookiesFunctionLog", RetentionInDays=7)
    (desk.file.parent / "site" / "more.html").write_text("<!doctype html><title>More</title>")
    assert desk(f"update {desk.file}") == [
        "updated  CookiesFunctionLog",
        "uploaded 2 files of the page",
        f"updated  live to {desk.file}",
    ]
    assert desk.account.stack_status == "UPDATE_COMPLETE"


def test_parameters_keep_their_values_unless_others_are_given(desk: Desk) -> None:
    secret = {name: desk.deployment.parameters[name] for name in ("StreamKey", "InputCidr")}
    said = desk(f"update {desk.file} InputCidr=198.51.100.0/24")
    assert "updated  EncoderAllowList" in said
    assert desk.deployment.parameters == {
        **PARAMETERS,
        "StreamKey": secret["StreamKey"],
        "InputCidr": "198.51.100.0/24",
    }


def test_a_running_channel_is_changed_only_on_the_day_given(desk: Desk) -> None:
    (channel,) = desk.account.resources.of_type("AWS::MediaLive::Channel")
    desk.edit("Channel", LogLevel="WARNING")
    desk.edit("ChannelGuard", Definition="another")
    refused = desk(f"update {desk.file}")[-1]
    assert "StopChannelToUpdate" in refused
    assert desk.account.stack_status == "UPDATE_ROLLBACK_COMPLETE"
    said = desk(f"update {desk.file} StopChannelToUpdate={today(desk.account)}")
    assert said[-1] == f"updated  live to {desk.file}"
    assert desk.account.media.state(channel.ref) == "RUNNING"


def test_a_failed_update_keeps_the_parameters(desk: Desk) -> None:
    before = dict(desk.deployment.parameters)
    assert desk(f"update {desk.file} Nope=1") == [
        "Parameters: Nope is not a parameter of the template."
    ]
    assert desk.deployment.parameters == before
