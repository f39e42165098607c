"""What a step notes while it is tried, and what it asks the operator."""

from dataclasses import dataclass, field
from typing import Literal, Protocol

from protected_stream.operator.clock import Report
from protected_stream.rehearsal.evidence import Look

Answer = Literal["yes", "no", "not looked"]


class Bad(Exception):
    """AWS did otherwise than was assumed; the text says what."""


class NotTried(Exception):
    """The step shows nothing; the text says why."""


class Operator(Protocol):
    """The person who rehearses; without a terminal, nobody."""

    def agrees(self, question: str) -> bool:
        """Whether to go on with what costs something."""

    def waits_for(self, sentence: str) -> None:
        """What the operator must do before the step goes on."""

    def sees(self, question: str) -> Answer:
        """What only eyes can see."""

    def other_cidr(self, present: str) -> str:
        """Another value of InputCidr that has the encoder's address; empty for none."""


@dataclass(kw_only=True)
class Notes:
    """The messages and looks of one step."""

    operator: Operator
    report: Report
    messages: list[str] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)

    def add(self, message: str) -> None:
        """Notes a message, and shows it."""
        self.messages.append(message)
        self.report(message)

    def look(self, question: str) -> Answer:
        """Asks the operator, and notes the answer."""
        answer = self.operator.sees(question)
        self.looks.append(Look(question=question, answer=answer))
        return answer

    @property
    def unseen(self) -> list[str]:
        """The questions whose answer is no."""
        return [one.question for one in self.looks if one.answer == "no"]
