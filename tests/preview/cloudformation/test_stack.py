"""The stack is created, updated, and deleted as by CloudFormation, with the same errors."""

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from preview.account import Account
from preview.cloudformation.stack import Killed, Stack
from preview.errors import PreviewError, Rejected
from preview.stack_id import StackId
from protected_stream import Stream, assemble
from tests.preview.operator import (
    PARAMETERS,
    copy_code,
    start_channel,
    stop_channel,
    template_in,
)
from tests.preview.scenario import look_for_leftovers

Change = Callable[[dict[str, Any]], Any]
BUCKET: dict[str, Any] = {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Delete", "Properties": {}}
RESOURCES = len(assemble(Stream()).resources)
"""Number of resources in the default template."""
LOG: dict[str, Any] = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "one"}}


@pytest.fixture
def account() -> Iterator[Account]:
    with Account() as account:
        yield account


@pytest.fixture
def told() -> list[str]:
    """The resource events, in order."""
    return []


@pytest.fixture
def stack(account: Account, told: list[str]) -> Stack:
    return Stack(account=account, say=lambda line: told.append(" ".join(line.split())))


def template(**resources: Any) -> dict[str, Any]:
    return {"Resources": resources}


def refused(stack: Stack, changed: dict[str, Any], words: str) -> None:
    with pytest.raises(PreviewError) as refusal:
        stack.deploy(changed, {})
    assert words in str(refusal.value)


def test_a_stack_with_the_longest_name_is_created(built: Path) -> None:
    with Account(StackId(name="s" * 128)) as account:
        copy_code(account, built)
        Stack(account=account).deploy(template_in(built), PARAMETERS)
        assert account.stack_status == "CREATE_COMPLETE"


def test_an_update_in_place_keeps_the_id(stack: Stack, told: list[str]) -> None:
    log = copy.deepcopy(LOG)
    stack.deploy(template(Log=log), {})
    log["Properties"]["RetentionInDays"] = 7
    stack.deploy(template(Log=log), {})
    assert told == ["created Log", "updated Log"]


def test_an_equal_template_changes_nothing(stack: Stack, told: list[str]) -> None:
    for _ in range(2):
        stack.deploy(template(Log=LOG), {})
    assert told == ["created Log"]


def test_a_replacement_is_created_before_the_old_resource_is_deleted(
    stack: Stack, told: list[str]
) -> None:
    for name in ("one", "two"):
        stack.deploy(template(Log={**LOG, "Properties": {"LogGroupName": name}}), {})
    groups = stack.account.client("logs").describe_log_groups()["logGroups"]
    assert told == ["created Log", "created Log", "deleted Log"]
    assert [group["logGroupName"] for group in groups] == ["two"]


def test_a_removed_resource_is_deleted_after_its_dependents(stack: Stack, told: list[str]) -> None:
    user = {"Type": "AWS::S3::Bucket", "DependsOn": "Log", "Properties": {}}
    stack.deploy(template(Log=LOG, User=user, Stays=BUCKET), {})
    stack.deploy(template(Stays=BUCKET), {})
    assert told[3:] == ["deleted User", "deleted Log"]


def test_a_resource_with_a_custom_name_cannot_be_replaced(stack: Stack) -> None:
    role: dict[str, Any] = {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": "mine",
            "Path": "/",
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []},
        },
    }
    stack.deploy(template(Role=role), {})
    other = copy.deepcopy(role)
    other["Properties"]["Path"] = "/other/"
    refused(stack, template(Role=other), "custom-named resource requires replacing")


def test_names_are_unique(stack: Stack) -> None:
    refused(stack, template(One=LOG, Two=LOG), "with that name already exists")


def test_immutable_properties_cannot_change(stack: Stack) -> None:
    pool = {"Type": "AWS::Cognito::UserPool", "Properties": {"UsernameAttributes": ["email"]}}
    stack.deploy(template(Pool=pool), {})
    other = {**pool, "Properties": {"UsernameAttributes": ["phone_number"]}}
    refused(stack, template(Pool=other), "UpdateUserPool has no UsernameAttributes")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"Transform": "AWS::Serverless", "Resources": {}}, "Transform in the template"),
        (template(Log={**LOG, "UpdatePolicy": {}}), "UpdatePolicy of Log"),
        (template(Log={**LOG, "DeletionPolicy": "Snapshot"}), "DeletionPolicy Snapshot of Log"),
        (template(Log={"Type": "AWS::Logs::LogGroupp"}), "AWS::Logs::LogGroupp is not a resource"),
        (template(Log={**LOG, "Properties": {"Nope": 1}}), "'Nope' was unexpected"),
        (template(Log={**LOG, "DependsOn": "Nope"}), "Unresolved resource dependencies: ['Nope']"),
        (template(A={**LOG, "DependsOn": "B"}, B={**LOG, "DependsOn": "A"}), "Circular"),
    ],
)
def test_an_unsupported_template_is_rejected(
    stack: Stack, changed: dict[str, Any], words: str
) -> None:
    refused(stack, changed, words)


@pytest.mark.parametrize(("given", "holds"), [("Yes", True), ("No", False)])
def test_rules_are_enforced(stack: Stack, given: str, *, holds: bool) -> None:
    ruled = {
        "Parameters": {"Logs": {"Type": "String"}},
        "Rules": {
            "Needed": {
                "RuleCondition": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Logs"}, "Maybe"]}]},
                "Assertions": [
                    {
                        "Assert": {"Fn::Equals": [{"Ref": "Logs"}, "Yes"]},
                        "AssertDescription": "Logs are needed",
                    }
                ],
            }
        },
        **template(Log=LOG),
    }
    if holds:
        stack.deploy(ruled, {"Logs": given})
    else:
        with pytest.raises(Rejected, match="Logs are needed"):
            stack.deploy(ruled, {"Logs": given})
    stack.deploy(ruled, {"Logs": "Maybe"})


