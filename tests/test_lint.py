"""The linter that the command line runs."""

import json

from generator.lint import findings
from tests.conftest import Document


def test_the_default_template_is_clean(default: Document) -> None:
    assert findings(json.dumps(default), "any") == ()


def test_a_finding_names_resource_and_property(default: Document) -> None:
    broken = json.loads(json.dumps(default))
    broken["Resources"]["Delivery"]["Properties"]["DistributionConfig"]["HttpVersion"] = "http9"
    (finding,) = findings(json.dumps(broken), "us-east-1")
    assert (finding.resource, finding.path) == ("Delivery", "DistributionConfig.HttpVersion")
    assert "http9" in finding.message
