"""`protected-stream destroy`."""

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from protected_stream.cli.exit_status import AWS_REFUSED, CLEAN, DECLINED, INTERRUPTED
from protected_stream.reading.kept import REASONS
from protected_stream.template.deletion_policy import BY_NAME, DELETION_RULES, RETAINED
from tests.conftest import Document
from tests.unit.operator.running_stream.aws import refuse
from tests.unit.operator.running_stream.conftest import Deployed

DELETE, STOP = "cloudformation:DeleteStack", "medialive:StopChannel"
PLANS = "pricingplanmanager:ListSubscriptions"


def subscription(distribution: str, **change: Any) -> dict[str, Any]:
    """A flat-rate plan of a distribution, as the Pricing Plan Manager describes it."""
    date = datetime(2026, 11, 1, tzinfo=UTC)
    return {
        "arn": "arn:aws:pricingplanmanager::111122223333:subscription/one",
        "planFamily": "CloudFront",
        "planTier": "PREMIUM",
        "status": "ACTIVE",
        "resourceArns": [f"arn:aws:cloudfront::111122223333:distribution/{distribution}"],
        "createdAt": date,
        "updatedAt": date,
        "eTag": "1",
        **({"scheduledChange": change} if change else {}),
    }


def test_the_reasons_are_for_what_the_generator_retains() -> None:
    retained = {kind for kind, rule in DELETION_RULES.items() if rule.on_delete in RETAINED}
    assert {*REASONS} == {*retained, "AWS::KMS::Key"}
    assert BY_NAME["DataKey"].on_delete in RETAINED


def test_it_says_what_stays_and_how_to_delete_that_too(live: Deployed) -> None:
    said = live.run("destroy --yes")
    assert said.status == CLEAN
    assert live.stream.status == "DELETE_COMPLETE"
    bucket, pool = (live.stream.physical_ids[name] for name in ("PageBucket", "UserPool"))
    assert f"kept: UserPool {pool}: the viewers' accounts cannot be recreated" in said.err
    assert f"aws s3 rb s3://{bucket} --force --region us-east-1" in said.err
    assert f"delete-user-pool --user-pool-id {pool}" in said.err
    assert "Distribution: DELETE_COMPLETE\n" in said.err
    assert "The stack live is deleted." in said.out
    assert "aws s3 rb s3://my-bucket --force --region us-east-1" in said.err
    # a deleted stack cannot be found by its name
    (parameters,) = [asked for action, asked in live.aws.calls if action == DELETE]
    assert parameters["StackName"].startswith("arn:")
    assert "RetainResources" not in parameters


def test_it_asks_first(live: Deployed) -> None:
    live.stream.is_on_air()
    said = live.run("destroy")
    assert said.status == DECLINED
    assert "It is ON THE AIR: the show ends." in said.err
    assert not {DELETE, STOP} & {*live.aws.actions}


@pytest.mark.parametrize(
    ("typed", "status"), [("live", CLEAN), ("y", DECLINED), ("", DECLINED), ("Live", DECLINED)]
)
def test_the_answer_is_the_stack_s_name(
    live: Deployed, monkeypatch: pytest.MonkeyPatch, typed: str, status: int
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _: typed)
    assert live.run("destroy").status == status


def test_a_show_is_stopped_first(live: Deployed) -> None:
    live.stream.is_on_air()
    assert live.run("destroy --yes").status == CLEAN
    assert live.aws.actions.index(STOP) < live.aws.actions.index(DELETE)


@pytest.mark.parametrize(
    ("change", "advice"),
    [
        ({}, "Cancel it in the CloudFront console"),
        (
            {"changeType": "CANCELLATION", "effectiveDate": datetime(2026, 12, 1, tzinfo=UTC)},
            "It ends on 2026-12-01 00:00 UTC",
        ),
        ({"changeType": "DOWNGRADE", "planTier": "PRO"}, "Cancel it in the CloudFront console"),
    ],
)
def test_a_flat_rate_plan_is_found_before_anything_is_deleted(
    live: Deployed, change: dict[str, Any], advice: str
) -> None:
    live.stream.subscriptions = [
        subscription("EOTHER"),
        subscription(live.stream.physical_ids["Distribution"], **change),
    ]
    live.stream.is_on_air()
    said = live.run("destroy --yes")
    assert said.status == AWS_REFUSED
    assert "flat-rate plan PREMIUM" in said.err
    assert advice in said.err
    assert not {DELETE, STOP} & {*live.aws.actions}