def test_errors_do_not_contain_noecho_values(stack: Stack) -> None:
    secret = {
        "Parameters": {"Key": {"Type": "String", "NoEcho": True}},
        **template(Log={**LOG, "Properties": {"RetentionInDays": {"Ref": "Key"}}}),
    }
    with pytest.raises(Rejected) as refusal:
        stack.deploy(secret, {"Key": "hunter2-hunter2"})
    assert "hunter2" not in str(refusal.value)
    assert "'****' is not one of" in str(refusal.value)


@pytest.mark.parametrize(
    ("policy", "killed", "left"),
    [
        ("Delete", False, False),
        ("Retain", False, True),
        ("RetainExceptOnCreate", False, True),
        ("RetainExceptOnCreate", True, False),
        ("Retain", True, True),
    ],
)
def test_deletion_policies_are_followed(
    stack: Stack, policy: str, *, killed: bool, left: bool
) -> None:
    bucket = {**BUCKET, "DeletionPolicy": policy}
    if killed:
        with pytest.raises(Killed):
            stack.deploy(template(Bucket=bucket, Log=LOG), {}, kill_after=1)
    else:
        stack.deploy(template(Bucket=bucket), {})
    stack.delete()
    assert bool(stack.account.client("s3").list_buckets()["Buckets"]) is left


def test_a_running_channel_cannot_be_updated_or_deleted(stack: Stack, built: Path) -> None:
    """https://docs.aws.amazon.com/medialive/latest/ug/editing-channel.html ."""
    emitted = {"Parameters": template_in(built)["Parameters"], "Resources": {}}
    names = ("EncoderAllowList", "EncoderInput", "PackagerGroup", "PackagerChannel", "ChannelRole")
    for name in (*names, "Channel"):
        emitted["Resources"][name] = {**template_in(built)["Resources"][name], "DependsOn": []}
    stack.deploy(emitted, PARAMETERS)
    channel = stack.account.resources.by_logical_id["Channel"].ref
    start_channel(stack.account, channel)
    for changed, what in (("Channel", "Name"), ("EncoderInput", "Name")):
        other = copy.deepcopy(emitted)
        other["Resources"][changed]["Properties"][what] = "another"
        with pytest.raises(Rejected, match="is RUNNING; stop it first"):
            stack.deploy(other, PARAMETERS)
    with pytest.raises(Rejected, match="is RUNNING; stop it first"):
        stack.delete()
    stop_channel(stack.account, channel)
    stack.delete()


@pytest.mark.parametrize("number", range(1, RESOURCES))
def test_a_creation_killed_after_any_resource_leaves_nothing_but_the_user_pool(
    account: Account, built: Path, number: int
) -> None:
    """The pool's deletion policy is Retain; the page's bucket and the rest are deleted.

    Each case creates another resource as late as possible, so that the order also differs.
    """
    emitted = template_in(built)
    late = [*emitted["Resources"]][-number]
    copy_code(account, built)
    stack = Stack(account=account)
    with pytest.raises(Killed):
        stack.deploy(emitted, PARAMETERS, kill_after=number, late=late)
    pools = account.client("cognito-idp").list_user_pools(MaxResults=10)["UserPools"]
    stack.delete()
    look_for_leftovers(account, " ".join(pool["Id"] for pool in pools))


def tagged(value: str) -> dict[str, Any]:
    return {**LOG, "Properties": {"LogGroupName": "one", "Tags": [{"Key": "a", "Value": value}]}}


def test_a_failed_update_is_rolled_back(stack: Stack, told: list[str]) -> None:
    """Updated resources are restored, new ones deleted, and replaced ones still exist."""
    bucket = {**BUCKET, "Properties": {"BucketName": "first"}}
    stack.deploy(template(Log=tagged("old"), Bucket=bucket, Leaves=BUCKET), {})
    before = {
        name: (one.ref, one.properties)
        for name, one in stack.account.resources.by_logical_id.items()
    }
    made = [*told]
    refused(
        stack,
        template(
            Log=tagged("new"),
            Bucket={**BUCKET, "Properties": {"BucketName": "second"}},
            New={**LOG, "Properties": {"LogGroupName": "two"}},
            Bad={**LOG, "DependsOn": ["Log", "New", "Bucket"]},
        ),
        "Bad: an AWS::Logs::LogGroup with that name already exists",
    )
    after = {
        name: (one.ref, one.properties)
        for name, one in stack.account.resources.by_logical_id.items()
    }
    assert after == before
    assert {*told[len(made) :]} >= {"updated Log", "created New", "deleted New", "deleted Bucket"}
    buckets = {one["Name"] for one in stack.account.client("s3").list_buckets()["Buckets"]}
    assert "first" in buckets
    assert "second" not in buckets
    assert stack.account.stack_status == "UPDATE_ROLLBACK_COMPLETE"


def test_a_failed_rollback_is_reported(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    stack.deploy(template(Log=tagged("old")), {})

    def barred(*_: object) -> None:
        raise Rejected("barred.")

    monkeypatch.setattr("preview.cloudformation.stack.restore", barred)
    bad = {**BUCKET, "Properties": {"BucketName": "NO"}}
    refused(stack, template(Log=tagged("new"), Bad=bad), "The rollback failed, too: barred.")
    assert stack.account.stack_status == "UPDATE_ROLLBACK_FAILED"
