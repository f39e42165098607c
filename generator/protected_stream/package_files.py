"""Where the package finds the sources that it carries, and where it keeps what it downloads."""

from importlib.resources import files
from pathlib import Path

from platformdirs import user_cache_path

PACKAGE = Path(str(files("protected_stream")))
CHECKOUT = PACKAGE.parents[1]
"""The top of the checkout, if the package runs from one."""


def sources(name: str) -> Path:
    """The folder of that name, "lambda_src" or "web_src".

    A wheel holds it inside the package; in a checkout it lies at the top.
    """
    inside = PACKAGE / name
    return inside if inside.is_dir() else CHECKOUT / name


def downloads() -> Path:
    """The folder of what was downloaded: build/ of a checkout, else the user's cache."""
    is_checkout = not (PACKAGE / "lambda_src").is_dir()
    return CHECKOUT / "build" if is_checkout else user_cache_path("protected-stream")
