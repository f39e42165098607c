"""Values of NoEcho parameters are hidden, no matter how they are quoted."""

import pytest

from preview.cloudformation.redaction import redacted
from tests.preview.signer import VECTORS

KEY = (VECTORS / "test-only-rsa-2048.pem").read_text("utf-8")
LINE = KEY.splitlines()[5]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param(f"{KEY} is too long", "**** is too long", id="as it is"),
        pytest.param(f"{KEY!r} is too long", "'****' is too long", id="quoted"),
        pytest.param(f"{{'SecretString': {KEY!r}}}", "{'SecretString': '****'}", id="in a list"),
        pytest.param(f"{KEY!r}"[:300], "'****", id="its beginning"),
        pytest.param(f"{KEY!r}"[300:], "****'", id="its end"),
        pytest.param(f"line 6 is {LINE}.", "line 6 is ****.", id="a line"),
        pytest.param(f"{LINE[:12]} and {LINE[-12:]}", "**** and ****", id="small parts"),
        pytest.param("Channel: no such role.", "Channel: no such role.", id="nothing of it"),
    ],
)
def test_no_part_of_a_key_shows(text: str, shown: str) -> None:
    assert redacted([KEY], text) == shown


def test_short_values_are_hidden_as_a_whole() -> None:
    assert redacted(["", "hunter2", "sesame"], "hunter2 or hunter3, sesame") == (
        "**** or hunter3, ****"
    )
