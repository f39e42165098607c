"""Each command with each failure: one sentence, its exit status, and nothing changed unasked."""

from collections.abc import Callable
from typing import NoReturn

import pytest

from protected_stream.cli.exit_status import AWS_REFUSED, CLEAN, INTERRUPTED
from tests.unit.operator.running_stream.aws import have_no_credentials, lose_network, refuse
from tests.unit.operator.running_stream.conftest import Deployed

LOOKS = ("status", "outputs", "logs", "viewers list")
COMMANDS = (
    *LOOKS,
    *("start", "stop --yes", "destroy --yes", "rotate", "revoke --yes"),
    *("viewers invite a@example.com", "viewers disable b@example.com"),
)
CHANGES = (
    *("medialive:StartChannel", "medialive:StopChannel", "cloudformation:DeleteStack"),
    *("secretsmanager:RotateSecret", "lambda:InvokeFunction"),
    *("cognito-idp:AdminCreateUser", "cognito-idp:AdminDisableUser"),
)
FAILURES: dict[str, tuple[Callable[[], NoReturn], str]] = {
    "denied": (refuse("AccessDeniedException", "no permission"), "no permission"),
    "throttled": (refuse("ThrottlingException", "Rate exceeded"), "wait a minute and try again"),
    "expired": (refuse("ExpiredToken", "expired"), "sign in again"),
    "no network": (lose_network, "Check the network connection"),
    "no credentials": (have_no_credentials, "there are no AWS credentials"),
}
NOT_NEEDED = {("destroy --yes", "pricingplanmanager:ListSubscriptions")}
"""What a command does without, and says so."""


def prepared(deployed: Deployed, command: str) -> Deployed:
    """The stream in the state that the command is for."""
    deployed.stream.add_viewer("b@example.com")
    if command != "start":
        deployed.stream.is_on_air()
    return deployed


@pytest.mark.parametrize("command", COMMANDS)
def test_a_failure_of_any_call_is_one_sentence(
    deploy: Callable[..., Deployed], command: str
) -> None:
    clean = prepared(deploy(), command)
    assert clean.run(command).status == CLEAN
    actions = [*dict.fromkeys(clean.aws.actions)]
    # each call once, with one failure after the other
    names = [*FAILURES, *["denied"] * len(actions)]
    for action, name in zip(actions, names, strict=False):
        failure, sentence = FAILURES[name]
        deployed = prepared(deploy(), command)
        deployed.aws.failures[action] = failure
        said = deployed.run(command)
        expected = CLEAN if (command, action) in NOT_NEEDED else AWS_REFUSED
        assert said.status == expected, action
        assert sentence in said.err, action
        assert "Traceback" not in said.err
        assert (said.out == "") == (expected == AWS_REFUSED), action


@pytest.mark.parametrize("command", COMMANDS)
def test_ctrl_c_before_a_change_changes_nothing(
    deploy: Callable[..., Deployed], command: str
) -> None:
    clean = prepared(deploy(), command)
    clean.run(command)
    changes = [number for number, action in enumerate(clean.aws.actions) if action in CHANGES]
    assert bool(changes) == (command not in LOOKS and command != "outputs")
    for number in range(1, changes[0] if changes else len(clean.aws.actions)):
        deployed = prepared(deploy(), command)
        deployed.aws.interrupted_at = number
        said = deployed.run(command)
        assert said.status == INTERRUPTED
        assert said.err.splitlines()[-1].startswith("Interrupted.")
        assert not {*CHANGES} & {*deployed.aws.actions}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_stack_that_is_missing_is_named(live: Deployed, command: str) -> None:
    live.stream.status = "DELETE_COMPLETE"
    said = live.run(command)
    assert said.status == AWS_REFUSED
    assert "There is no stack live in account 111122223333, Region us-east-1." in said.err


@pytest.mark.parametrize("command", COMMANDS)
def test_a_stack_without_its_resources_is_no_crash(live: Deployed, command: str) -> None:
    """Its creation has failed, so there is nothing in it, and it has no outputs."""
    live.stream.status = "ROLLBACK_COMPLETE"
    live.stream.physical_ids = dict.fromkeys(live.stream.physical_ids, "")
    said = live.run(command)
    assert said.status in (CLEAN, AWS_REFUSED)
    assert said.err.count("\n") >= 1
