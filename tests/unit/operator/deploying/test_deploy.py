"""`protected-stream deploy`: change set, consequences, progress, page; and every failure."""

import json
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest

from protected_stream.cli import deploy, on_stack
from protected_stream.cli.exit_status import (
    AWS_REFUSED,
    CLEAN,
    DECLINED,
    INTERRUPTED,
    NOTHING_WRITTEN,
)
from protected_stream.cli.main import main
from protected_stream.config import Stream
from protected_stream.operator import connection
from protected_stream.operator.clock import Clock
from protected_stream.operator.page_upload import CONTENT_TYPES
from protected_stream.page.bundle import PAGE_FILES
from protected_stream.reading.written import build_notes
from tests.conftest import CHECKOUT
from tests.template.test_deployer_policy import allows
from tests.unit.operator.deploying.account import DeployAccount
from tests.unit.operator.running_stream.aws import (
    Aws,
    have_no_credentials,
    lose_network,
    refuse,
)

VALUES = ["InputCidr=203.0.113.7/32", "StreamKey=key-for-tests-0123", "ArtifactBucket=my-bucket"]
POLICY = json.loads((CHECKOUT / "docs" / "deployer-policy.json").read_text("utf-8"))


class Deployer(NamedTuple):
    """An operator with a build in the current folder."""

    account: DeployAccount
    aws: Aws
    out: Path

    def deploy(self, *arguments: str) -> int:
        """Runs the command, with --yes."""
        return main(["deploy", "--yes", *arguments])

    def change(self, **resources: Any) -> None:
        """Changes resources of the template that is built; None takes one out."""
        file = self.out / "template.json"
        template = json.loads(file.read_text())
        template["Resources"] |= resources
        kept = {name: one for name, one in template["Resources"].items() if one}
        file.write_text(json.dumps({**template, "Resources": kept}))


