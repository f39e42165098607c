"""EventBridge Scheduler in the preview: what it runs, when, with whose permissions, and retries."""

import copy
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from preview.account import Account
from preview.cloudformation.stack import Stack
from preview.errors import PreviewError
from preview.services.aws.aws import Call
from preview.services.aws.aws_error import AwsError
from preview.services.aws.policies import Access, unused
from preview.services.aws.role_policies import documents

ARN = "arn:aws:ssm:us-east-1:123456789012:parameter/planned"
QUEUE = {"Fn::GetAtt": ["Queue", "Arn"]}
NOTE = {
    "Name": "/planned",
    "Value": "<aws.scheduler.scheduled-time> <aws.scheduler.attempt-number>",
    "Type": "String",
    "Overwrite": True,
}
MINUTE, DAY = 60, 86_400
Template = dict[str, Any]


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def template(at: str) -> Template:
    """A schedule that notes a time."""
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "scheduler.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceArn": {"Fn::GetAtt": ["Group", "Arn"]}}},
    }
    may: list[dict[str, Any]] = [
        {"Effect": "Allow", "Action": ["ssm:PutParameter"], "Resource": [ARN]},
        {"Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": [QUEUE]},
    ]
    return {
        "Resources": {
            "Group": {"Type": "AWS::Scheduler::ScheduleGroup", "Properties": {"Name": "group"}},
            "Queue": {"Type": "AWS::SQS::Queue", "Properties": {}},
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "AssumeRolePolicyDocument": policy(trust),
                    "Policies": [{"PolicyName": "may", "PolicyDocument": policy(*may)}],
                },
            },
            "Schedule": {
                "Type": "AWS::Scheduler::Schedule",
                "Properties": {
                    "Name": "one",
                    "GroupName": {"Ref": "Group"},
                    "ScheduleExpression": at,
                    "ScheduleExpressionTimezone": "UTC",
                    "FlexibleTimeWindow": {"Mode": "OFF"},
                    "Target": {
                        "Arn": "arn:aws:scheduler:::aws-sdk:ssm:putParameter",
                        "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                        "Input": json.dumps(NOTE),
                        "RetryPolicy": {
                            "MaximumRetryAttempts": 3,
                            "MaximumEventAgeInSeconds": 300,
                        },
                        "DeadLetterConfig": {"Arn": QUEUE},
                    },
                },
            },
        }
    }


@pytest.fixture
def account() -> Iterator[Account]:
    with Account() as made:
        yield made


@pytest.fixture
def noon(account: Account) -> datetime:
    """Tomorrow."""
    now = datetime.fromtimestamp(account.clock.now(), UTC)
    return now.replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=1)


@pytest.fixture
def once(noon: datetime) -> Template:
    return template(f"at({noon:%Y-%m-%dT%H:%M:%S})")


def note(account: Account) -> str:
    """The text of the note; empty if there is none."""
    found = account.client("ssm").get_parameters(Names=["/planned"])["Parameters"]
    return str(found[0]["Value"]) if found else ""


def fail(account: Account, code: str, times: int) -> None:
    """Makes the next calls of the role fail."""
    left = [code] * times

    def refuse(call: Call) -> None:
        if call.caller == "Role" and left:
            raise AwsError(left.pop(), "not now")

    account.aws.before.append(refuse)


def test_it_runs_once_at_its_time_with_its_role(
    account: Account, once: Template, noon: datetime
) -> None:
    Stack(account=account).deploy(once, {})
    account.events.pass_time((noon - timedelta(minutes=1)).timestamp() - account.clock.now())
    assert note(account) == ""
    account.events.pass_time(2 * MINUTE)
    assert note(account) == f"{noon:%Y-%m-%dT%H:%M:%SZ} 1"
    account.client("ssm").delete_parameter(Name="/planned")
    account.events.pass_time(8 * DAY)
    assert note(account) == ""
    assert account.scheduler.dead_letters == []


def test_a_weekly_one_runs_every_week(account: Account, noon: datetime) -> None:
    Stack(account=account).deploy(
        template(f"cron(0 12 ? * {noon:%a} *)".upper().replace("CRON", "cron")), {}
    )
    account.events.pass_time(15.5 * DAY)
    assert note(account) == f"{noon + timedelta(days=14):%Y-%m-%dT%H:%M:%SZ} 1"


def test_a_deleted_one_does_not_run(account: Account, once: Template) -> None:
    stack = Stack(account=account)
    stack.deploy(once, {})
    stack.delete()
    account.events.pass_time(2 * DAY)
    assert note(account) == ""


