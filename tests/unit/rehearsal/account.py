"""An account for a rehearsal: a stack with a channel, and each doubt answered either way."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.conftest import Document
from tests.unit.operator.deploying.account import EMPTY, Answer, DeployAccount
from tests.unit.operator.running_stream.aws import Asked, Operation
from tests.unit.operator.running_stream.stream import CHANNEL, Stream

CHANGE_SET = "arn:aws:cloudformation:us-east-1:123456789012:changeSet"
OUTPUTS = {
    "ChannelId": CHANNEL,
    "DashManifest": "https://d1.cloudfront.net/media/index.mpd",
    "EncoderAddressPrimary": "rtmp://192.0.2.1:1935/primary",
}


class RehearsalAccount(DeployAccount):
    """Operations end at once; the channel takes its time, as in `Stream`."""

    def __init__(self, template: Document) -> None:
        super().__init__()
        self.stream = Stream(template)
        self.alerts: list[str] = []
        self.last_change_set = ""
        self.before_execution: Callable[[Mapping[str, str]], str] = lambda _: ""
        """What an update does, given the parameters that it changes; returns why it fails."""
        self.deletions: list[str] = []
        """Why each deletion fails, in order; then they succeed."""
        self.falls_back = False
        """Whether a channel that is started is idle again."""
        self.on_sleep: Callable[[], object] = lambda: None
        self.unseen: tuple[str, ...] = ()
        """What the operator does not see: parts of questions."""

    def sleep(self, seconds: float) -> None:
        """Lets time pass."""
        self.stream.time += seconds
        self.on_sleep()

    def comes_to_rest(self) -> str:
        """The channel's state after an hour; empty if the stack is deleted."""
        self.sleep(3600)
        described = self.stream.medialive_describe_channel({"ChannelId": CHANNEL})
        return str(described["State"]) if self.status else ""

    def operation(self, service: str, name: str) -> Operation:
        own: Operation | None = getattr(self, f"{service}_{name}", None)
        return own or self.stream.operation(service, name)

    # CloudFormation
    def cloudformation_DescribeStacks(self, asked: Asked) -> Answer:  # noqa: N802
        (stack,) = super().cloudformation_DescribeStacks(asked)["Stacks"]
        more = [{"OutputKey": name, "OutputValue": value} for name, value in OUTPUTS.items()]
        return {
            "Stacks": [
                {
                    **stack,
                    "Outputs": [*stack["Outputs"], *more],
                    "ChangeSetId": f"{CHANGE_SET}/{self.last_change_set}/0a1b",
                }
            ]
        }

    def cloudformation_ListStackResources(self, asked: Asked) -> Answer:  # noqa: N802
        return dict(self.stream.cloudformation_list_stack_resources(asked))

    def cloudformation_DescribeChangeSet(self, asked: Asked) -> Answer:  # noqa: N802
        if not self.template or self.refuses:
            return super().cloudformation_DescribeChangeSet(asked)
        if not self._changed(self.change_sets[asked["ChangeSetName"]]):
            return {"Status": "FAILED", "StatusReason": EMPTY}
        change = {
            "Action": "Modify",
            "LogicalResourceId": "ChannelGuard",
            "ResourceType": "Custom::ChannelGuard",
            "Scope": ["Properties"],
        }
        return {
            "Status": "CREATE_COMPLETE",
            "Changes": [{"Type": "Resource", "ResourceChange": change}],
        }

    def _changed(self, change_set: Asked) -> dict[str, str]:
        return {
            one["ParameterKey"]: one["ParameterValue"]
            for one in change_set["Parameters"]
            if one.get("ParameterValue", self.parameters.get(one["ParameterKey"]))
            != self.parameters.get(one["ParameterKey"])
        }

    def cloudformation_ExecuteChangeSet(self, asked: Asked) -> Answer:  # noqa: N802
        change_set = self.change_sets.pop(asked["ChangeSetName"])
        self.last_change_set = asked["ChangeSetName"]
        is_new, changed = not self.template, self._changed(change_set)
        verb = change_set["ChangeSetType"]
        self.template = self._new_template(change_set)
        self._tell("live", f"{verb}_IN_PROGRESS")
        why = self.fails_at.partition(":")[2] if is_new else self.before_execution(changed)
        failed = self.fails_at.partition(":")[0] if is_new else "ChannelGuard"
        self._tell(failed or "ChannelGuard", f"{verb}_{'FAILED' if why else 'COMPLETE'}", why)
        if not why:
            self.parameters |= changed
        rolled_back = "ROLLBACK_COMPLETE" if is_new else "UPDATE_ROLLBACK_COMPLETE"
        self.status = rolled_back if why else f"{verb}_COMPLETE"
        self._tell("live", self.status)
        return {}

    def cloudformation_DeleteStack(self, asked: Asked) -> Answer:  # noqa: N802
        if self.status == "REVIEW_IN_PROGRESS":
            return super().cloudformation_DeleteStack(asked)
        why = self.deletions.pop(0) if self.deletions else ""
        self._tell("live", "DELETE_IN_PROGRESS")
        self.stream.channel_state, self.stream.changes_at = "IDLE", []
        if why:
            self._tell("EncoderAllowList", "DELETE_FAILED", why)
        self.status = "DELETE_FAILED" if why else None
        self._tell("live", self.status or "DELETE_COMPLETE")
        if not why:
            self.template, self.parameters = {}, {}
        return {}

    # MediaLive
    def medialive_DescribeChannel(self, asked: Asked) -> Answer:  # noqa: N802
        return dict(self.stream.medialive_describe_channel(asked))

    def medialive_StartChannel(self, asked: Asked) -> Mapping[str, Any]:  # noqa: N802
        answer = self.stream.medialive_start_channel(asked)
        if self.falls_back:
            now = self.stream.time
            self.stream.changes_at = [(now + 3, "STARTING"), (now + 30, "IDLE")]
        return answer

    def medialive_ListAlerts(self, _: Asked) -> Answer:  # noqa: N802
        return {
            "Alerts": [{"AlertType": one, "PipelineId": "0", "Message": one} for one in self.alerts]
        }

    def s3_ListObjectVersions(self, _: Asked) -> Answer:  # noqa: N802
        return {"IsTruncated": False}

    def stop_for_update(self) -> None:
        """What the channel guard does: the channel is stopped, and started again afterwards."""
        now = self.stream.time
        self.stream.channel_state = "IDLE"
        self.stream.changes_at = [(now + 30, "STARTING"), (now + 90, "RUNNING")]

    def saw(self, question: str) -> str:
        """What the operator types after a question."""
        return "n" if any(one in question for one in self.unseen) else "y"
