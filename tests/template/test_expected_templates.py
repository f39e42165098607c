"""Expected whole templates: every change to them is a diff for review."""

from typing import get_args

import pytest

from protected_stream.config import load
from protected_stream.sections.signing import SigningOptions
from tests.conftest import STREAMS
from tests.expected_files import TEMPLATES, WHOLE, whole


@pytest.mark.parametrize("name", WHOLE)
def test_the_template_is_the_reviewed_one(name: str) -> None:
    """After an intended change: `make expected`, and read the diff."""
    assert whole(name) == (TEMPLATES / f"{name}.yaml").read_text(encoding="utf-8")


def test_there_is_one_of_each_signing_mode() -> None:
    (modes, *_) = get_args(SigningOptions)
    kept = [type(load(STREAMS[name]).signing) for name in WHOLE]
    assert sorted(kept, key=str) == sorted(
        (options for options, _ in map(get_args, get_args(modes))), key=str
    )
    assert {path.stem for path in TEMPLATES.iterdir()} == set(WHOLE)