@pytest.mark.parametrize(
    ("code", "times", "noted", "letter"),
    [
        ("InternalServerError", 3, "4", {}),
        (
            "InternalServerError",
            4,
            "",
            {"EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts", "RETRY_ATTEMPTS": "3"},
        ),
        ("ConflictException", 1, "", {"ERROR_CODE": "ConflictException", "RETRY_ATTEMPTS": "0"}),
    ],
    ids=["a short failure", "a long one", "a refusal"],
)
def test_failures_are_retried_and_refusals_are_not(
    account: Account, once: Template, code: str, times: int, noted: str, letter: dict[str, str]
) -> None:
    Stack(account=account).deploy(once, {})
    fail(account, code, times)
    account.events.pass_time(2 * DAY)
    assert note(account).rpartition(" ")[2] == noted
    letters = account.scheduler.dead_letters
    assert len(letters) == bool(letter)
    assert all(letter.items() <= one.attributes.items() for one in letters)


def test_a_start_that_would_come_too_late_is_dropped(account: Account, once: Template) -> None:
    Stack(account=account).deploy(once, {})
    account.clock.skip(2 * DAY)
    account.events.pass_time(0)
    assert note(account) == ""
    (letter,) = account.scheduler.dead_letters
    assert letter.attributes["ERROR_CODE"] == "EventAgeExceeded"


def test_the_queue_refuses_everybody_that_its_policy_does(account: Account, once: Template) -> None:
    once["Resources"]["Policy"] = {
        "Type": "AWS::SQS::QueuePolicy",
        "Properties": {
            "Queues": [{"Ref": "Queue"}],
            "PolicyDocument": policy(
                {
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "sqs:SendMessage",
                    "Resource": QUEUE,
                    "Condition": {"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::1:role/a"}},
                }
            ),
        },
    }
    Stack(account=account).deploy(once, {})
    fail(account, "ConflictException", 1)
    account.events.pass_time(2 * DAY)
    assert account.scheduler.dead_letters == []
    assert account.scheduler.lost == ["Schedule: Role lacks sqs:SendMessage"]


def test_nothing_is_granted_that_is_not_used(account: Account, once: Template) -> None:
    Stack(account=account).deploy(once, {})
    fail(account, "ConflictException", 1)
    account.events.pass_time(2 * DAY)
    accesses = [Access(action=one.action, resource=one.resource) for one in account.aws.calls]
    (role,) = account.resources.of_type("AWS::IAM::Role")
    assert unused(documents(role), accesses) == []


def _set(path: str, value: Any) -> Callable[[Template], None]:
    *parents, last = path.split(".")

    def change(given: Template) -> None:
        inner = given["Resources"]["Schedule"]["Properties"]
        for name in parents:
            inner = inner[name]
        inner[last] = value

    return change


def _other_group(given: Template) -> None:
    condition = given["Resources"]["Role"]["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]
    condition["Condition"]["StringEquals"]["aws:SourceArn"] = "arn:aws:scheduler:other"


REFUSED = {
    "State": (_set("State", "ENABLED"), "does not support State"),
    "a window": (
        _set("FlexibleTimeWindow", {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 5}),
        "no flex",
    ),
    "another operation": (
        _set("Target.Arn", "arn:aws:scheduler:::aws-sdk:medialive:deleteChannel"),
        "does not support the target",
    ),
    "a rate": (_set("ScheduleExpression", "rate(5 minutes)"), "does not support the schedule"),
    "an hour that does not exist": (
        _set("ScheduleExpression", "cron(0 24 ? * MON *)"),
        "Invalid Schedule Expression",
    ),
    "a day that does not exist": (
        _set("ScheduleExpression", "cron(0 20 ? * FRY *)"),
        "Invalid Schedule Expression",
    ),
    "a time that has passed": (_set("ScheduleExpression", "at(2020-01-01T00:00:00)"), "has passed"),
    "a zone": (_set("ScheduleExpressionTimezone", "Europe/Berlim"), "Invalid timezone"),
    "another queue": (_set("Target.DeadLetterConfig.Arn", "arn:aws:sqs:us-east-1:1:a"), "Queue"),
    "a role for another group": (_other_group, "must allow AWS EventBridge Scheduler to assume"),
    "a retry too many": (_set("Target.RetryPolicy.MaximumRetryAttempts", 186), "186"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_aws_refuses_or_the_preview_does_not_know_is_refused(
    account: Account, once: Template, name: str
) -> None:
    change, says = REFUSED[name]
    given = copy.deepcopy(once)
    change(given)
    with pytest.raises(PreviewError, match=says):
        Stack(account=account).deploy(given, {})
