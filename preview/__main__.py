"""`python -m preview build/template.json [Name=Value ...]`: the stream on this machine."""

import importlib
import signal
import sys
from collections.abc import Callable, Sequence
from typing import Any

from preview.cli.options import options
from preview.cli.terminal import Terminal
from preview.errors import PreviewError


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the preview until the operator ends it; 0 if it ran, 1 if it could not run."""
    asked = options(arguments)
    # SIGINT, too: a shell starts background processes with SIGINT ignored
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        with Terminal() as terminal:
            _run("endpoint" if asked.endpoint else "session")(asked, terminal)
    except PreviewError as refusal:
        print(f"preview: {refusal}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nThe preview has ended.", flush=True)
    return 0


def _run(module: str) -> Callable[..., Any]:
    """A module's `run`; its dependencies may not be installed yet, unlike the help's.

    Raises:
        PreviewError: a package is not installed.
    """
    try:
        run: Callable[..., Any] = importlib.import_module(f"preview.cli.{module}").run
    except ModuleNotFoundError as missing:
        raise PreviewError(
            f"{missing.name} is not installed in this Python. Install it with: make preview; later,"
            " .venv/bin/python -m preview also works."
        ) from None
    return run


if __name__ == "__main__":
    sys.exit(main())
