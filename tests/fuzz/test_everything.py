"""All generated input, and every example in three Regions: `make fuzz`."""

from pathlib import Path

import pytest

from protected_stream import assemble
from protected_stream.cli.exit_status import CLEAN, NOTHING_WRITTEN
from protected_stream.config import load
from protected_stream.lint.cloudformation import cloudformation_findings
from protected_stream.template.emit import documents
from tests.conftest import STREAMS
from tests.fuzz import cookie_functions, stream_files
from tests.option_pairs import document, findings_of, option_pairs

pytestmark = pytest.mark.timeout(3600)
REGIONS = ("us-east-1", "eu-west-1", "us-west-2")
"""`make test` lints an example in its own Region, or in three if it names none."""
PARTS = 16
"""Of the rows with every two values of two options, so that processes share them."""


def test_stream_files(tmp_path: Path) -> None:
    statuses = stream_files.check(5_000, tmp_path)
    print(f"stream files by exit status: {dict(statuses)}")
    assert min(statuses[CLEAN], statuses[NOTHING_WRITTEN]) > 500


def test_requests() -> None:
    statuses = cookie_functions.check_requests(100_000)
    statuses += cookie_functions.check_requests_to_kms(90_000)
    print(f"requests by status: {dict(statuses)}")
    assert set(statuses) == {200, 204, 401, 403}


def test_answers_of_aws() -> None:
    statuses = cookie_functions.check_answers_of_secrets_manager(5_000)
    statuses += cookie_functions.check_answers_of_kms(5_000)
    print(f"requests by status, with any answer of AWS: {dict(statuses)}")
    assert set(statuses) == {200, 503}


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
