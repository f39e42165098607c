"""Evidence of a rehearsal: what each step showed, in a file that others may read."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from protected_stream.files import write_atomically
from protected_stream.rehearsal.scrub import Scrub

State = Literal["good", "bad", "not tried"]
NOT_YET = "the rehearsal has not come to it"
CHANNEL_UNKNOWN = "the rehearsal has not ended"


@dataclass(frozen=True, kw_only=True)
class Look:
    """What the operator was asked to look at."""

    question: str
    answer: Literal["yes", "no", "not looked"]


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a step showed."""

    step: str
    """Its ID."""
    title: str
    state: State
    reason: str = ""
    """Why it was not tried."""
    doubt: str = ""
    """The ID of what AWS does otherwise, if it is one that the table knows."""
    messages: Sequence[str] = ()
    looks: Sequence[Look] = ()
    seconds: int = 0


@dataclass(kw_only=True)
class Evidence:
    """The file, which is written again after each step."""

    path: Path
    date: str
    """ISO 8601, of the beginning."""
    region: str
    version: str
    """Of protected-stream."""
    scrub: Scrub
    channel: str = CHANNEL_UNKNOWN
    """How the channel was left."""
    _results: dict[str, Result] = field(default_factory=dict)

    def begin(self, steps: Sequence[tuple[str, str]]) -> None:
        """Writes the file, with steps that are not tried yet.

        Args:
            steps: ID and title of each.

        Raises:
            OSError: it cannot be written.
        """
        for step, title in steps:
            self._results[step] = Result(step=step, title=title, state="not tried", reason=NOT_YET)
        self._write()

    def add(self, result: Result) -> None:
        """Writes a step's result, without what is secret.

        Raises:
            OSError: it cannot be written.
        """
        clean = Result(
            **{
                **vars(result),
                "reason": self.scrub(result.reason),
                "messages": tuple(map(self.scrub, result.messages)),
                "looks": tuple(
                    Look(question=self.scrub(one.question), answer=one.answer)
                    for one in result.looks
                ),
            }
        )
        self._results[result.step] = clean
        self._write()

    def end(self, channel: str) -> None:
        """Writes how the channel was left.

        Raises:
            OSError: it cannot be written.
        """
        self.channel = self.scrub(channel)
        self._write()

    def result(self, step: str) -> Result:
        """What the step of that ID showed."""
        return self._results[step]

    @property
    def results(self) -> list[Result]:
        """Of all steps, in their order."""
        return list(self._results.values())

    def data(self) -> dict[str, Any]:
        """The file's content."""
        return {
            "date": self.date,
            "region": self.region,
            "version": self.version,
            "channel": self.channel,
            "steps": [asdict(one) for one in self.results],
        }

    def _write(self) -> None:
        text = json.dumps(self.data(), indent=2, ensure_ascii=False) + "\n"
        write_atomically(self.path, text.encode())
