"""Some examples, unchanged: a viewer is rejected, signs in, and watches.

All of them are tried in tests/preview/test_verify.py.
"""

from pathlib import Path

import pytest

from tests.preview.signed_streams import EMAIL, PASSWORD, on_air

NAMES = ("default", "kms", "trusted-signer", "existing-packager", "weekly-show")
"""Each way of signing, a stream that exists, and a guard with more to do."""


@pytest.mark.parametrize("name", NAMES)
def test_a_viewer_is_rejected_signs_in_and_watches(name: str, tmp_path: Path) -> None:
    with on_air(name, tmp_path) as live:
        assert {live.browser.get(address).status_code for address in live.media} == {403}
        live.browser.sign_in(EMAIL, live.account.mailbox[EMAIL], new_password=PASSWORD)
        answer = live.browser.ask_for_cookies()
        assert answer.status_code == 200, answer.text
        assert {live.browser.get(address).status_code for address in live.media} == {200}
