"""Somebody hears of functions that fail and of late shows, once, and of a calm hour nothing."""

import copy
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from preview.account import Account
from preview.cloudformation.providers.rotation import rotate
from preview.cloudformation.stack import Stack
from preview.errors import NotSupported, Rejected
from preview.resource import Resource
from preview.services.aws.aws import Call
from preview.services.aws.aws_error import AwsError
from preview.services.functions.function import FunctionError
from preview.services.media import START_SECONDS
from protected_stream import Stream, assemble
from protected_stream.template.emit import document
from tests.lambda_src.cookies.stream import ACCESS_CLAIMS, event
from tests.preview.operator import (
    ENCODER,
    PARAMETERS,
    copy_code,
    deployed,
    start_channel,
    stop_channel,
    today,
)
from tests.preview.scenario_given import given
from tests.preview.scenario_grants import granted_to, look_for_denials, look_for_unused

PARAMETERS_WITH_ALARMS = {**PARAMETERS, "AlarmEmail": "operator@example.com"}
MINUTE, HOUR = 60, 3600
ROTATION = "AWS::SecretsManager::RotationSchedule"
Template = dict[str, Any]


@pytest.fixture(scope="module")
def template() -> Template:
    return document(assemble(Stream.model_validate({"alarms": {}})))


@pytest.fixture
def account(built: Path) -> Iterator[Account]:
    with Account() as account:
        copy_code(account, built)
        yield account


@pytest.fixture
def stack(account: Account, template: Template) -> Stack:
    return deployed(account, template, PARAMETERS_WITH_ALARMS)


def _refusing(action: str) -> Callable[[Call], None]:
    def refuse(call: Call) -> None:
        if call.action == action:
            raise AwsError("InternalServerErrorException", 500)

    return refuse


def _heard(account: Account) -> list[str]:
    """The beginnings of the messages, up to the second colon."""
    return [":".join(one.text.split(":")[:2]) for one in account.notifications.sent]


def _send(account: Account) -> None:
    """Sends to every input, now and later."""
    for input_ in account.resources.of_type("AWS::MediaLive::Input"):
        for url in input_.attributes["DestinationUrls"]:
            account.media.send(url, ENCODER)


def _stop(account: Account, stack: Stack, _: Template) -> None:
    stop_channel(account, stack.outputs["ChannelId"])


def _rotate(account: Account, *_: object) -> None:
    (schedule,) = account.resources.of_type(ROTATION)
    rotate(account, schedule)


def _update(account: Account, stack: Stack, template: Template) -> None:
    """The channel stops for it, and starts again."""
    asked = {"StreamKey": "another-key-for-tests", "StopChannelToUpdate": today(account)}
    stack.deploy(template, {**PARAMETERS_WITH_ALARMS, **asked})
    account.events.tell()
    assert "The MediaLive channel is STOPPED" in str(_heard(account))
    _send(account)


Happens = Callable[[Account, Stack, Template], None]
CALM: Mapping[str, Happens] = {
    "an hour on the air": lambda *_: None,
    "a stop": _stop,
    "a rotation": _rotate,
    "an update": _update,
}


@pytest.mark.parametrize("happens", CALM.values(), ids=CALM)
def test_what_goes_as_intended_is_silent(
    account: Account, stack: Stack, template: Template, happens: Happens
) -> None:
    _send(account)
    start_channel(account, stack.outputs["ChannelId"])
    account.events.pass_time(20 * MINUTE)
    happens(account, stack, template)
    account.events.pass_time(HOUR)
    alarms = [one for one in _heard(account) if one.startswith("ALARM")]
    assert (alarms, account.alarms.ringing(), account.events.lost) == ([], [], [])
    assert account.alarms.states


