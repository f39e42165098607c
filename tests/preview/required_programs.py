"""Programs that tests need, which may not be installed on this machine."""

import shutil

import pytest

needs_ffmpeg = pytest.mark.skipif(
    shutil.which("ffmpeg") is None or shutil.which("ffprobe") is None,
    reason="ffmpeg and ffprobe are not installed; .ci/install installs them",
)


def required_program(*names: str) -> str:
    """The path of the first program that is installed; otherwise, the test is skipped.

    Args:
        names: equivalent programs.
    """
    found = next((path for path in map(shutil.which, names) if path), None)
    if found is None:
        pytest.skip(f"{' or '.join(names)} is not installed; .ci/install installs it")
    return found
