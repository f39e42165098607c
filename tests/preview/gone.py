"""Processes that end by themselves."""

import time
from pathlib import Path

PATIENCE = 5  # seconds


def is_soon_gone(pid: int) -> bool:
    """Whether the process ends within a few seconds."""
    end = time.monotonic() + PATIENCE
    while Path(f"/proc/{pid}").exists() and time.monotonic() < end:
        time.sleep(0.01)
    return not Path(f"/proc/{pid}").exists()