@pytest.mark.usefixtures("stack")
def test_a_guard_that_cannot_act_is_heard_once(account: Account) -> None:
    account.aws.before.append(_refusing("medialive:DescribeChannel"))
    account.events.pass_time(15 * MINUTE)
    begun = account.clock.now()
    account.events.pass_time(5 * MINUTE)
    assert _heard(account) == ["ALARM: AlarmChannelGuardFunction"]
    assert account.notifications.sent[0].at <= begun + 5 * MINUTE
    account.aws.before.clear()
    account.events.pass_time(HOUR)
    assert (len(account.notifications.sent), account.alarms.ringing()) == (1, [])


def test_a_rotation_that_fails_is_heard_once(account: Account, stack: Stack) -> None:
    account.aws.before.append(_refusing("cloudfront:CreatePublicKey"))
    (schedule,) = account.resources.of_type(ROTATION)
    with pytest.raises(FunctionError):
        rotate(account, schedule)
    account.events.pass_time(5 * MINUTE)
    assert _heard(account) == ["ALARM: AlarmSigningKeyFunction"]
    assert stack.outputs["AlarmTopicArn"] == account.notifications.sent[0].topic


def test_a_channel_that_goes_on_and_off_the_air_is_heard(account: Account, stack: Stack) -> None:
    start_channel(account, stack.outputs["ChannelId"])
    stop_channel(account, stack.outputs["ChannelId"])
    account.events.pass_time(1)
    assert [one.text.split(" since ")[0] for one in account.notifications.sent] == [
        "The MediaLive channel is RUNNING",
        "The MediaLive channel is STOPPED",
    ]


def test_a_channel_that_the_guard_stops_is_heard(account: Account, stack: Stack) -> None:
    """Its log line is counted by a metric filter."""
    start_channel(account, stack.outputs["ChannelId"])
    account.events.pass_time(12 * HOUR + 15 * MINUTE + START_SECONDS + 5 * MINUTE)
    assert "ALARM: AlarmStoppedByGuard" in _heard(account)


def _cookies(account: Account, token_use: str) -> int:
    """The status with which the function responds to a viewer who has such a token."""
    functions = account.resources.of_type("AWS::Lambda::Function")
    arn = next(one.attributes["Arn"] for one in functions if one.logical_id == "CookiesFunction")
    (client,) = account.resources.of_type("AWS::Cognito::UserPoolClient")
    claims = {**ACCESS_CLAIMS, "client_id": client.ref, "token_use": token_use}
    status: int = account.run(arn, event(claims=claims))["statusCode"]
    return status


@pytest.mark.usefixtures("stack")
def test_cookies_that_are_unavailable_are_heard_within_five_minutes(account: Account) -> None:
    """The function's own lines are counted."""
    assert _cookies(account, "access") == 200
    account.clock.skip(HOUR)  # longer than the function keeps the key
    account.aws.before.append(_refusing("secretsmanager:GetSecretValue"))
    for _ in range(5):
        assert _cookies(account, "access") == 503
        account.events.pass_time(MINUTE)
    assert _heard(account) == ["ALARM: AlarmNoCookies"]


@pytest.mark.usefixtures("stack")
def test_users_of_the_pool_who_are_refused_are_heard_if_they_are_many(account: Account) -> None:
    for count, heard in ((19, []), (20, ["ALARM: AlarmViewersRefused"])):
        for _ in range(count):
            assert _cookies(account, "id") == 403
        account.events.pass_time(6 * MINUTE)
        assert _heard(account) == heard


NOON = datetime(2027, 2, 1, 12, tzinfo=UTC)
SHOW = {
    "name": "show",
    "start": datetime(2027, 2, 1, 13, 10),  # noqa: DTZ001 - as in a stream file
    "end": datetime(2027, 2, 1, 15),  # noqa: DTZ001
}
"""The channel starts at 13:00."""
PLANNED = {"alarms": {}, "schedule": {"time_zone": "UTC", "shows": [SHOW]}}


def test_a_show_that_starts_and_stops_on_time_is_silent(account: Account) -> None:
    account.clock.skip(NOON.timestamp() - account.clock.now())
    deployed(account, document(assemble(Stream.model_validate(PLANNED))), PARAMETERS_WITH_ALARMS)
    _send(account)
    account.events.pass_time(4 * HOUR)
    assert [one.partition(" since ")[0] for one in _heard(account)] == [
        "The MediaLive channel is RUNNING",
        "The MediaLive channel is STOPPED",
    ]


