"""What other repositories run in CI: the pre-commit hook and the reusable workflow."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import CHECKOUT

DOCS = (CHECKOUT / "docs" / "ci.md").read_text(encoding="utf-8")
WORKFLOW = CHECKOUT / ".github" / "workflows" / "stream.yml"
ON = True
"""The key `on`, which YAML 1.1 reads as a boolean."""


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def hook() -> Any:
    """The only hook."""
    (hook,) = _read(CHECKOUT / ".pre-commit-hooks.yaml")
    return hook


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Another repository, which has only a stream file."""
    (tmp_path / "stream.toml").write_text('[encoding]\nladder = "SD-540p"\n')
    return tmp_path


def run(words: list[str], folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs a program with this environment's commands, and this checkout's package."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    known = {"PATH": path, "PYTHONPATH": str(CHECKOUT / "generator")}
    environment = {**os.environ, **known, **variables}
    return subprocess.run(
        words, cwd=folder, env=environment, check=False, capture_output=True, text=True
    )


def test_the_hook_accepts_a_clean_file_and_refuses_mistakes(hook: Any, repository: Path) -> None:
    assert hook["language"] == "python"
    words = [*hook["entry"].split(), "stream.toml"]
    clean = run(words, repository)
    assert (clean.returncode, clean.stdout, clean.stderr) == (0, "", "")
    (repository / "stream.toml").write_text("speed = 1\n")
    assert run(words, repository).returncode == 2


@pytest.mark.parametrize(
    ("path", "checked"),
    [("stream.toml", True), ("shows/stream.toml", True), ("upstream.toml", False)],
)
def test_the_hook_checks_stream_files(hook: Any, path: str, *, checked: bool) -> None:
    assert bool(re.search(hook["files"], path)) == checked


def test_the_workflow_builds_and_lints_the_template(repository: Path) -> None:
    job = _read(WORKFLOW)["jobs"]["template"]
    commands = {step["name"]: step["run"] for step in job["steps"] if "run" in step}
    assert list(commands) == ["install", "build and lint", "cfn-lint"]
    variables = {**job["env"], "STREAM": "stream.toml"}
    for name in ("build and lint", "cfn-lint"):
        shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", commands[name]]
        finished = run(shell, repository, **variables)
        assert finished.returncode == 0, finished.stderr
    (uploaded,) = [step["with"]["path"] for step in job["steps"] if "upload" in str(step)]
    assert {path.name for path in (repository / uploaded).iterdir()} == {
        "build.json",
        "lambda",
        "parameters.json",
        "template.json",
        "template.yaml",
    }


def test_the_workflow_installs_only_pinned_wheels() -> None:
    (install,) = re.findall(r"\$pip .*--requirement (.*)", WORKFLOW.read_text(encoding="utf-8"))
    assert install == '"$GENERATOR/requirements.txt"'
    assert "--only-binary :all: --require-hashes" in WORKFLOW.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted(WORKFLOW.parent.iterdir()), ids=lambda path: path.name)
def test_commands_contain_no_expressions_and_actions_are_pinned(path: Path) -> None:
    """An expression in a command would run an input's value as code.

    Source: GitHub Docs, "Script injections", "Secure use reference".
    """
    workflow = _read(path)
    assert workflow["permissions"] == {}
    inputs = workflow[ON].get("workflow_call") or {}
    for job in workflow["jobs"].values():
        for step in job["steps"]:
            assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", step.get("uses", f"a@{'0' * 40}"))
            if inputs:
                assert "${{" not in step.get("run", "")


def test_the_docs_show_the_hook_and_every_input_of_the_workflow(hook: Any) -> None:
    assert f"- id: {hook['id']}" in DOCS
    for name, of in _read(WORKFLOW)[ON]["workflow_call"]["inputs"].items():
        assert f"| `{name}` |" in DOCS
        if of.get("required"):
            assert f"          {name}: " in DOCS
    assert f"/{WORKFLOW.relative_to(CHECKOUT)}@" in DOCS
