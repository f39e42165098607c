"""Secrets Manager calls a rotation function step by step, or once to test it."""

from collections.abc import Iterator
from typing import Any

import pytest

from preview.account import Account
from preview.cloudformation.providers.rotation import rotate
from preview.cloudformation.stack import Stack
from preview.errors import Rejected
from preview.services.functions.function import FunctionError
from tests.preview.roles import LAMBDA_MAY_TAKE_IT

SOURCE = """
import boto3

def handler(event, context):
    secret, token = event["SecretId"], event["ClientRequestToken"]
    print(event["Step"], token)
    client = boto3.client("secretsmanager")
    if event["Step"] == "createSecret":
        client.put_secret_value(SecretId=secret, ClientRequestToken=token, SecretString="new",
            VersionStages=["AWSPENDING"])
    if event["Step"] == "setSecret" and FAILS:
        raise ValueError("not now")
    if event["Step"] == "finishSecret":
        current = client.get_secret_value(SecretId=secret)["VersionId"]
        client.update_secret_version_stage(SecretId=secret, VersionStage="AWSCURRENT",
            MoveToVersionId=token, RemoveFromVersionId=current)
"""


DAY = 86_400


def template(
    *, fails: bool = False, permitted: bool = True, at_once: bool = True, **rules: Any
) -> dict[str, Any]:
    """A secret that a function rotates."""
    arn = {"Fn::GetAtt": ["Rotator", "Arn"]}
    grants = [
        {
            "Effect": "Allow",
            "Action": [
                "secretsmanager:GetSecretValue",
                "secretsmanager:PutSecretValue",
                "secretsmanager:UpdateSecretVersionStage",
            ],
            "Resource": {"Ref": "Secret"},
        },
        {"Effect": "Allow", "Action": "logs:*", "Resource": "*"},
    ]
    resources: dict[str, Any] = {
        "Secret": {"Type": "AWS::SecretsManager::Secret", "Properties": {"SecretString": "old"}},
        "Log": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "rotation"}},
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": LAMBDA_MAY_TAKE_IT,
                "Policies": [
                    {
                        "PolicyName": "p",
                        "PolicyDocument": {"Version": "2012-10-17", "Statement": grants},
                    }
                ],
            },
        },
        "Rotator": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Runtime": "python3.14",
                "Handler": "index.handler",
                "Code": {"ZipFile": SOURCE.replace("FAILS", str(fails))},
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                "Timeout": 20,
                "LoggingConfig": {"LogGroup": {"Ref": "Log"}},
            },
        },
        "Schedule": {
            "Type": "AWS::SecretsManager::RotationSchedule",
            "DependsOn": ["MayCall"] if permitted else [],
            "Properties": {
                "SecretId": {"Ref": "Secret"},
                "RotationLambdaARN": arn,
                "RotationRules": rules or {"ScheduleExpression": "rate(30 days)"},
                "RotateImmediatelyOnUpdate": at_once,
            },
        },
    }
    if permitted:
        resources["MayCall"] = {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "FunctionName": arn,
                "Action": "lambda:InvokeFunction",
                "Principal": "secretsmanager.amazonaws.com",
                "SourceArn": {"Ref": "Secret"},
                "SourceAccount": {"Ref": "AWS::AccountId"},
            },
        }
    return {"Resources": resources}


@pytest.fixture
def account() -> Iterator[Account]:
    with Account() as account:
        yield account


def steps(account: Account) -> list[str]:
    """The steps for which the function was called, from its log."""
    events = account.client("logs").get_log_events(
        logGroupName="rotation", logStreamName="preview"
    )["events"]
    words = [event["message"].split() for event in events]
    return [line[0] for line in words if len(line) == 2 and line[0].endswith("Secret")]


ALL = ["createSecret", "setSecret", "testSecret", "finishSecret"]


def test_a_rotation_has_four_steps_with_one_token(account: Account) -> None:
    Stack(account=account).deploy(template(), {})
    assert steps(account) == ALL
    secret = account.resources.by_logical_id["Secret"].ref
    versions = account.client("secretsmanager").describe_secret(SecretId=secret)
    assert sorted(versions["VersionIdsToStages"].values()) == [["AWSCURRENT"], ["AWSPREVIOUS"]]


