"""CloudFormation and S3 as Python functions, as far as a deployment needs them."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tests.unit.operator.running_stream.aws import Asked, Operation, Refused

STACK_ID = "arn:aws:cloudformation:us-east-1:123456789012:stack/live/0a1b2c3d"
NOW = datetime(2026, 12, 1, tzinfo=UTC)
OUTPUTS = {"PageBucketName": "live-page", "WatchAddress": "https://d1.cloudfront.net/"}
EMPTY = "The submitted information didn't contain changes. Submit different information."
Answer = dict[str, Any]


class DeployAccount:
    """An account with at most one stack, and buckets."""

    def __init__(self) -> None:
        self.status: str | None = None
        """The stack's; None if there is none."""
        self.reason = ""
        self.template: Mapping[str, Any] = {}
        self.parameters: dict[str, str] = {}
        self.change_sets: dict[str, Answer] = {}
        self.buckets: dict[str, dict[str, Answer]] = {"my-bucket": {}, "live-page": {}}
        self.bucket_region = "us-east-1"
        self.fails_at = ""
        """The resource that fails, with the reason after a colon."""
        self.refuses = ""
        """Why the change set fails."""
        self.events: list[Answer] = []
        self.channel_state = "IDLE"

    def operation(self, service: str, name: str) -> Operation:
        """What answers an operation; a KeyError for one that a deployment must not call."""
        found: Operation = getattr(self, f"{service}_{name}", None) or _unknown(service, name)
        return found

    def sts_GetCallerIdentity(self, _: Asked) -> Answer:  # noqa: N802
        return {"Account": "123456789012"}

    # CloudFormation

    def cloudformation_DescribeStacks(self, _: Asked) -> Answer:  # noqa: N802
        if self.status is None:
            raise Refused("ValidationError", "Stack with id live does not exist")
        stack = {
            "StackName": "live",
            "StackId": STACK_ID,
            "CreationTime": NOW,
            "StackStatus": self.status,
            "StackStatusReason": self.reason,
            "Outputs": [{"OutputKey": a, "OutputValue": b} for a, b in OUTPUTS.items()],
            "Parameters": [
                {"ParameterKey": name, "ParameterValue": "****" if "Key" in name else text}
                for name, text in self.parameters.items()
            ],
        }
        return {"Stacks": [stack]}

    def cloudformation_GetTemplate(self, _: Asked) -> Answer:  # noqa: N802
        return {"TemplateBody": json.dumps(self.template)}

    def cloudformation_CreateChangeSet(self, asked: Asked) -> Answer:  # noqa: N802
        self.status = self.status or "REVIEW_IN_PROGRESS"
        self.change_sets[asked["ChangeSetName"]] = dict(asked)
        return {"Id": "arn:change-set", "StackId": STACK_ID}

    def cloudformation_DescribeChangeSet(self, asked: Asked) -> Answer:  # noqa: N802
        if self.refuses:
            return {"Status": "FAILED", "StatusReason": self.refuses}
        change_set = self.change_sets[asked["ChangeSetName"]]
        new = self._new_template(change_set)["Resources"]
        changes = [
            {
                "Type": "Resource",
                "ResourceChange": {
                    "Action": "Modify" if name in self.template.get("Resources", ()) else "Add",
                    "LogicalResourceId": name,
                    "ResourceType": resource["Type"],
                    "Replacement": "False",
                    "Scope": ["Properties"],
                    "Details": [],
                },
            }
            for name, resource in new.items()
            if resource != self.template.get("Resources", {}).get(name)
        ]
        if not changes:
            return {"Status": "FAILED", "StatusReason": EMPTY}
        # by pages, as CloudFormation returns many
        first, rest = changes[:1], changes[1:]
        page = {"Changes": rest} if "NextToken" in asked else {"Changes": first, "NextToken": "1"}
        return {"Status": "CREATE_COMPLETE", **page}

    def _new_template(self, change_set: Asked) -> Answer:
        if "TemplateURL" in change_set:
            bucket, _, key = change_set["TemplateURL"].split("/", 3)[3].partition("/")
            return dict(json.loads(self.buckets[bucket][key]["Body"]))
        return dict(json.loads(change_set["TemplateBody"]))

    def cloudformation_DeleteChangeSet(self, asked: Asked) -> Answer:  # noqa: N802
        if self.change_sets.pop(asked["ChangeSetName"], None) is None:
            raise Refused("ChangeSetNotFound")
        return {}

    def cloudformation_DeleteStack(self, _: Asked) -> Answer:  # noqa: N802
        assert self.status == "REVIEW_IN_PROGRESS"
        self.status = None
        return {}

    def cloudformation_ExecuteChangeSet(self, asked: Asked) -> Answer:  # noqa: N802
        change_set = self.change_sets.pop(asked["ChangeSetName"])
        verb = change_set["ChangeSetType"]
        self.template = self._new_template(change_set)
        self.parameters |= {
            one["ParameterKey"]: one["ParameterValue"]
            for one in change_set["Parameters"]
            if "ParameterValue" in one
        }
        rolled_back = {"CREATE": "ROLLBACK_COMPLETE", "UPDATE": "UPDATE_ROLLBACK_COMPLETE"}
        failed, _, why = self.fails_at.partition(":")
        self._tell("live", f"{verb}_IN_PROGRESS")
        for name in dict.fromkeys([*list(self.template["Resources"])[:3], *filter(None, [failed])]):
            self._tell(name, f"{verb}_{'FAILED' if name == failed else 'COMPLETE'}", why)
        if failed:
            self._tell("Channel", f"{verb}_FAILED", "Resource creation canceled")
        self.status = rolled_back[verb] if failed else f"{verb}_COMPLETE"
        self._tell("live", self.status)
        return {}

    def _tell(self, name: str, status: str, reason: str = "") -> None:
        kind = self.template["Resources"].get(name, {}).get("Type", "AWS::CloudFormation::Stack")
        event = {
            "StackId": STACK_ID,
            "EventId": str(len(self.events)),
            "StackName": "live",
            "Timestamp": NOW,
            "LogicalResourceId": name,
            "ResourceType": kind,
            "ResourceStatus": status,
            "ResourceStatusReason": reason,
        }
        # a resource has no physical ID when its creation begins
        physical = {"PhysicalResourceId": STACK_ID} if name == "live" else {}
        self.events.insert(0, {**event, **physical})

    def cloudformation_DescribeStackEvents(self, _: Asked) -> Answer:  # noqa: N802
        return {"StackEvents": list(self.events)}

    def cloudformation_ListStackResources(self, _: Asked) -> Answer:  # noqa: N802
        return {
            "StackResourceSummaries": [
                {
                    "LogicalResourceId": name,
                    "PhysicalResourceId": f"id-of-{name}",
                    "ResourceType": resource["Type"],
                    "ResourceStatus": "CREATE_COMPLETE",
                    "LastUpdatedTimestamp": NOW,
                }
                for name, resource in self.template["Resources"].items()
            ]
        }

    # MediaLive

    def medialive_DescribeChannel(self, asked: Asked) -> Answer:  # noqa: N802
        assert asked["ChannelId"] == "id-of-Channel"
        return {"Id": asked["ChannelId"], "State": self.channel_state}

    # S3

    def s3_HeadBucket(self, asked: Asked) -> Answer:  # noqa: N802
        if asked["Bucket"] not in self.buckets:
            raise Refused("404", "Not Found")
        return {"BucketRegion": self.bucket_region}

    def s3_CreateBucket(self, asked: Asked) -> Answer:  # noqa: N802
        self.buckets[asked["Bucket"]] = {}
        return {}

    def s3_HeadObject(self, asked: Asked) -> Answer:  # noqa: N802
        if asked["Key"] not in self.buckets[asked["Bucket"]]:
            raise Refused("404", "Not Found")
        return {}

    def s3_PutObject(self, asked: Asked) -> Answer:  # noqa: N802
        body = asked["Body"]
        content = body.read() if hasattr(body, "read") else body
        self.buckets[asked["Bucket"]][asked["Key"]] = {**asked, "Body": content}
        return {}

    def s3_ListObjectsV2(self, asked: Asked) -> Answer:  # noqa: N802
        return {"Contents": [{"Key": key} for key in self.buckets[asked["Bucket"]]]}

    def s3_DeleteObjects(self, asked: Asked) -> Answer:  # noqa: N802
        for one in asked["Delete"]["Objects"]:
            del self.buckets[asked["Bucket"]][one["Key"]]
        return {}


def _unknown(service: str, name: str) -> Operation:
    raise AssertionError(f"a deployment calls {service}:{name}")
