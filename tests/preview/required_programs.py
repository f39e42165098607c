"""Programs that tests need and this machine may not have."""

import shutil

import pytest


def required_program(*names: str) -> str:
    """The path of the first program that is there; without one the test is skipped.

    Args:
        names: of programs, each as good as the others.
    """
    found = next((path for path in map(shutil.which, names) if path), None)
    if found is None:
        pytest.skip(f"{' or '.join(names)} is not installed; .ci/install installs it")
    return found
