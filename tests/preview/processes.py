"""Work for all processors: an account is a process's, so many accounts need many processes."""

import contextlib
import gc
import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def processes(*, behind: bool = False) -> ProcessPoolExecutor:
    """A fresh process for each processor; `behind` all other work, they take what it leaves."""
    return ProcessPoolExecutor(
        os.cpu_count(),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin_behind if behind else _begin,
    )


def _begin() -> None:
    """An account makes much garbage at once and little later."""
    gc.set_threshold(100_000, 20, 20)


def _begin_behind() -> None:
    os.nice(19)
    # Linux shares processors among sessions first, whatever is nice in them (sched(7), autogroup)
    os.setsid()
    with contextlib.suppress(FileNotFoundError, PermissionError):
        _be_nice_as_a_session()
    # out of reach of what ends the session that began it
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _begin()


def _be_nice_as_a_session() -> None:
    """For who is not root, the kernel takes one such wish in a tenth of a second, of anybody's."""
    for _ in range(100):
        try:
            Path("/proc/self/autogroup").write_text("19", "ascii")
        except BlockingIOError:
            time.sleep(0.1)
        else:
            return


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def in_processes(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """The results in the items' order; what `work` raises is raised here."""
    with processes() as pool:
        return list(pool.map(work, items))
