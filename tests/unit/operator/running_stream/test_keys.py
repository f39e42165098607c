"""`protected-stream rotate` and `revoke`."""

import json
from collections.abc import Callable

import boto3
import pytest

from protected_stream.cli.exit_status import AWS_REFUSED, CLEAN, DECLINED, FINDINGS, INTERRUPTED
from protected_stream.operator import key_change
from protected_stream.operator.connection import Connection
from signing_key import app
from tests.conftest import CHECKOUT
from tests.unit.operator.running_stream.conftest import Deployed
from tests.unit.operator.running_stream.stream import FIRST_VERSION, NOW, SECOND_VERSION

ROTATE, INVOKE = "secretsmanager:RotateSecret", "lambda:InvokeFunction"
REASON = "The newest key K1 does not sign yet. Rotate again after 21:00."


def test_the_event_is_the_function_s() -> None:
    assert key_change.REVOKE == app.REVOKE


def test_a_rotation_is_waited_for_and_the_wait_is_explained(live: Deployed) -> None:
    said = live.run("rotate")
    assert said.status == CLEAN
    assert live.stream.stages[SECOND_VERSION] == ["AWSCURRENT"]
    # 40 seconds, the function's 10 minutes and 15 of grace
    assert "signs by 2026-11-30 20:25 UTC" in said.out
    assert "every edge location learns of it" in said.out


def test_a_rotation_that_is_refused_has_the_function_s_reason(live: Deployed) -> None:
    live.stream.after_rotation = {FIRST_VERSION: ["AWSCURRENT"]}
    reason = json.dumps({"event": "not done", "reason": REASON})
    line = json.dumps({"level": "ERROR", "message": reason})
    live.stream.logged = [
        ("SigningKeyFunctionLog", NOW - 60, "older"),
        *(
            ("SigningKeyFunctionLog", NOW + 20 + seconds, text)
            for seconds, text in enumerate((line, '{"type": "platform.report", "time": "now"}'))
        ),
    ]
    said = live.run("rotate")
    assert said.status == AWS_REFUSED
    assert "The key was not rotated" in said.err
    assert REASON in said.err


def test_a_rotation_that_has_not_ended_is_continued(live: Deployed) -> None:
    live.stream.stages = {FIRST_VERSION: ["AWSCURRENT"], SECOND_VERSION: ["AWSPENDING"]}
    live.stream.rotates_at = [(live.stream.time + 60, live.stream.after_rotation)]
    said = live.run("rotate")
    assert said.status == CLEAN
    assert "Secrets Manager continues it" in said.err


def test_a_rotation_that_never_ends_is_given_up(live: Deployed) -> None:
    live.stream.after_rotation = {FIRST_VERSION: ["AWSCURRENT"], SECOND_VERSION: ["AWSPENDING"]}
    said = live.run("rotate")
    assert said.status == AWS_REFUSED
    assert "has not ended after 20 minutes" in said.err


def test_ctrl_c_does_not_end_a_rotation(live: Deployed) -> None:
    live.run("rotate")
    at = live.aws.actions.index(ROTATE) + 2
    live.stream.stages, live.stream.rotates_at = {FIRST_VERSION: ["AWSCURRENT"]}, []
    live.aws.calls.clear()
    live.aws.interrupted_at = at
    said = live.run("rotate")
    assert said.status == INTERRUPTED
    assert "goes on at AWS" in said.err


def test_a_revocation_asks_first(live: Deployed) -> None:
    said = live.run("revoke")
    assert said.status == DECLINED
    assert "Every viewer gets 403" in said.err
    assert INVOKE not in live.aws.actions


def test_a_revocation_says_what_the_function_says(live: Deployed) -> None:
    said = live.run("revoke --yes")
    assert said.status == CLEAN
    assert "The key K2 signs from now on." in said.out
    (asked,) = [asked for action, asked in live.aws.calls if action == INVOKE]
    assert asked["FunctionName"] == live.stream.physical_ids["SigningKeyFunction"]


def test_the_request_of_a_revocation_is_not_repeated() -> None:
    """Each one makes another key, and the function runs for up to ten minutes."""
    session = boto3.Session("test", "test", region_name="us-east-1")
    connection = Connection(session=session, account="111122223333", region="us-east-1")
    config = connection.client("lambda", answers_within=630).meta.config
    assert config.retries["total_max_attempts"] == 1
    assert (config.read_timeout, config.connect_timeout) == (630, 10)


def test_a_revocation_that_fails_is_repeated_by_hand(live: Deployed) -> None:
    live.stream.answer_of_function = {"errorMessage": "CloudFront throttles.", "errorType": "No"}
    said = live.run("revoke --yes")
    assert said.status == AWS_REFUSED
    assert "CloudFront throttles. Run this command again." in said.err


@pytest.mark.parametrize("command", ["rotate", "revoke --yes"])
@pytest.mark.parametrize(
    ("example", "part"),
    [
        ("kms", "generations"),
        ("supplied", "PrivateKeyString"),
        ("trusted-signer", "root user"),
        ("ecdsa", None),
        ("mode-change", None),
    ],
)
def test_other_modes_have_steps(
    deploy: Callable[..., Deployed], example: str, part: str | None, command: str
) -> None:
    deployed = deploy(example)
    said = deployed.run(command)
    assert said.status == (FINDINGS if part else CLEAN)
    assert (part or "") in said.out
    assert bool(part) != bool({ROTATE, INVOKE} & {*deployed.aws.actions})


def test_the_waits_are_those_of_the_documentation(deploy: Callable[..., Deployed]) -> None:
    text = (CHECKOUT / "docs" / "keys.md").read_text("utf-8")
    for example, minutes in (("kms", 80), ("supplied", 125)):
        assert f"{minutes} minutes" in text
        assert f"Wait {minutes} minutes" in deploy(example).run("rotate").out
