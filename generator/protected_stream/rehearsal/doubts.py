"""What AWS may do otherwise than this project assumes, and what that means: a table.

docs/first-deployment.md has the same sentences, and a test compares them.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple


class Doubt(NamedTuple):
    """Something that only AWS can settle."""

    id: str
    sign: str
    """A regular expression of what a message says then; empty for any message."""
    meaning: str
    """What it means, and what to do."""


CHECK = (
    Doubt(
        "unknown-property",
        "",
        "the reason names a resource type or property that this Region does not know.",
    ),
)
CREATE = (
    Doubt(
        "account-not-verified",
        "must be verified",
        "only AWS Support lifts this: open a case with the whole message.",
    ),
    Doubt("rolled-back", "deployment failed", 'see "If the creation fails" above.'),
)
ON_AIR = (
    Doubt(
        "idle-again",
        "has not started",
        "a channel that returns to `IDLE` could not assume its role or reach MediaPackage, which"
        " the alerts say.",
    ),
    Doubt(
        "alerts",
        "MediaLive alerts",
        "MediaLive runs, and complains; with `Input Loss`, the encoder does not reach it.",
    ),
    Doubt(
        "not-received",
        "page play",
        'a page that says "Not on air" while the channel runs means that MediaPackage gets nothing,'
        " or refuses CloudFront.",
    ),
)
DATE = (
    Doubt(
        "secrets-compared",
        "",
        "if the channel stops, or the update is refused, CloudFormation compares secret parameters"
        " differently than assumed. Change it back to `No` and deploy again.",
    ),
)
CIDR = (
    Doubt(
        "cidr-refused",
        "deployment failed",
        "MediaLive changes it only between shows; an update that fails is rolled back.",
    ),
    Doubt(
        "cidr-interrupts",
        "",
        "the change reaches the channel or its connections: change it only between shows.",
    ),
)
REDUNDANCY = (Doubt("no-redundancy", "", "the second pipeline is not worth its price yet."),)
DELETE = (
    Doubt(
        "still-used",
        "still being used|in use|at attempt",
        'if the input or its security group is "still being used", delete the stack again.',
    ),
    Doubt(
        "not-deleted",
        "",
        "the reason names what keeps it: remove that, and delete the stack again.",
    ),
)


def doubt_in(doubts: Sequence[Doubt], messages: Sequence[str]) -> Doubt | None:
    """The first doubt whose sign is in a message."""
    text = "\n".join(messages)
    return next((one for one in doubts if re.search(one.sign, text)), None)
