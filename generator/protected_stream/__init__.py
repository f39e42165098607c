"""CloudFormation template generator for a protected live video stream.

from protected_stream import Stream, assemble
assemble(Stream()).to_json()
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from protected_stream.building import assemble, build
    from protected_stream.config import Stream
    from protected_stream.stack import Stack
    from protected_stream.template.section import Section

__all__ = ["Section", "Stack", "Stream", "assemble", "build"]

MODULES = {
    "Section": "template.section",
    "Stack": "stack",
    "Stream": "config",
    "assemble": "building",
    "build": "building",
}


def __getattr__(name: str) -> Any:
    """Imports a name of the package when it is first used (PEP 562).

    Commands for a deployed stack need neither Troposphere nor Pydantic, whose imports take long.
    """
    if name not in MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{MODULES[name]}"), name)
