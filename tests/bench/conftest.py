"""Reuses the browser tests' fixtures."""

# ruff: noqa: F401 - pytest finds fixtures in a conftest's names
from tests.browser.conftest import (
    _programs,
    browser,
    folder,
    member,
    playwright,
    preview,
    viewer,
    window,
)
