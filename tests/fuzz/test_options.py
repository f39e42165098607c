"""Every two values of two options, and every example in three Regions: part of `make test-all`."""

import pytest

from protected_stream import assemble
from protected_stream.config import load
from protected_stream.lint.cloudformation import cloudformation_findings
from protected_stream.template.emit import documents
from tests.conftest import STREAMS
from tests.option_pairs import document, findings_of, option_pairs

pytestmark = pytest.mark.timeout(1800)
REGIONS = ("us-east-1", "eu-west-1", "us-west-2")
"""`make test` lints an example in its own Region, or in three if it names none."""
PARTS = 16
"""Of the rows with every two values of two options, so that processes share them."""


@pytest.mark.parametrize("part", range(PARTS))
def test_every_two_values_of_two_options(part: int) -> None:
    for row in option_pairs().rows[part::PARTS]:
        assert findings_of(row) == [], document(row)


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("name", STREAMS)
def test_an_example_is_clean_in_other_regions(name: str, region: str) -> None:
    """Also one whose file names a Region: nothing in a template depends on where it is deployed."""
    text = documents(assemble(load(STREAMS[name]))).json
    assert cloudformation_findings(text, region) == ()
