"""`python -m preview build/template.json [Name=Value ...]`: the stream on this machine."""

import signal
import sys
from collections.abc import Sequence

from preview.cli.options import options
from preview.cli.session import run
from preview.errors import PreviewError


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the preview until the operator ends it; 0 if it ran, 1 if it could not run."""
    asked = options(arguments)
    # SIGINT, too: a shell starts background processes with SIGINT ignored
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        run(asked, _write)
    except PreviewError as refusal:
        print(f"preview: {refusal}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nThe preview has ended.", flush=True)
    return 0


def _write(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
