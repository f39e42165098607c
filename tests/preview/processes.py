"""Work for all processors: an account is a process's, so many accounts need many processes."""

import multiprocessing
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def in_processes(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """The results in the items' order; what `work` raises is raised here."""
    fresh = multiprocessing.get_context("spawn")
    # one more than there are processors: each waits now and then for its own processes
    with ProcessPoolExecutor((os.cpu_count() or 1) + 1, mp_context=fresh) as processes:
        return list(processes.map(work, items))
