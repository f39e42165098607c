"""All generated input: part of `make fuzz`."""

from pathlib import Path

import pytest

from protected_stream.cli.exit_status import CLEAN, NOTHING_WRITTEN
from tests.fuzz import cookie_functions, stream_files

pytestmark = pytest.mark.timeout(3600)


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
