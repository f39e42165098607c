"""Programs that tests need and this machine may not have."""

import os
import shutil

import pytest

REQUIRED = "BROWSER_TESTS"
"""An environment variable: with `required`, nothing may be missing."""


def required_program(*names: str) -> str:
    """The path of the first program that is there; without one the test is skipped, or fails.

    Args:
        names: of programs, each as good as the others.
    """
    found = next((path for path in map(shutil.which, names) if path), None)
    if found is not None:
        return found
    words = f"{' or '.join(names)} is not installed; .ci/install does it"
    if os.environ.get(REQUIRED) == "required":
        pytest.fail(words)
    pytest.skip(words)
