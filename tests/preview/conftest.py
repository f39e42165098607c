"""The emitted template and its zip files, built once."""

from pathlib import Path

import pytest

from generator.build import build
from generator.config import Stream


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the default stream's build, as `make template` writes it."""
    folder = tmp_path_factory.mktemp("build")
    build(Stream(), folder, lambda _: None)
    return folder
