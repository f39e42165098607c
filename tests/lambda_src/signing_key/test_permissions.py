"""IAM actions of the function's role: exactly those that its requests call, with retries."""

from collections.abc import Iterator

from tests.lambda_src.shared.simulated_time import Clock
from tests.lambda_src.signing_key.aws_account import Account, Fault
from tests.lambda_src.signing_key.cloudformation import ResponseUrl, Stack
from tests.lambda_src.signing_key.sequences import CALLS, prepared

ACTIONS = {
    "secretsmanager:GetSecretValue",
    "secretsmanager:PutSecretValue",
    "secretsmanager:UpdateSecretVersionStage",
    "cloudfront:CreatePublicKey",
    "cloudfront:GetPublicKey",
    "cloudfront:ListPublicKeys",
    "cloudfront:DeletePublicKey",
    "cloudfront:CreateKeyGroup",
    "cloudfront:GetKeyGroup",
    "cloudfront:ListKeyGroups",
    "cloudfront:UpdateKeyGroup",
    "cloudfront:DeleteKeyGroup",
}
"""For these services, each API operation is the IAM action with the same name.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudfront.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
"""


def _stacks(account: Account, clock: Clock, url: ResponseUrl) -> Iterator[Stack]:
    number = 0
    while True:
        number += 1
        yield Stack(account=account, clock=clock, url=url, name=f"stack-{number}")


def test_requests_need_these_actions_and_no_others(
    account: Account, clock: Clock, url: ResponseUrl
) -> None:
    """Every request, with each call failing once in every way that a retry or the SDK handles."""
    stacks = _stacks(account, clock, url)
    for request_type, actions in CALLS.items():
        for number in range(1, len(actions) + 1):
            for kind, when in (("crash", "before"), ("crash", "after"), ("lost answer", "")):
                stack = next(stacks)
                event = prepared(stack, request_type)
                account.fault = Fault(kind=kind, when=when, at=number) if when else None
                account.lost_answer = None if when else number
                (answer,) = stack.lambda_runs(event)
                account.fault = account.lost_answer = None
                stack.request("Update", answer["PhysicalResourceId"])
                assert stack.request("Delete", answer["PhysicalResourceId"])["Status"] == "SUCCESS"
                account.record()
    assert account.all_actions == ACTIONS


def test_each_request_and_a_rotation_together_need_all_of_them(stack: Stack) -> None:
    group_id = stack.create()
    stack.account.group(stack.name).items = []
    stack.request("Update", group_id)
    stack.rotate()
    stack.request("Delete", group_id)
    assert stack.account.all_actions == ACTIONS