@pytest.fixture
def deployer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, built: Path) -> Deployer:
    """The default stream, built with a small page, and an account without a stack."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(built, "build")
    Path("build/site/lib").mkdir(parents=True)
    for name in ("site/index.html", "site/lib/player.js", "404.html"):
        Path("build", name).write_text(name)
    Path("parameters-live.json").write_text(json.dumps(VALUES))
    account = DeployAccount()
    aws = Aws(account.operation)
    monkeypatch.setattr(connection, "boto3", SimpleNamespace(Session=aws.session))
    clock = Clock(now=lambda: 0, sleep=lambda _: None)
    monkeypatch.setattr(on_stack, "Target", partial(on_stack.Target, clock=clock))
    return Deployer(account, aws, Path("build"))


def test_a_new_stack_gets_code_template_and_page(
    deployer: Deployer, capsys: pytest.CaptureFixture[str]
) -> None:
    deployer.account.buckets["live-page"]["former.js"] = {}
    assert deployer.deploy() == CLEAN
    assert len(deployer.account.buckets["my-bucket"]) == 3
    page = deployer.account.buckets["live-page"]
    assert {key: (one["ContentType"], one["CacheControl"]) for key, one in page.items()} == {
        "index.html": ("text/html", "max-age=60"),
        "lib/player.js": ("text/javascript", "max-age=60"),
        "404.html": ("text/html", "no-store"),
    }
    assert next(iter(page)) == "lib/player.js"
    said = capsys.readouterr()
    assert "CREATE_COMPLETE              EncoderAllowList" in said.err
    assert "It costs at least $0.40 a month, and $3.41 an hour on the air (us-east-1" in said.err
    assert said.out == "WatchAddress\thttps://d1.cloudfront.net/\n"
    assert "key-for-tests" not in said.out + said.err
    assert deployer.account.change_sets == {}


def test_an_update_tells_its_consequences_and_keeps_hidden_values(
    deployer: Deployer, capsys: pytest.CaptureFixture[str]
) -> None:
    deployer.deploy()
    channel = deployer.account.template["Resources"]["Channel"]
    deployer.change(Channel={**channel, "Properties": {**channel["Properties"], "Name": "other"}})
    Path("parameters-live.json").write_text(json.dumps([VALUES[0]]))
    calls = len(deployer.aws.calls)
    assert deployer.deploy() == CLEAN
    said = capsys.readouterr().out
    assert "Channel\tAWS::MediaLive::Channel\tchanged in place\tName" in said
    assert "viewers\tthe stream is interrupted while the channel stops" in said
    (asked,) = (
        parameters
        for action, parameters in deployer.aws.calls[calls:]
        if action == "cloudformation:CreateChangeSet"
    )
    previous = [one["ParameterKey"] for one in asked["Parameters"] if "UsePreviousValue" in one]
    assert previous == ["StreamKey", "ArtifactBucket"]
    assert not [action for action in deployer.aws.actions[calls:] if action == "s3:CreateBucket"]


def _changes_the_ladder(deployer: Deployer) -> None:
    """Channel and guard, as another `[encoding]` does."""
    resources = deployer.account.template["Resources"]
    for name, properties in (("Channel", {"Name": "other"}), ("ChannelGuard", {"Definition": "x"})):
        one = resources[name]
        deployer.change(**{name: {**one, "Properties": {**one["Properties"], **properties}}})


def _changes_a_log(deployer: Deployer) -> None:
    log = deployer.account.template["Resources"]["CookiesFunctionLog"]
    deployer.change(CookiesFunctionLog={**log, "Properties": {"RetentionInDays": 1}})


def _changes_the_date(deployer: Deployer) -> None:
    guard = deployer.account.template["Resources"]["ChannelGuard"]
    properties = {**guard["Properties"], "StopChannelToUpdate": "No"}
    deployer.change(ChannelGuard={**guard, "Properties": properties})


@pytest.mark.parametrize(
    ("state", "change", "date", "is_refused"),
    [
        ("RUNNING", _changes_the_ladder, None, True),
        ("STARTING", _changes_the_ladder, "No", True),
        ("RECOVERING", _changes_the_ladder, "1969-12-30", True),
        ("RUNNING", _changes_the_ladder, "1970-01-01", False),
        ("RUNNING", _changes_the_ladder, "1969-12-31", False),  # twelve hours west of UTC
        ("IDLE", _changes_the_ladder, None, False),
        ("RUNNING", _changes_a_log, None, False),
        ("RUNNING", _changes_the_date, None, False),
    ],
)
@pytest.mark.parametrize("with_yes", [False, True])
def test_what_the_channel_guard_would_refuse_is_refused_before_it_is_asked(
    deployer: Deployer,
    state: str,
    change: Callable[[Deployer], None],
    date: str | None,
    is_refused: bool,
    with_yes: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    deployer.deploy()
    change(deployer)
    deployer.account.channel_state = state
    dated = [f"StopChannelToUpdate={date}"] if date else []
    Path("parameters-live.json").write_text(json.dumps([*VALUES, *dated]))
    asked: list[str] = []

    def agree(question: str) -> str:
        asked.append(question)
        return "y"

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", agree)
    capsys.readouterr()
    status = main(["deploy", *["--yes"] * with_yes])
    said = capsys.readouterr().err
    if not is_refused:
        assert (status, len(asked)) == (CLEAN, 0 if with_yes else 1)
        is_interrupted = state != "IDLE" and date is not None and change is not _changes_the_date
        assert ("ON THE AIR" in said) == is_interrupted
        return
    assert (status, asked) == (NOTHING_WRITTEN, [])
    assert said.splitlines()[-1] == (
        "The channel id-of-Channel is on the air, and cannot stay there while Channel changes, so "
        "the update would be refused: stop it first with `protected-stream stop`, or let the "
        "update stop and restart it with today's date in the parameters file, `protected-stream "
        "parameters --set StopChannelToUpdate=1970-01-01`."
    )
    assert deployer.account.change_sets == {}
    assert not any(one["ResourceStatus"].startswith("UPDATE") for one in deployer.account.events)


def test_an_update_shortly_before_a_show_names_it(
    deployer: Deployer, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is midnight in 1970."""
    start = {
        "Name": "show-start",
        "ScheduleExpression": "at(1970-01-01T00:30:00)",
        "ScheduleExpressionTimezone": "UTC",
        "Target": {"Arn": "arn:aws:scheduler:::aws-sdk:medialive:startChannel"},
    }
    deployer.change(StartShow={"Type": "AWS::Scheduler::Schedule", "Properties": start})
    deployer.deploy()
    assert "planned" not in capsys.readouterr().err
    channel = deployer.account.template["Resources"]["Channel"]
    deployer.change(Channel={**channel, "Properties": {**channel["Properties"], "Name": "other"}})
    deployer.deploy()
    assert "planned: start on Thu 1970-01-01 00:30 UTC (show)." in capsys.readouterr().err


