"""docs/operator-policy.json allows what the commands call, and no more."""

import json
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any

import pytest

from protected_stream.cli.exit_status import CLEAN
from tests.conftest import CHECKOUT
from tests.unit.operator.running_stream.conftest import Deployed

COMMANDS = (
    *("start", "stop --yes", "rotate", "revoke --yes", "logs", "viewers list"),
    *("viewers invite a@example.com --group subscribers", "viewers disable a@example.com"),
)
WITHOUT_PERMISSION = {"sts:GetCallerIdentity"}
"""What everybody may call. Source: AWS STS API Reference, GetCallerIdentity."""
ONLY_FOR_DESTROY = {"pricingplanmanager:ListSubscriptions"}
"""What deploying does not need either."""

ONLY_FOR_VERIFY = {"cloudfront:GetDistributionConfig", "cloudfront:GetKeyGroup"}
"""What `verify` calls besides; its visits are tested in tests/preview/test_verify.py."""


def policy(name: str) -> Mapping[str, Any]:
    """A policy of the documentation."""
    return dict(json.loads((CHECKOUT / "docs" / f"{name}.json").read_text("utf-8")))


def actions(name: str) -> list[str]:
    """The actions that it allows."""
    return [action for one in policy(name)["Statement"] for action in one["Action"]]


@pytest.fixture
def called(deploy: Callable[..., Deployed]) -> set[str]:
    """What all commands call but `destroy`."""
    live = deploy("subscribers")
    for command in COMMANDS:
        assert live.run(command).status == CLEAN
    live.stream.is_on_air()
    assert live.run("status").status == CLEAN
    watched = deploy("alarms")
    assert watched.run("status").status == CLEAN
    return {*live.aws.actions, *watched.aws.actions} - WITHOUT_PERMISSION


def test_it_allows_what_the_commands_call_and_no_more(called: set[str]) -> None:
    assert set(actions("operator-policy")) == called | ONLY_FOR_DESTROY | ONLY_FOR_VERIFY


def test_with_the_deployer_s_it_allows_to_destroy(deploy: Callable[..., Deployed]) -> None:
    deployed = deploy()
    deployed.stream.is_on_air()
    assert deployed.run("destroy --yes").status == CLEAN
    assert {*deployed.aws.actions} >= ONLY_FOR_DESTROY
    allowed = [*actions("operator-policy"), *actions("deployer-policy")]
    assert {
        action
        for action in deployed.aws.actions
        if not any(fnmatchcase(action.lower(), pattern.lower()) for pattern in allowed)
    } == WITHOUT_PERMISSION
