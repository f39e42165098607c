"""Work for all processors: an account is a process's, so many accounts need many processes."""

import gc
import multiprocessing
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def processes() -> ProcessPoolExecutor:
    """A fresh process for each processor."""
    return ProcessPoolExecutor(
        os.cpu_count(),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
    )


def _begin() -> None:
    """Other tests come first; and an account makes much garbage at once and little later."""
    os.nice(19)
    gc.set_threshold(100_000, 20, 20)


def in_processes(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """The results in the items' order; what `work` raises is raised here."""
    with processes() as pool:
        return list(pool.map(work, items))
