"""Trust policies: which service may assume a role, for what, and how."""

from typing import Any

import pytest

from preview.resource import Resource
from preview.services.aws.role_policies import lets_in, source_of

MEDIALIVE = "medialive.amazonaws.com"
CHANNEL = "arn:aws:medialive:us-east-1:123456789012:channel:1234567"


def role(**statement: Any) -> Resource:
    """A role with one statement in its trust policy."""
    trust = {"Effect": "Allow", "Principal": {"Service": MEDIALIVE}, **statement}
    return Resource(
        logical_id="ChannelRole",
        type="AWS::IAM::Role",
        properties={"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]}},
        attributes={"Arn": "arn:aws:iam::123456789012:role/ChannelRole"},
    )


def channel(arn: str = CHANNEL) -> Resource:
    """A channel with that ARN."""
    return Resource(
        logical_id="Channel", type="AWS::MediaLive::Channel", properties={}, attributes={"Arn": arn}
    )


@pytest.mark.parametrize(
    ("actions", "tagged"),
    [("sts:AssumeRole", False), (["sts:AssumeRole", "sts:TagSession"], True), ("sts:*", True)],
)
def test_a_session_with_tags_needs_permission_for_them(actions: Any, *, tagged: bool) -> None:
    assert lets_in(role(Action=actions), MEDIALIVE)
    assert lets_in(role(Action=actions), MEDIALIVE, "sts:TagSession") is tagged


@pytest.mark.parametrize(
    ("arn", "holds"),
    [
        (CHANNEL, True),
        (CHANNEL.replace("us-east-1", "us-west-2"), False),
        (CHANNEL.replace("123456789012", "210987654321"), False),
        (CHANNEL.replace("channel", "input"), False),
    ],
)
def test_the_source_must_meet_the_conditions(arn: str, *, holds: bool) -> None:
    conditions = {
        "StringEquals": {"aws:SourceAccount": "123456789012"},
        "ArnLike": {"aws:SourceArn": "arn:aws:medialive:us-east-1:123456789012:channel:*"},
    }
    trust = role(Action="sts:AssumeRole", Condition=conditions)
    assert lets_in(trust, MEDIALIVE, context=source_of(channel(arn))) is holds
    assert not lets_in(trust, MEDIALIVE)
