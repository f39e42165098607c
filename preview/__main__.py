"""`python -m preview build/template.json [Name=Value ...]`: the stream on this machine."""

import signal
import sys
from collections.abc import Sequence

from preview.cli.options import options
from preview.cli.session import run
from preview.errors import PreviewError


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the preview until it is ended; 0 when it ran, 1 when something kept it from running."""
    asked = options(arguments)
    # SIGINT, too: a shell starts what it puts in the background with it ignored
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        run(asked, _write)
    except PreviewError as refusal:
        print(f"preview: {refusal}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nThe preview is gone.", flush=True)
    return 0


def _write(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
