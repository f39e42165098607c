"""Scenario for a template: problems with the channel guard."""

from collections.abc import Mapping
from typing import Any

from preview.account import Account
from preview.cloudformation.stack import Stack
from preview.errors import Rejected
from preview.services.aws.policies import Access, granted
from preview.services.media import START_SECONDS, STOP_SECONDS
from tests.preview.operator import start_channel, stop_channel, today
from tests.preview.scenario_grants import granted_to
from tests.preview.violation import Violation

LOOK = 15 * 60
ANOTHER_CHANNEL = "arn:aws:medialive:us-east-1:123456789012:channel:7654321"
NEARLY_TOO_LONG = 12 * 3600 - LOOK - 300


def look_for_runaways(account: Account, stack: Stack) -> None:
    """A channel that has been on air for two days is stopped, as it was forgotten."""
    account.events.pass_time(LOOK)
    account.events.pass_time(STOP_SECONDS)
    expect(account, stack, "IDLE")


def keep_on_air(
    account: Account,
    stack: Stack,
    template: Mapping[str, Any],
    given: Mapping[str, str],
    late: str,
) -> None:
    """A running channel stops only on request, and not before its time limit."""
    _look_for_strangers(account, given)
    _look_for_other_channels(account)
    start_channel(account, stack.outputs["ChannelId"])
    other = {**given, "StreamKey": "another-key-for-tests"}
    refusal = f"channel {stack.outputs['ChannelId']} is on air; stop it first, or deploy with"
    try:
        stack.deploy(template, other, late=late)
    except Rejected as refused:
        if refusal not in str(refused):
            raise
    else:
        raise Violation("a running channel was updated")
    expect(account, stack, "RUNNING")
    stack.deploy(template, {**other, "StopChannelToUpdate": today(account)}, late=late)
    account.events.pass_time(START_SECONDS)
    expect(account, stack, "RUNNING")
    # the schedule notices that it runs, even if no event has reported it
    account.events.pass_time(LOOK)
    account.clock.skip(NEARLY_TOO_LONG)
    account.events.pass_time(0)
    stop_channel(account, stack.outputs["ChannelId"])
    start_channel(account, stack.outputs["ChannelId"])
    account.events.pass_time(3 * LOOK)
    expect(account, stack, "RUNNING")


def _look_for_other_channels(account: Account) -> None:
    """The guard may not start or stop a channel of another stack."""
    for name, policies in granted_to(account).items():
        for action in ("medialive:StartChannel", "medialive:StopChannel"):
            for tags in ({}, {"aws:ResourceTag/guarded-by": f"{account.stack.arn}0"}):
                access = Access(action=action, resource=ANOTHER_CHANNEL, context=tags)
                if granted(policies, access):
                    raise Violation(f"{name} may {action} of another stack")


def _look_for_strangers(account: Account, given: Mapping[str, str]) -> None:
    """The guard references everything that the channel and its inputs depend on."""
    guards = account.resources.of_type("Custom::ChannelGuard")
    known = [value for guard in guards for value in guard.properties["References"]]
    guarded = [
        *account.resources.of_type("AWS::MediaLive::Channel"),
        *account.resources.of_type("AWS::MediaLive::Input"),
    ]
    own = {one.logical_id for one in guarded} | {guard.logical_id for guard in guards}
    for name in {name for one in guarded for name in one.needs} - own:
        there = account.resources.by_logical_id.get(name)
        values = [there.ref, *there.attributes.values()] if there else [given.get(name)]
        if not name.startswith("AWS::") and not any(value in known for value in values):
            raise Violation(f"the guard does not know {name}")


def expect(account: Account, stack: Stack, state: str) -> None:
    """Checks that the channel is in a state."""
    found = account.media.state(stack.outputs["ChannelId"])
    if found != state:
        raise Violation(f"the channel is {found}, not {state}")
