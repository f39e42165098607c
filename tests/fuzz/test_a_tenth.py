"""A tenth of the generated input, the same in every run: part of `make test-all`."""

from pathlib import Path

import pytest

from protected_stream.cli.exit_status import CLEAN, NOTHING_WRITTEN
from tests.fuzz import cookie_functions, stream_files


@pytest.mark.timeout(600)
def test_a_stream_file_is_built_or_refused_with_reasons(tmp_path: Path) -> None:
    statuses = stream_files.check(500, tmp_path)
    assert min(statuses[CLEAN], statuses[NOTHING_WRITTEN]) > 50


def test_only_an_entitled_viewer_gets_cookies() -> None:
    statuses = cookie_functions.check_requests(10_000)
    assert set(statuses) == {200, 204, 401, 403}


def test_only_an_entitled_viewer_gets_cookies_that_kms_signed() -> None:
    statuses = cookie_functions.check_requests_to_kms(9_000)
    assert set(statuses) == {200, 204, 401, 403}


def test_any_answer_of_secrets_manager_gives_valid_cookies_or_503() -> None:
    assert set(cookie_functions.check_answers_of_secrets_manager(500)) == {200, 503}


def test_any_answer_of_kms_without_a_signature_gives_503() -> None:
    assert set(cookie_functions.check_answers_of_kms(500)) == {503}
