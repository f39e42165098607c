"""Inline Lambda code from the template, as a module."""

import functools
import types

from protected_stream.lambda_code.inline import inline_code


def inlined(folder: str) -> types.ModuleType:
    """The single file generated from `lambda_src/<folder>/app.py`."""
    module = types.ModuleType(f"{folder}_inlined")
    exec(_compiled(folder), module.__dict__)  # noqa: S102 - our own code
    return module


@functools.cache
def _compiled(folder: str) -> types.CodeType:
    return compile(inline_code(folder).text, f"{folder}.index", "exec")
