"""EventBridge rules invoke functions for events and on schedules, with permission."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from preview.account import Account
from preview.cloudformation.stack import Stack
from preview.errors import PreviewError

CODE = "def handler(event, context):\n    print('SEEN', event['detail-type'], event['time'])\n"
ROLE = {
    "Type": "AWS::IAM::Role",
    "Properties": {
        "AssumeRolePolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "lambda.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        },
        "Policies": [
            {
                "PolicyName": "log",
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [{"Effect": "Allow", "Action": "logs:*", "Resource": "*"}],
                },
            }
        ],
    },
}
LOG = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "seen"}}
FUNCTION = {
    "Type": "AWS::Lambda::Function",
    "Properties": {
        "Runtime": "python3.14",
        "Handler": "index.handler",
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Code": {"ZipFile": CODE},
        "LoggingConfig": {"LogGroup": {"Ref": "Log"}},
    },
}
MAY = {
    "Type": "AWS::Lambda::Permission",
    "Properties": {
        "Action": "lambda:InvokeFunction",
        "FunctionName": {"Ref": "Function"},
        "Principal": "events.amazonaws.com",
        "SourceArn": {"Fn::GetAtt": ["Rule", "Arn"]},
    },
}
PATTERN = {
    "source": ["aws.cloudformation"],
    "resources": [{"Ref": "AWS::StackId"}],
    "detail": {"status-details": {"status": ["UPDATE_COMPLETE"]}},
}


def template(code: str = CODE, **rule: Any) -> dict[str, Any]:
    """A rule with a function as its target."""
    function = {**FUNCTION["Properties"], "Code": {"ZipFile": code}}  # type: ignore[dict-item]  # plain data
    targets = [{"Id": "one", "Arn": {"Fn::GetAtt": ["Function", "Arn"]}}]
    return {
        "Resources": {
            "Role": ROLE,
            "Log": LOG,
            "Function": {**FUNCTION, "Properties": function},
            "Rule": {"Type": "AWS::Events::Rule", "Properties": {**rule, "Targets": targets}},
            "May": MAY,
        }
    }


@pytest.fixture
def account() -> Iterator[Account]:
    with Account() as account:
        yield account


def seen(account: Account) -> list[str]:
    """The detail types of the events that the function has received."""
    events = account.client("logs").filter_log_events(logGroupName="seen")["events"]
    lines = [one["message"] for one in events if "SEEN" in one["message"]]
    return [line.partition("SEEN ")[2].rpartition(" ")[0] for line in lines]


def test_an_event_that_matches_the_pattern_reaches_the_target(account: Account) -> None:
    stack = Stack(account=account)
    stack.deploy(template(EventPattern=PATTERN), {})
    assert seen(account) == []
    stack.deploy(template(EventPattern=PATTERN, Description="another"), {})
    assert seen(account) == ["CloudFormation Stack Status Change"]


@pytest.mark.parametrize(
    "rule",
    [
        {"EventPattern": {**PATTERN, "resources": ["another stack"]}},
        {"EventPattern": {**PATTERN, "source": ["aws.medialive"]}},
        {"EventPattern": PATTERN, "State": "DISABLED"},
    ],
)
def test_other_events_do_not(account: Account, rule: dict[str, Any]) -> None:
    stack = Stack(account=account)
    stack.deploy(template(**rule), {})
    stack.deploy(template(**rule, Description="another"), {})
    assert (seen(account), account.events.lost) == ([], [])


def test_a_schedule_repeats(account: Account) -> None:
    Stack(account=account).deploy(template(ScheduleExpression="rate(15 minutes)"), {})
    for seconds, times in ((890, 0), (20, 1), (900, 2), (3600, 6)):
        account.events.pass_time(seconds)
        assert seen(account) == times * ["Scheduled Event"]


def test_a_schedule_runs_once_for_skipped_time(account: Account) -> None:
    Stack(account=account).deploy(template(ScheduleExpression="rate(1 hour)"), {})
    account.clock.skip(100 * 3600 + 1)
    account.events.pass_time(3598)
    assert seen(account) == ["Scheduled Event"]
    account.events.pass_time(10)
    assert seen(account) == 2 * ["Scheduled Event"]


def test_without_a_permission_events_are_lost(account: Account) -> None:
    made = template(ScheduleExpression="rate(1 hour)")
    del made["Resources"]["May"]
    Stack(account=account).deploy(made, {})
    account.events.pass_time(3600)
    (lost,) = account.events.lost
    assert "events.amazonaws.com may not lambda:InvokeFunction" in lost


def test_a_function_that_fails_is_retried_twice(account: Account) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html ."""
    code = f"{CODE}    raise ValueError('no')\n"
    Stack(account=account).deploy(template(code, ScheduleExpression="rate(1 hour)"), {})
    before = account.clock.now()
    account.events.pass_time(3600)
    assert len(seen(account)) == 3
    assert account.clock.now() - before >= 3600 + 60 + 120
    assert account.events.lost == ["Rule: Scheduled Event: ValueError: no"]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({}, "needs EventPattern or ScheduleExpression"),
        ({"ScheduleExpression": "cron(0 12 * * ? *)"}, "the preview does not support cron"),
    ],
)
def test_an_unsupported_rule_is_rejected(
    account: Account, rule: dict[str, Any], words: str
) -> None:
    with pytest.raises(PreviewError, match=words):
        Stack(account=account).deploy(template(**rule), {})


def test_a_function_that_sleeps_skips_time(account: Account) -> None:
    code = (
        "import time\n\n\ndef handler(event, context):\n    time.sleep(2)\n    return time.time()\n"
    )
    Stack(account=account).deploy(template(code, ScheduleExpression="rate(1 hour)"), {})
    (function,) = account.functions.values()
    before = account.clock.now()
    answer = function.invoke({})
    assert 2 <= account.clock.now() - before < 4
    assert answer == pytest.approx(account.clock.now(), abs=1)
    assert json.dumps(answer)
