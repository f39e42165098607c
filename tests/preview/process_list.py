"""Processes on this machine."""

import subprocess
import time
from pathlib import Path


def running(words: str) -> dict[int, str]:
    """Command lines that contain these words, by process ID, without zombies."""
    command = ("ps", "-A", "-ww", "-o", "pid=,stat=,args=")
    listed = subprocess.run(command, capture_output=True, check=True).stdout
    found = {}
    for line in listed.decode(errors="replace").splitlines():
        pid, state, arguments = line.split(maxsplit=2)
        if words in arguments and not state.startswith("Z"):
            found[int(pid)] = arguments
    return found


def soon_gone(words: str, seconds: float = 10) -> bool:
    """Whether all such processes end within `seconds`."""
    end = time.monotonic() + seconds
    while running(words):
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def is_soon_gone(pid: int, seconds: float = 10) -> bool:
    """The same for one process, whose parent has waited for it, so that it is not a zombie."""
    end = time.monotonic() + seconds
    while Path(f"/proc/{pid}").exists():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True