def test_a_show_that_does_not_start_or_stop_on_time_is_heard(account: Account) -> None:
    """EventBridge Scheduler is refused until it gives up; the guard then makes up for it."""
    account.clock.skip(NOON.timestamp() - account.clock.now())
    deployed(account, document(assemble(Stream.model_validate(PLANNED))), PARAMETERS_WITH_ALARMS)
    for action, name in (("Start", "AlarmShowsStartedLate"), ("Stop", "AlarmShowsStoppedLate")):
        account.events.pass_time(HOUR - MINUTE)
        account.notifications.sent.clear()
        account.aws.before.append(_refusing(f"medialive:{action}Channel"))
        account.events.pass_time(11 * MINUTE)
        account.aws.before.clear()
        account.events.pass_time(20 * MINUTE)
        assert f"ALARM: {name}" in _heard(account)
        account.events.pass_time(30 * MINUTE)


DAY = 86_400
ROTATING = {
    "alarms": {},
    "signing": {"rotation_days": 1},
    # without a guard, days pass faster
    "packaging": {
        "mode": "existing",
        "origin": "s3",
        "media_path": "/live/*",
        "hls": "index.m3u8",
    },
}
TOO_OLD = "ALARM: AlarmKeyTooOld"


@pytest.fixture
def rotating(account: Account) -> Resource:
    """The schedule of a key that is rotated each day."""
    template = document(assemble(Stream.model_validate(ROTATING)))
    deployed(account, template, given(template))
    (schedule,) = account.resources.of_type(ROTATION)
    return schedule


@pytest.mark.usefixtures("rotating")
def test_days_on_which_the_key_rotates_are_silent(account: Account) -> None:
    """The function that tells the key's age may do what it does, and no more."""
    account.events.pass_time(6 * DAY)
    assert (_heard(account), account.alarms.ringing(), account.events.lost) == ([], [], [])
    look_for_denials(account)
    name = "SigningKeyAgeFunction"
    look_for_unused(account, {name: granted_to(account)[name]})


def test_a_rotation_that_never_begins_is_heard_once(account: Account, rotating: Resource) -> None:
    """Until the key is rotated: then the next look at its age is good."""
    account.events.timers.stop(f"rotation of {rotating.properties['SecretId']}")
    account.events.pass_time(3 * DAY - HOUR)
    assert _heard(account) == []
    begun = account.clock.now()
    account.events.pass_time(5 * DAY)
    assert _heard(account) == [TOO_OLD]
    assert account.alarms.ringing() == ["AlarmKeyTooOld"]
    assert account.notifications.sent[0].at <= begun + HOUR + 5 * MINUTE
    rotate(account, rotating)
    account.events.pass_time(DAY)
    assert (_heard(account), account.alarms.ringing()) == ([TOO_OLD], [])


def test_a_revoked_key_begins_a_new_age(account: Account, rotating: Resource) -> None:
    account.events.timers.stop(f"rotation of {rotating.properties['SecretId']}")
    account.events.pass_time(2 * DAY + HOUR)
    account.run(rotating.properties["RotationLambdaARN"], {"Act": "revoke every key"})
    account.events.pass_time(2 * DAY)
    assert _heard(account) == []
    account.events.pass_time(2 * DAY)
    assert _heard(account) == [TOO_OLD]


@pytest.mark.usefixtures("rotating")
def test_an_age_that_cannot_be_read_is_heard(account: Account) -> None:
    account.aws.before.append(_refusing("secretsmanager:ListSecretVersionIds"))
    account.events.pass_time(DAY + 5 * MINUTE)
    assert _heard(account) == ["ALARM: AlarmSigningKeyAgeFunctionFailed"]


def _without_policy(template: Template) -> None:
    del template["Resources"]["AlarmTopicPolicy"]


