"""Lambda function process: runs Lambda's runtime client, with the preview's clock.

It is started as a script, with the handler as its argument and the function's environment, or
`fork_server.py` forks the process and sets up the same.
"""

import os
import sys
import threading
import time
from pathlib import Path

from skipped_time import SkippedTime  # type: ignore[import-not-found]  # in this script's folder


class PreviewTime:
    """Patches `time` to the preview's time: this machine's plus skipped time, including sleep.

    Created before importing modules that keep references to functions of `time`.
    """

    def __init__(self) -> None:
        self._skipped: SkippedTime | None = None
        self._this_machine, self._real_sleep = time.time, time.sleep
        time.time = self._time
        time.time_ns = lambda: int(self._time() * 1_000_000_000)
        time.sleep = self._sleep  # type: ignore[assignment]  # numbers like int, too

    def follow(self, clock_file: Path) -> None:
        """Uses the clock file from now on; until then, it is this machine's time."""
        self._skipped = SkippedTime(clock_file)

    def _time(self) -> float:
        now = self._this_machine()
        return now if self._skipped is None else float(now + self._skipped.seconds())

    def _sleep(self, seconds: float, /) -> None:
        if self._skipped is None:
            self._real_sleep(seconds)
        else:
            self._skipped.add(seconds)


def _end_with_the_preview() -> None:
    """Ends this process when the other end of its standard input closes, for any reason.

    Linux's parent death signal (prctl) would already come when the parent's thread ends.
    """
    sys.stdin.buffer.read()
    os._exit(0)


def run(preview_time: PreviewTime) -> None:
    """Handles events until the process is stopped."""
    threading.Thread(target=_end_with_the_preview, daemon=True).start()
    preview_time.follow(Path(os.environ["PREVIEW_CLOCK"]))
    from awslambdaric.__main__ import main  # noqa: PLC0415 - after patching `time`

    main(sys.argv)  # type: ignore[no-untyped-call]  # awslambdaric has no types


if __name__ == "__main__":
    sys.path.pop(0)  # the preview's own folder: the function's packages come first
    run(PreviewTime())
