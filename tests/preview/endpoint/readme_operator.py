"""Someone who types the README's lines, word for word."""

import json
from collections.abc import Mapping
from pathlib import Path

from protected_stream.building import build
from protected_stream.config import load
from tests.conftest import STREAMS
from tests.preview.endpoint.command_line import line, run
from tests.preview.endpoint.serving import ARTIFACTS
from tests.preview.scenario_given import given

DEPLOY, NO_BUCKET = "Deploy it", "No bucket?"
"""Headings of the README."""


class Operator:
    """Someone who follows the README in a folder, for one of the streams in STREAMS."""

    def __init__(self, env: Mapping[str, str], folder: Path, name: str) -> None:
        self.env, self.folder, self.name = env, folder, name
        self.names = {"ArtifactBucket": ARTIFACTS}
        self.outputs: Mapping[str, str] = {}

    def build(self) -> None:
        """Step 1, without the page."""
        build(load(STREAMS[self.name]), self.folder / "build", lambda _: None)

    def do(self, heading: str, *beginning: str) -> str:
        """Runs a line; returns what it has printed."""
        done = run(line(heading, *beginning), self.folder, self.env, self.names)
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

    def upload_page(self) -> None:
        """Step 5."""
        self.do(DEPLOY, "aws", "s3", "sync")
        self.do(DEPLOY, "aws", "s3", "cp", "build/404.html")

    def start_channel(self) -> None:
        """Step 6."""
        self.do(DEPLOY, "aws", "medialive", "start-channel")