def _for_another_account(template: Template) -> None:
    statements = template["Resources"]["AlarmTopicPolicy"]["Properties"]["PolicyDocument"][
        "Statement"
    ]
    statements[0]["Condition"]["StringEquals"]["aws:SourceAccount"] = "111111111111"


@pytest.mark.parametrize("change", [_without_policy, _for_another_account])
def test_a_topic_that_cloudwatch_may_not_use_is_noticed(
    account: Account, template: Template, change: Callable[[Template], None]
) -> None:
    changed = copy.deepcopy(template)
    change(changed)
    deployed(account, changed, PARAMETERS_WITH_ALARMS)
    account.aws.before.append(_refusing("medialive:DescribeChannel"))
    account.events.pass_time(20 * MINUTE)
    assert "AlarmChannelGuardFunction: cloudwatch.amazonaws.com may not" in str(account.events.lost)


@pytest.mark.parametrize("key", ["the stack's", "without the publishers"])
def test_an_encrypted_topic_needs_the_key_policy(account: Account, key: str) -> None:
    stream = Stream.model_validate({"alarms": {}, "encryption": {"key": "customer-managed"}})
    changed = document(assemble(stream))
    policy = changed["Resources"]["DataKey"]["Properties"]["KeyPolicy"]
    if key != "the stack's":
        policy["Statement"] = [one for one in policy["Statement"] if one["Sid"] != "Publishers"]
    # other resources with a key of the stack are tried in test_encryption.py
    for resource in changed["Resources"].values():
        if resource["Type"] in ("AWS::SecretsManager::Secret", "AWS::Lambda::Function"):
            resource.get("Properties", {}).pop("KmsKeyId", None)
            resource.get("Properties", {}).pop("KmsKeyArn", None)
    stack = deployed(account, changed, PARAMETERS_WITH_ALARMS)
    target = stack.outputs["AlarmTopicArn"]
    failure = account.notifications.publish(
        target, "text", service="events.amazonaws.com", context={}
    )
    assert bool(failure) == (key != "the stack's")


WRONG: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "an alarm without a statistic": ("AlarmStoppedByGuard", {"Statistic": None}),
    "more bad periods than there are": ("AlarmStoppedByGuard", {"DatapointsToAlarm": 2}),
    "two periods without data that count as before": (
        "AlarmStoppedByGuard",
        {"TreatMissingData": "ignore", "EvaluationPeriods": 2},
    ),
    "half a minute": ("AlarmStoppedByGuard", {"Period": 30}),
    "more than a day": ("AlarmStoppedByGuard", {"EvaluationPeriods": 10_000}),
    "metric math of another kind": (
        "AlarmPipeline0WorseThanTwin",
        {"Metrics": [{"Id": "worse", "Expression": "ANOMALY_DETECTION_BAND(own)"}]},
    ),
    "metric math without a metric": (
        "AlarmPipeline0WorseThanTwin",
        {"Metrics": [{"Id": "worse", "Expression": "other - own"}]},
    ),
    "a rule without an alarm": ("AlarmNoCookies", {"AlarmRule": 'ALARM("nobody")'}),
    "another function": ("AlarmNoCookies", {"AlarmRule": "AT_LEAST(1, ALARM, (a))"}),
    "a topic of another account": ("AlarmNoCookies", {"AlarmActions": ["arn:aws:sns:::else"]}),
    "a pattern of another kind": ("StoppedByGuardCount", {"FilterPattern": "ERROR"}),
    "a body that is not JSON": ("StreamDashboard", {"DashboardBody": "camera"}),
}


@pytest.mark.parametrize(("title", "other"), WRONG.values(), ids=WRONG)
def test_what_aws_would_reject_is_rejected(
    account: Account, template: Template, title: str, other: Mapping[str, Any]
) -> None:
    changed = copy.deepcopy(template)
    properties = changed["Resources"][title]["Properties"]
    for name, value in other.items():
        if value is None:
            del properties[name]
        else:
            properties[name] = value
    with pytest.raises((Rejected, NotSupported)):
        deployed(account, changed, PARAMETERS_WITH_ALARMS)
