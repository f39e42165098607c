"""What runs in a function's own process: Lambda's runtime client, in the preview's time.

Started as a script, with the handler as its argument; the environment is the function's.
"""

import os
import sys
import threading
import time
from pathlib import Path

from skipped_time import SkippedTime  # type: ignore[import-not-found]  # this script's neighbour


def _follow(clock_file: Path) -> None:
    """Makes `time` tell the preview's time: this machine's and what was skipped, by sleep too."""
    skipped = SkippedTime(clock_file)
    this_machine = time.time
    time.time = lambda: this_machine() + skipped.seconds()
    time.time_ns = lambda: int(time.time() * 1_000_000_000)
    time.sleep = skipped.add


def _end_with_the_preview() -> None:
    """Ends this process when the other end of its standard input is gone, however it went.

    The signal that Linux can send at a parent's death (prctl) comes when the parent's thread ends.
    """
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    sys.path.pop(0)  # the preview's own folder: the function's packages come first
    threading.Thread(target=_end_with_the_preview, daemon=True).start()
    _follow(Path(os.environ["PREVIEW_CLOCK"]))
    from awslambdaric.__main__ import main

    main(sys.argv)  # type: ignore[no-untyped-call]  # awslambdaric has no types
