"""Locations of the packaged sources and of downloads."""

from importlib.resources import files
from pathlib import Path

from platformdirs import user_cache_path

PACKAGE = Path(str(files("protected_stream")))
CHECKOUT = PACKAGE.parents[1]
"""The top of the checkout, if the package runs from one."""
IS_CHECKOUT = not (PACKAGE / "lambda_src").is_dir()
"""A wheel holds the sources inside the package; in a checkout they are at the top level."""


def sources(name: str) -> Path:
    """The folder with that name, "lambda_src", "web_src" or "edge_src"."""
    return (CHECKOUT if IS_CHECKOUT else PACKAGE) / name


def downloads() -> Path:
    """The folder for downloads: build/ in a checkout, otherwise the user's cache."""
    return CHECKOUT / "build" if IS_CHECKOUT else user_cache_path("protected-stream")
