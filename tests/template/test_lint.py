"""The linter, as the command line runs it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from protected_stream import Stream, assemble
from protected_stream.lint import findings
from protected_stream.lint.delivery import delivery_findings
from protected_stream.template.emit import documents, write
from tests.conftest import Document

TRUST = {"TrustedKeyGroups", "TrustedSigners"}


def test_the_default_template_is_clean(default: Document) -> None:
    assert findings(json.dumps(default), "any") == ()


def test_a_finding_names_resource_and_property(default: Document) -> None:
    broken = json.loads(json.dumps(default))
    broken["Resources"]["Distribution"]["Properties"]["DistributionConfig"]["HttpVersion"] = "http9"
    (finding,) = findings(json.dumps(broken), "us-east-1")
    assert (finding.resource, finding.path) == ("Distribution", "DistributionConfig.HttpVersion")
    assert "http9" in finding.message


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1", "ap-southeast-2"])
@pytest.mark.parametrize("name", ["template.json", "template.yaml"])
def test_the_default_template_is_clean_whatever_a_configuration_file_ignores(
    region: str, name: str, tmp_path: Path
) -> None:
    """The command that a careful user runs, with every rule enabled."""
    write(documents(assemble(Stream())), tmp_path)
    nothing_ignored = tmp_path / "empty.yaml"
    nothing_ignored.write_text("{}")
    finished = subprocess.run(
        [
            *(Path(sys.executable).with_name("cfn-lint"), "--template", tmp_path / name),
            *("--regions", region, "--config-file", nothing_ignored),
            *("--include-checks", "I", "--include-experimental"),
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    assert (finished.stdout, finished.stderr, finished.returncode) == ("", "", 0)


def test_configuration_files_do_not_weaken_the_checks(
    default: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".cfnlintrc").write_text("ignore_checks: [E]\ntemplates: [not/there.json]\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    broken = json.loads(json.dumps(default))
    broken["Resources"]["Distribution"]["Properties"]["DistributionConfig"]["HttpVersion"] = "http9"
    assert len(findings(json.dumps(broken), "us-east-1")) == 1
    assert findings(json.dumps(default), "us-east-1") == ()


def test_media_findings_are_reported_too(default: Document) -> None:
    """CloudFormation's schemas lack MediaLive's values."""
    broken = json.loads(json.dumps(default))
    broken["Resources"]["Channel"]["Properties"]["ChannelClass"] = "TRIPLE"
    (finding,) = findings(json.dumps(broken), "us-east-1")
    assert (finding.resource, finding.path) == ("Channel", "ChannelClass")
    assert finding.rule.id == "PS1105"


def test_media_without_a_signature_are_found_in_every_template(any_template: Document) -> None:
    """Each of the behaviors that require one, without it."""
    config = any_template["Resources"]["Distribution"]["Properties"]["DistributionConfig"]
    signed = [index for index, one in enumerate(config["CacheBehaviors"]) if TRUST & one.keys()]
    assert len(signed) >= 2  # manifests and segments
    assert delivery_findings(any_template) == ()
    for index in signed:
        broken = json.loads(json.dumps(any_template))
        changed = broken["Resources"]["Distribution"]["Properties"]["DistributionConfig"]
        for name in TRUST & changed["CacheBehaviors"][index].keys():
            del changed["CacheBehaviors"][index][name]
        (finding,) = delivery_findings(broken)
        assert finding.path == f"DistributionConfig.CacheBehaviors[{index}]"