def test_a_schedule_that_does_not_rotate_immediately_tests_the_function(account: Account) -> None:
    """For a version that createSecret never created: the function must tolerate it."""
    Stack(account=account).deploy(template(at_once=False), {})
    assert steps(account) == ["testSecret"]


def test_a_step_that_fails_ends_the_rotation_which_can_be_repeated(account: Account) -> None:
    Stack(account=account).deploy(template(fails=True, at_once=False), {})
    for _ in range(2):
        with pytest.raises(FunctionError, match="not now"):
            rotate(
                account,
                account.resources.by_logical_id["Schedule"],
                "a-token-that-stays-the-same-01234",
            )
    assert steps(account) == ["testSecret", *ALL[:2], *ALL[:2]]


def test_another_rotation_is_rejected_while_one_is_not_complete(account: Account) -> None:
    """AWSPENDING stays on the version of the failed rotation until its function removes it."""
    Stack(account=account).deploy(template(fails=True, at_once=False), {})
    schedule = account.resources.by_logical_id["Schedule"]
    first = "a-token-that-stays-the-same-01234"
    with pytest.raises(FunctionError):
        rotate(account, schedule, first)
    for _ in range(2):
        with pytest.raises(Rejected, match="A previous rotation isn't complete"):
            rotate(account, schedule)
    account.client("secretsmanager").update_secret_version_stage(
        SecretId=account.resources.by_logical_id["Secret"].ref,
        VersionStage="AWSPENDING",
        RemoveFromVersionId=first,
    )
    with pytest.raises(FunctionError):
        rotate(account, schedule)


def test_a_changed_schedule_is_rejected_while_a_rotation_is_not_complete(account: Account) -> None:
    stack = Stack(account=account)
    stack.deploy(template(fails=True, at_once=False), {})
    with pytest.raises(FunctionError):
        rotate(account, account.resources.by_logical_id["Schedule"])
    changed = template(fails=True, at_once=False)
    changed["Resources"]["Schedule"]["Properties"]["RotationRules"] = {"AutomaticallyAfterDays": 9}
    with pytest.raises(Rejected, match="A previous rotation isn't complete"):
        stack.deploy(changed, {})


def test_secrets_manager_needs_a_permission(account: Account) -> None:
    with pytest.raises(Rejected, match="may not lambda:InvokeFunction"):
        Stack(account=account).deploy(template(permitted=False), {})


@pytest.mark.parametrize(
    "rules",
    [
        {"AutomaticallyAfterDays": 2},
        {"AutomaticallyAfterDays": "2"},
        {"ScheduleExpression": "rate(2 days)"},
        {"ScheduleExpression": "rate(48 hours)"},
    ],
)
def test_the_secret_rotates_on_schedule(account: Account, rules: dict[str, Any]) -> None:
    Stack(account=account).deploy(template(at_once=False, **rules), {})
    for days, times in ((1, 0), (1.5, 1), (2, 2), (20, 12)):
        account.events.pass_time(days * DAY)
        assert steps(account) == ["testSecret", *times * ALL]
    assert account.events.lost == []


def test_the_next_rotation_is_counted_from_the_last(account: Account) -> None:
    Stack(account=account).deploy(template(AutomaticallyAfterDays=2), {})
    account.events.pass_time(DAY)
    rotate(account, account.resources.by_logical_id["Schedule"])
    account.events.pass_time(1.5 * DAY)
    assert steps(account) == 2 * ALL
    account.events.pass_time(0.5 * DAY)
    assert steps(account) == 3 * ALL


def test_a_scheduled_rotation_that_fails_is_tried_again_at_its_next_time(account: Account) -> None:
    Stack(account=account).deploy(template(fails=True, at_once=False, AutomaticallyAfterDays=1), {})
    account.events.pass_time(2 * DAY)
    assert steps(account) == ["testSecret", *2 * ALL[:2]]
    assert [lost.partition(":")[0] for lost in account.events.lost] == 2 * ["Schedule"]


def test_a_deleted_schedule_rotates_nothing(account: Account) -> None:
    stack = Stack(account=account)
    made = template(at_once=False, AutomaticallyAfterDays=1)
    stack.deploy(made, {})
    del made["Resources"]["Schedule"]
    stack.deploy(made, {})
    account.events.pass_time(3 * DAY)
    assert steps(account) == ["testSecret"]