def test_if_nothing_changes_the_page_is_uploaded(
    deployer: Deployer, capsys: pytest.CaptureFixture[str]
) -> None:
    deployer.deploy()
    deployer.account.buckets["live-page"].clear()
    assert deployer.deploy() == CLEAN
    assert "Nothing changes in the stack" in capsys.readouterr().err
    assert len(deployer.account.buckets["live-page"]) == 3
    assert deployer.account.change_sets == {}


def test_a_large_template_comes_from_the_bucket(deployer: Deployer) -> None:
    deployer.change(Large={"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "x" * 20_000}})
    assert deployer.deploy() == CLEAN
    (key,) = (one for one in deployer.account.buckets["my-bucket"] if one.startswith("template-"))
    assert "Large" in deployer.account.template["Resources"]
    assert key.endswith(".json")


def test_a_bucket_is_created_if_asked(deployer: Deployer) -> None:
    deployer.account.buckets.pop("my-bucket")
    Path("parameters-live.json").write_text(json.dumps(VALUES[:2]))
    assert deployer.deploy("--create-bucket") == CLEAN
    name = "live-code-123456789012-us-east-1"
    assert len(deployer.account.buckets[name]) == 3
    assert deployer.account.parameters["ArtifactBucket"] == name


@pytest.mark.parametrize("answer", ["n", None])
def test_a_declined_deployment_leaves_only_what_was_uploaded(
    deployer: Deployer,
    answer: str | None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """`n` at a terminal, or no terminal to ask on."""
    if answer:
        monkeypatch.setattr("sys.stdin.isatty", lambda: True)
        monkeypatch.setattr("builtins.input", lambda _: answer)
    assert main(["deploy"]) == DECLINED
    assert (deployer.account.change_sets, deployer.account.status) == ({}, None)
    last = capsys.readouterr().err.splitlines()[-1]
    if answer:
        stays = "What was uploaded stays in the bucket my-bucket."
        assert last == f"The stack was not changed. {stays}"
    else:
        assert "add --yes" in last


def test_a_build_of_another_stream_file_is_noted(
    deployer: Deployer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(deploy, "_built", lambda *_: CLEAN)
    notes = json.loads((deployer.out / "build.json").read_text())
    (deployer.out / "build.json").write_text(json.dumps({**notes, "StreamFile": "stream.toml"}))
    for name, is_noted in (("stream.toml", False), ("other.toml", True)):
        assert deployer.deploy(name) == CLEAN
        assert ("build was built from stream.toml before" in capsys.readouterr().err) == is_noted


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ("UPDATE_IN_PROGRESS", "an operation is in progress: wait until it has ended"),
        ("ROLLBACK_COMPLETE", "its creation failed and was rolled back, so it can only be deleted"),
        ("ROLLBACK_FAILED", "its creation failed, and so did the rollback"),
        ("CREATE_FAILED", "its creation failed, so it can only be deleted"),
        ("UPDATE_ROLLBACK_FAILED", "aws cloudformation continue-update-rollback --stack-name live"),
        ("UPDATE_FAILED", "aws cloudformation rollback-stack --stack-name live"),
        ("DELETE_FAILED", "its deletion has failed, so it cannot be updated"),
    ],
)
def test_a_stack_that_cannot_be_deployed_is_one_sentence(
    deployer: Deployer, status: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    deployer.account.status = status
    assert deployer.deploy() == AWS_REFUSED
    (line,) = capsys.readouterr().err.splitlines()[1:]
    assert says in line
    assert deployer.aws.actions == ["sts:GetCallerIdentity", "cloudformation:DescribeStacks"]


def test_a_stack_in_review_is_created_and_if_declined_left(deployer: Deployer) -> None:
    deployer.account.status = "REVIEW_IN_PROGRESS"
    assert main(["deploy"]) == DECLINED
    assert deployer.account.status == "REVIEW_IN_PROGRESS"
    assert deployer.deploy() == CLEAN
    assert deployer.account.status == "CREATE_COMPLETE"


ACTIONS = (
    "cloudformation:CreateChangeSet",
    "cloudformation:DescribeChangeSet",
    "cloudformation:DescribeStackEvents",
    "cloudformation:DescribeStacks",
    "cloudformation:ExecuteChangeSet",
    "s3:HeadBucket",
    "s3:HeadObject",
    "s3:ListObjectsV2",
    "s3:PutObject",
    "sts:GetCallerIdentity",
)
FAILURES = {
    "throttled": (refuse("Throttling", "Rate exceeded"), "wait a minute and try again"),
    "denied": (refuse("AccessDenied", "not authorized"), "docs/deployer-policy.json"),
    "expired": (refuse("ExpiredToken", "expired"), "The credentials have expired"),
    "no credentials": (have_no_credentials, "there are no AWS credentials"),
    "no network": (lose_network, "AWS cannot be reached"),
}


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("action", ACTIONS)
def test_what_aws_refuses_is_one_sentence(
    deployer: Deployer, action: str, failure: str, capsys: pytest.CaptureFixture[str]
) -> None:
    happens, says = FAILURES[failure]
    deployer.aws.failures[action] = happens
    assert deployer.deploy() == AWS_REFUSED
    last = capsys.readouterr().err.splitlines()[-1]
    assert says in last
    assert action in deployer.aws.actions
    if action != "cloudformation:DescribeStacks":
        assert deployer.account.change_sets == {}


def test_ctrl_c_at_any_request_leaves_no_change_set(
    deployer: Deployer, capsys: pytest.CaptureFixture[str]
) -> None:
    """And says what goes on, once CloudFormation has begun."""
    account = deployer.account
    deployer.deploy()
    count = len(deployer.aws.calls)
    for number in range(count):
        account.__init__()  # type: ignore[misc]
        deployer.aws.calls.clear()
        deployer.aws.interrupted_at = number
        capsys.readouterr()
        assert deployer.deploy() == INTERRUPTED, deployer.aws.actions[-1]
        assert account.change_sets == {}
        said = capsys.readouterr().err
        executed = "cloudformation:ExecuteChangeSet" in deployer.aws.actions[:number]
        following = deployer.aws.actions[number] == "cloudformation:DescribeStackEvents"
        assert ("goes on at AWS" in said) == (executed and following)
        assert account.status in ((None,) if not executed else ("CREATE_COMPLETE",))


def test_a_failed_deployment_names_the_first_reason_and_the_table(
    deployer: Deployer, capsys: pytest.CaptureFixture[str]
) -> None:
    deployer.account.fails_at = "EncoderInput:the quota of inputs is used up"
    assert deployer.deploy() == AWS_REFUSED
    assert capsys.readouterr().err.splitlines()[-1] == (
        "The deployment failed (ROLLBACK_COMPLETE). EncoderInput (AWS::MediaLive::Input, from "
        "[ingest]): the quota of inputs is used up. The stack live is in the status "
        "ROLLBACK_COMPLETE: its creation failed and was rolled back, so it can only be deleted: "
        "`protected-stream destroy` deletes it."
    )
    assert deployer.account.buckets["live-page"] == {}


@pytest.mark.parametrize(
    ("failed", "says"),
    [
        ("ChannelGuard", "Custom::ChannelGuard, because of Channel, from [encoding]"),
        ("Channel", "AWS::MediaLive::Channel, from [encoding]"),
        ("PageBucket", "AWS::S3::Bucket, from [page]"),
        ("Added", "AWS::SNS::Topic"),
    ],
)
def test_a_failed_update_names_the_table_of_what_failed_or_of_what_the_guard_refuses(
    deployer: Deployer, failed: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The guard, if the channel was started after the command had looked."""
    deployer.deploy()
    _changes_the_ladder(deployer)
    deployer.change(Added={"Type": "AWS::SNS::Topic", "Properties": {}})
    deployer.account.fails_at = f"{failed}:the reason"
    assert deployer.deploy() == AWS_REFUSED
    last = capsys.readouterr().err.splitlines()[-1]
    assert f"(UPDATE_ROLLBACK_COMPLETE). {failed} ({says}): the reason." in last


def test_the_build_notes_name_tables_of_the_stream_file(deployer: Deployer) -> None:
    notes = build_notes(deployer.out)
    assert {*notes.sources.values()} <= Stream.model_fields.keys()
    template = json.loads((deployer.out / "template.json").read_text())
    assert notes.sources.keys() == template["Resources"].keys()


def _refused(deployer: Deployer) -> None:
    deployer.account.refuses = "Template error: no such thing"


def _in_another_region(deployer: Deployer) -> None:
    deployer.account.bucket_region = "eu-west-1"


def _for_a_region(deployer: Deployer) -> None:
    notes = json.loads((deployer.out / "build.json").read_text())
    (deployer.out / "build.json").write_text(json.dumps({**notes, "Region": "eu-west-1"}))


def _without(name: str) -> Callable[[Deployer], None]:
    return lambda deployer: (deployer.out / name).unlink()


def _with_values(*values: str) -> Callable[[Deployer], None]:
    def write(_: Deployer) -> None:
        Path("parameters-live.json").write_text(json.dumps(values))

    return write


@pytest.mark.parametrize(
    ("given", "arguments", "status", "says"),
    [
        (_refused, (), AWS_REFUSED, "refuses the template: Template error: no such thing."),
        (_in_another_region, (), AWS_REFUSED, "The bucket my-bucket is in eu-west-1"),
        (_for_a_region, ("--region", "us-east-1"), AWS_REFUSED, "The template is for eu-west-1"),
        (None, ("--bucket", "other"), AWS_REFUSED, "There is no bucket other. Add --create-bucket"),
        (_without("template.json"), (), NOTHING_WRITTEN, "`protected-stream template` writes one"),
        (_without("404.html"), (), NOTHING_WRITTEN, "`protected-stream page` writes one"),
        (_with_values(*VALUES[1:]), (), NOTHING_WRITTEN, "No value for InputCidr"),
        (_with_values(*VALUES[:2]), (), NOTHING_WRITTEN, "name one with --bucket"),
        (_with_values(*VALUES, "StartChannel=yes"), (), NOTHING_WRITTEN, "must be No or Yes"),
        (None, ("--parameters", "no.json"), NOTHING_WRITTEN, "no.json: cannot be read"),
        (None, ("no.toml",), NOTHING_WRITTEN, "no.toml"),
    ],
)
def test_what_cannot_be_deployed_is_one_sentence(
    deployer: Deployer,
    given: Callable[[Deployer], None] | None,
    arguments: tuple[str, ...],
    status: int,
    says: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if given:
        given(deployer)
    assert deployer.deploy(*arguments) == status
    assert says in capsys.readouterr().err.splitlines()[-1]
    assert (deployer.account.status, deployer.account.change_sets) == (None, {})


def test_the_deployer_may_do_what_the_command_does(deployer: Deployer) -> None:
    deployer.account.buckets["live-page"]["former.js"] = {}
    deployer.deploy("--create-bucket", "--bucket", "other")
    deployer.change(EncoderAllowList=None)
    deployer.account.refuses = "no"
    deployer.deploy()
    called = {permission(action) for action in deployer.aws.actions}
    called.remove("sts:GetCallerIdentity")  # needs no permission
    assert [one for one in sorted(called) if not allows(POLICY, one)] == []
    assert {"s3:CreateBucket", "s3:DeleteObject", "cloudformation:DeleteChangeSet"} <= called


def permission(action: str) -> str:
    """What allows it. Source: Service Authorization Reference, Amazon S3."""
    names = {
        "s3:DeleteObjects": "s3:DeleteObject",
        "s3:HeadBucket": "s3:ListBucket",
        "s3:HeadObject": "s3:GetObject",
        "s3:ListObjectsV2": "s3:ListBucket",
    }
    return names.get(action, action)


def test_every_file_of_the_page_has_a_content_type() -> None:
    assert set(CONTENT_TYPES) >= PAGE_FILES
