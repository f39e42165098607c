"""Each doubt of the table, with an account in which AWS does otherwise."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import pytest

from protected_stream.cli.exit_status import FINDINGS
from protected_stream.rehearsal.steps import STEPS
from tests.unit.rehearsal.account import RehearsalAccount
from tests.unit.rehearsal.conftest import Rehearsal, change_sets

IN_USE = "Resource is still being used (Service: MediaLive, Status Code: 409)"


class Otherwise(NamedTuple):
    """What AWS, or the operator, does otherwise."""

    prepare: Callable[[RehearsalAccount], object]
    message: str
    """What is written, besides the doubt."""
    last: str = ""
    """The channel's state in the end, or of no stack."""


def _refuses(account: RehearsalAccount) -> None:
    account.refuses = "Encountered unsupported property ChannelEngineVersion"


def _not_verified(account: RehearsalAccount) -> None:
    account.fails_at = (
        "Distribution:Your account must be verified before you can add new CloudFront resources."
    )


def _rolled_back(account: RehearsalAccount) -> None:
    account.fails_at = "PackagerChannel:Quota of channels exceeded"


def _falls_back(account: RehearsalAccount) -> None:
    account.falls_back, account.alerts = True, ["Role Not Assumed"]


def _alerts(account: RehearsalAccount) -> None:
    account.alerts = ["Input Loss"]


def _not_seen(part: str) -> Callable[[RehearsalAccount], None]:
    def prepare(account: RehearsalAccount) -> None:
        account.unseen = (part,)

    return prepare


def _stopped_by(name: str) -> Callable[[RehearsalAccount], None]:
    """The guard stops the channel for a change of this parameter."""

    def prepare(account: RehearsalAccount) -> None:
        def execution(changed: Mapping[str, str]) -> str:
            if changed.get(name, "No") != "No":
                account.stop_for_update()
            return ""

        account.before_execution = execution

    return prepare


def _refused_for(name: str) -> Callable[[RehearsalAccount], None]:
    def prepare(account: RehearsalAccount) -> None:
        account.before_execution = lambda changed: f"{name} cannot change" * (name in changed)

    return prepare


def _deletions_fail(*reasons: str) -> Callable[[RehearsalAccount], None]:
    def prepare(account: RehearsalAccount) -> None:
        account.deletions = [*reasons]

    return prepare


OTHERWISE: Mapping[str, list[Otherwise]] = {
    "unknown-property": [Otherwise(_refuses, "unsupported property ChannelEngineVersion")],
    "account-not-verified": [Otherwise(_not_verified, "Your account must be verified")],
    "rolled-back": [Otherwise(_rolled_back, "Quota of channels exceeded")],
    "idle-again": [Otherwise(_falls_back, "MediaLive alerted: pipeline 0: Role Not Assumed")],
    "alerts": [Otherwise(_alerts, "pipeline 0: Input Loss")],
    "not-received": [Otherwise(_not_seen("Does the page play ("), "The answer was no")],
    "secrets-compared": [
        Otherwise(_stopped_by("StopChannelToUpdate"), "StopChannelToUpdate is No again."),
        Otherwise(_refused_for("StopChannelToUpdate"), "StopChannelToUpdate cannot change"),
    ],
    "cidr-refused": [Otherwise(_refused_for("InputCidr"), "InputCidr cannot change")],
    "cidr-interrupts": [Otherwise(_stopped_by("InputCidr"), "it was IDLE")],
    "no-redundancy": [Otherwise(_not_seen("black frames"), "The answer was no")],
    "still-used": [Otherwise(_deletions_fail(IN_USE), "deleted at attempt 2")],
    "not-deleted": [Otherwise(_deletions_fail(*["Access denied"] * 3), "Access denied", "IDLE")],
}
CASES = [(doubt, one) for doubt, cases in OTHERWISE.items() for one in cases]


@pytest.mark.parametrize(("doubt", "otherwise"), CASES)
def test_what_aws_does_otherwise_is_bad_and_written_down(
    rehearse: Callable[..., Rehearsal], doubt: str, otherwise: Otherwise
) -> None:
    rehearsal = rehearse(terminal=True)
    otherwise.prepare(rehearsal.account)
    assert rehearsal.run() == FINDINGS, rehearsal.said
    (step,) = (one for one in STEPS if doubt in [each.id for each in one.doubts])
    written = rehearsal.step(step.id)
    assert (written["state"], written["doubt"]) == ("bad", doubt)
    assert otherwise.message in " ".join(written["messages"])
    meaning = next(one.meaning for one in step.doubts if one.id == doubt)
    assert meaning in rehearsal.said
    others = {one.id: rehearsal.states[one.id] for one in STEPS if one is not step}
    assert "bad" not in others.values(), others
    assert rehearsal.account.comes_to_rest() == otherwise.last
    started = [one.get("StartChannel", "No") for one in change_sets(rehearsal)]
    assert {*started} == {"No"}, "the parameters file says Yes"


def test_every_doubt_is_answered_otherwise() -> None:
    assert [*OTHERWISE] == [one.id for step in STEPS for one in step.doubts]
