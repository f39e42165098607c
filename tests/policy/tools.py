"""checkov and cfn-guard, as `make test-policy` installs them, and what they find."""

import json
import platform
import re
import subprocess
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.conftest import CHECKOUT, Document

ENVIRONMENT = CHECKOUT / ".venv-policy"
INSTALLED = ENVIRONMENT / "for-policy"
"""The file that the Makefile writes last."""
SYSTEMS = {"Linux": "ubuntu", "Darwin": "macos"}
PROCESSORS = {"x86_64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}
RULES = "package/rules/control-tower/cfn-guard/"
RULE_ID = re.compile(r"\[(CT\.[A-Z0-9.]+)\]")

Found = frozenset[tuple[str, str]]
"""Logical IDs, each with the ID of a rule that the resource breaks."""


def checkov(folder: Path) -> dict[str, Any]:
    """What checkov says of the templates in a folder; it asks nothing of the network."""
    finished = subprocess.run(
        [
            ENVIRONMENT / "bin" / "checkov",
            *("--framework", "cloudformation", "--skip-download", "--soft-fail"),
            *("--output", "json", "--directory", folder),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    report: dict[str, Any] = json.loads(finished.stdout)
    return report


def found_by_checkov(report: Mapping[str, Any]) -> dict[str, Found]:
    """What failed, by the name of the template's file."""
    found: dict[str, set[tuple[str, str]]] = {}
    for one in report["results"]["failed_checks"]:
        name = Path(one["file_path"]).stem
        found.setdefault(name, set()).add((one["resource"].split(".")[1], one["check_id"]))
    return {name: frozenset(of) for name, of in found.items()}


def unpack_guard(folder: Path) -> None:
    """Unpacks cfn-guard for this machine, and Control Tower's rules.

    Both are in AWS's plugin for the CDK, of which nothing else is used.
    """
    (archive,) = ENVIRONMENT.glob("lib/*/site-packages/cdklabs/cdk_validator_cfnguard/_jsii/*.tgz")
    with tarfile.open(archive) as packed:
        wanted = [one for one in packed if one.name.startswith((_program(), RULES))]
        packed.extractall(folder, wanted, filter="data")


def _program() -> str:
    machine = f"{SYSTEMS[platform.system()]}/{PROCESSORS[platform.machine()]}"
    return f"package/bin/{machine}/cfn-guard"


def rules_about(types: Iterable[str], folder: Path) -> list[Path]:
    """The rule files that name one of these resource types."""
    named = [f'"{one}"' for one in types]
    return [
        path
        for path in sorted((folder / RULES).rglob("*.guard"))
        if any(one in path.read_text("utf-8") for one in named)
    ]


def guard(unpacked: Path, rules: Iterable[Path], templates: Path) -> dict[str, Found]:
    """What the rules find in the templates of a folder, by the name of the file."""
    finished = subprocess.run(
        [
            unpacked / _program(),
            "validate",
            *(word for path in rules for word in ("--rules", path)),
            *("--data", templates),
            *("--show-summary", "none", "--output-format", "json", "--structured"),
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    assert finished.returncode in {0, 19}, finished.stderr  # 19: not compliant
    return {
        Path(one["name"]).stem: frozenset(
            finding for rule in one["not_compliant"] for finding in _findings(rule)
        )
        for one in json.loads(finished.stdout)
    }


def _findings(rule: Document) -> Iterator[tuple[str, str]]:
    """A rule that failed names itself in its message, and resources in the paths of its checks."""
    text = json.dumps(rule)
    ids, resources = set(RULE_ID.findall(text)), set(re.findall(r'"/Resources/(\w+)', text))
    assert ids, text
    assert resources, text
    return ((resource, one) for one in ids for resource in resources)