def test_without_permission_for_plans_it_deletes_and_says_so(live: Deployed) -> None:
    live.stream.subscriptions = [subscription("EOTHER")]
    live.aws.failures[PLANS] = refuse("AccessDeniedException")
    said = live.run("destroy --yes")
    assert said.status == CLEAN
    assert "CloudFront refuses to delete it" in said.err


@pytest.mark.parametrize(
    ("name", "reason", "advice"),
    [
        ("Distribution", "You can't delete this while subscribed to a pricing plan.", "Cancel"),
        ("EncoderInput", "Input is still being used.", "MediaLive may release it"),
        ("Api", "Internal failure", ""),
    ],
)
def test_what_cannot_be_deleted_is_explained(
    live: Deployed, name: str, reason: str, advice: str
) -> None:
    live.stream.undeletable = {name: reason}
    said = live.run("destroy --yes --json")
    assert said.status == AWS_REFUSED
    (failure,) = json.loads(said.out)["failures"]
    assert failure.startswith(f"{name} (AWS::")
    assert reason.rstrip(".") in failure
    assert advice in failure


def test_inputs_that_are_still_in_use_are_tried_again(
    live: Deployed, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.stream.undeletable = {"EncoderInput": "Input is still being used."}
    once = live.stream.cloudformation_delete_stack

    def delete(asked: Any) -> Any:
        answer = once(asked)
        live.stream.undeletable = {}
        return answer

    monkeypatch.setattr(live.stream, "cloudformation_delete_stack", delete)
    assert live.run("destroy --yes").status == CLEAN
    assert live.aws.actions.count(DELETE) == 2


@pytest.mark.parametrize("undeletable", [{}, {"Api": "Internal failure"}])
def test_a_deletion_in_progress_is_followed(live: Deployed, undeletable: dict[str, str]) -> None:
    live.stream.undeletable = {"Channel": "of an earlier deletion"}
    live.stream.begin_deletion()
    live.stream.time += 3600
    live.stream.undeletable = undeletable
    live.stream.begin_deletion()
    live.stream.time += 20
    said = live.run("destroy")
    assert said.status == (AWS_REFUSED if undeletable else CLEAN)
    assert "is being deleted already" in said.err
    assert "of an earlier deletion" not in said.err
    assert DELETE not in live.aws.actions


def test_other_operations_are_waited_for(live: Deployed) -> None:
    live.stream.status = "UPDATE_IN_PROGRESS"
    said = live.run("destroy --yes")
    assert said.status == AWS_REFUSED
    assert DELETE not in live.aws.actions


def test_a_bucket_that_is_deleted_is_emptied(live: Deployed, default: Document) -> None:
    live.stream.template = template = copy.deepcopy(default)
    del template["Resources"]["PageBucket"]["DeletionPolicy"]
    assert live.run("destroy --yes").status == CLEAN
    assert live.stream.objects == []
    assert live.aws.actions.index("s3:DeleteObjects") < live.aws.actions.index(DELETE)


def test_a_bucket_that_is_kept_is_left_alone(live: Deployed) -> None:
    assert live.run("destroy --yes").status == CLEAN
    assert live.stream.objects
    assert not [action for action in live.aws.actions if action.startswith("s3:")]


def test_ctrl_c_at_each_kind_of_call_says_what_goes_on(
    live: Deployed, deploy: Callable[..., Deployed]
) -> None:
    live.stream.is_on_air()
    live.run("destroy --yes")
    calls = live.aws.actions
    # the first of each kind, and one in the middle of the wait
    for number in sorted({len(calls) - 2, *map(calls.index, calls[1:])}):
        deployed = deploy()
        deployed.stream.is_on_air()
        deployed.aws.interrupted_at = number
        said = deployed.run("destroy --yes")
        last_line = said.err.splitlines()[-1]
        assert said.status == INTERRUPTED, number
        if STOP not in calls[: number + 1]:
            assert deployed.stream.status == "CREATE_COMPLETE"
            assert last_line.startswith("Interrupted."), number
        elif DELETE not in calls[:number] and calls[number].startswith("medialive:"):
            assert "The stack is not deleted" in last_line, number
        else:
            assert "A deletion that has begun goes on at AWS" in last_line, number
