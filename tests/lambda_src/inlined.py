"""A function's code as the template holds it, as a module."""

import types

from protected_stream.lambda_code.inline import inline_code


def inlined(folder: str) -> types.ModuleType:
    """The one file that stands for `lambda_src/<folder>/app.py`."""
    module = types.ModuleType(f"{folder}_inlined")
    exec(compile(inline_code(folder).text, f"{folder}.index", "exec"), module.__dict__)  # noqa: S102 - our own code
    return module
