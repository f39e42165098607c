"""Receiver: listens on this machine for an encoder that pushes, as a MediaLive input does."""

import math
import os
import select
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

from preview.encoder.binaries import last_line, live_footage
from preview.encoder.relay import Relay
from preview.encoder.source import Footage
from preview.errors import Rejected
from preview.local.supervised_process import SupervisedProcess

CHUNK = 65_536
READABLE_BY_OWNER = 0o600
PAUSE_SECONDS = 1.0
"""Time until it listens again if ffmpeg exits at once, for example if the port is in use."""
LOOK_SECONDS = 0.2
"""How often it looks whether it is closed."""
SILENT_SECONDS = 3.0
"""A push has ended after this time without data: RTP has no other end."""
REFUSED = ("Unexpected stream", "App field don't match")
"""What ffmpeg's RTMP server logs about another stream key or application; it goes on regardless."""


class Receiver:
    """Takes one push after another until it is closed."""

    def __init__(
        self,
        listening: tuple[str, ...],
        *,
        admit: Callable[[], None],
        folder: Path,
        say: Callable[[str], None],
    ) -> None:
        """Begins to listen.

        Args:
            listening: ffmpeg's options for the input that it waits for.
            admit: raises Rejected if the input's security group does not allow this machine.
            folder: an existing folder for ffmpeg's log.
            say: prints a line when a push arrives, is refused, or ends.
        """
        quick = ("-analyzeduration", "1000000")  # microseconds
        self._command = ("ffmpeg", "-hide_banner", "-nostdin", "-nostats", *quick, *listening)
        self._log, self._say, self._admit = folder / "push.log", say, admit
        self._log.touch(READABLE_BY_OWNER)  # ffmpeg writes URLs with passphrases
        self._last_failure = ""
        self._relay: Relay | None = None
        self._closed = threading.Event()
        self._receiving = threading.Thread(target=self._receive, daemon=True)
        self._receiving.start()

    @property
    def address(self) -> str | None:
        """The URL on this machine of what an encoder pushes now; None while none does."""
        relay = self._relay
        return relay.address if relay else None

    def footage(self) -> Footage | None:
        """What an encoder pushes now."""
        address = self.address
        return live_footage(address) if address else None

    def close(self) -> None:
        """Stops listening and ends a push."""
        self._closed.set()
        self._receiving.join()

    def _receive(self) -> None:
        while not self._closed.is_set():
            with self._log.open("wb") as log:
                process = SupervisedProcess(
                    [*self._command, "-map", "0", "-c", "copy", "-f", "mpegts", "-"],
                    stdout=subprocess.PIPE,
                    stderr=log,
                )
                try:
                    has_received = self._passed_on(process)
                finally:
                    process.stop(grace_seconds=0)
            if not has_received and not self._closed.is_set():
                self._say_once(f"push     nobody can push: {last_line(self._log)}")
                self._closed.wait(PAUSE_SECONDS)

    def _say_once(self, line: str) -> None:
        """Says it unless that was the last thing that went wrong: it tries again and again."""
        if line != self._last_failure:
            self._say(line)
        self._last_failure = line

    def _passed_on(self, process: SupervisedProcess) -> bool:
        """Relays what the process receives until it ends; whether it received anything.

        When the first bytes come, ffmpeg has logged whether the stream key is another one.
        """
        chunk = self._read(process)
        if not chunk:
            return False
        if obstacle := self._obstacle():
            self._say(f"push     refused: {obstacle}")
            return True
        with Relay() as relay:
            self._relay = relay
            self._say("push     has begun")
            while chunk:
                relay.send(chunk)
                chunk = self._read(process, SILENT_SECONDS)
            self._relay = None
        self._say("push     has ended; viewers see black until the next one")
        return True

    def _obstacle(self) -> str:
        """Why the input does not take the push; empty if it does."""
        text = self._log.read_text("utf-8", errors="replace")
        if any(sign in text for sign in REFUSED):
            return "another stream key or application"
        try:
            self._admit()
        except Rejected as refusal:
            return str(refusal)
        return ""

    def _read(self, process: SupervisedProcess, seconds: float = math.inf) -> bytes:
        """What has come; nothing if it has ended, or after some seconds without anything."""
        if process.stdout is None:
            return b""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self._closed.is_set():
            if select.select([process.stdout], [], [], LOOK_SECONDS)[0]:
                return os.read(process.stdout.fileno(), CHUNK)
        return b""
