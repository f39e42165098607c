"""A deployed stream in AWS: what CloudFormation, MediaLive and the others say of it."""

import io
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from botocore import xform_name

from tests.conftest import Document
from tests.unit.operator.running_stream.aws import Asked, Operation, Refused

NOW = datetime(2026, 11, 30, 20, 0, tzinfo=UTC).timestamp()
CHANNEL, STACK_ID = "1234567", "arn:aws:cloudformation:us-east-1:111122223333:stack/live/0a1b"
STREAM_KEY = "a-stream-key-of-the-tests"
FIRST_VERSION, SECOND_VERSION = (f"{name}-version-of-the-signing-secret" for name in ("1st", "2nd"))
STARTS_IN, STOPS_IN, DELETES_IN = 60, 40, 2
"""Seconds; the last for each resource."""


class Stream:
    """The state of one stack and what belongs to it; time passes when a command sleeps."""

    def __init__(self, template: Document) -> None:
        self.template = template
        self.time = NOW
        self.status = "CREATE_COMPLETE"
        self.channel_state = "IDLE"
        self.changes_at: list[tuple[float, str]] = []
        """When the channel's state changes, and to what."""
        self.notes: dict[str, str] = {}
        self.events: list[tuple[float, Mapping[str, Any]]] = []
        """When each event of the stack becomes visible, and the event."""
        self.undeletable: dict[str, str] = {}
        """Why a resource cannot be deleted, by logical ID."""
        self.stages = {FIRST_VERSION: ["AWSCURRENT"]}
        """The labels of the signing secret's versions."""
        self.after_rotation = {FIRST_VERSION: ["AWSPREVIOUS"], SECOND_VERSION: ["AWSCURRENT"]}
        self.rotates_at: list[tuple[float, dict[str, list[str]]]] = []
        self.answer_of_function: object = "The key K2 signs from now on."
        self.logged: list[tuple[str, float, str]] = []
        """The log group's logical ID, the time and the line of what was logged."""
        self.viewers: dict[str, dict[str, Any]] = {}
        """Accounts, by username."""
        self.mails: list[str] = []
        """To whom invitations were sent."""
        self.members: list[tuple[str, str]] = []
        """Viewers and their groups."""
        self.mail_sender = "COGNITO_DEFAULT"
        self.objects = ["index.html"]
        """Of the stack's buckets."""
        self.confirmed: set[str] = set()
        """The addresses that hear of alarms."""
        self.ringing: list[str] = []
        """The logical IDs of alarms."""
        self.subscriptions: list[Mapping[str, Any]] = []
        self.physical_ids = {
            name: CHANNEL
            if resource["Type"] == "AWS::MediaLive::Channel"
            else f"{name}-in-account-111122223333"
            for name, resource in template["Resources"].items()
        }

    def sleep(self, seconds: float) -> None:
        """Lets time pass."""
        self.time += seconds
        self._advance()

    def operation(self, service: str, name: str) -> Operation:
        """What answers the request."""
        answer: Operation = getattr(self, f"{service.replace('-', '_')}_{xform_name(name)}")
        return answer

    def is_on_air(self) -> None:
        """The channel has been running for two hours."""
        self.channel_state, self.changes_at = "RUNNING", []
        self.notes["running-since"] = str(int(self.time) - 7200)

    # STS and CloudFormation
    def sts_get_caller_identity(self, _: Asked) -> Mapping[str, Any]:
        return {"Account": "111122223333"}

    def _outputs(self) -> dict[str, str]:
        if self.status == "ROLLBACK_COMPLETE":
            return {}
        addresses = {"EncoderAddressPrimary": "rtmp://192.0.2.1:1935/primary"}
        return {
            name: self.physical_ids.get(output.get("Ref", ""))
            or addresses.get(name)
            or f"https://{name.lower()}.example.com/"
            for name, output in (
                (name, one["Value"] if isinstance(one["Value"], dict) else {})
                for name, one in self.template["Outputs"].items()
            )
        }

    def _advance(self) -> None:
        for at, event in self.events:
            is_of_stack = event["LogicalResourceId"] == "live"
            if at <= self.time and is_of_stack:
                self.status = event["ResourceStatus"]

    def cloudformation_describe_stacks(self, asked: Asked) -> Mapping[str, Any]:
        self._advance()
        is_gone = self.status == "DELETE_COMPLETE"
        if asked["StackName"] not in ("live", STACK_ID) or (
            is_gone and asked["StackName"] == "live"
        ):
            raise Refused("ValidationError", f"Stack with id {asked['StackName']} does not exist")
        return {
            "Stacks": [
                {
                    "StackName": "live",
                    "StackId": STACK_ID,
                    "StackStatus": self.status,
                    "CreationTime": datetime.fromtimestamp(NOW, UTC),
                    "Parameters": [
                        {"ParameterKey": "ArtifactBucket", "ParameterValue": "my-bucket"}
                    ],
                    "Outputs": [
                        {"OutputKey": name, "OutputValue": value}
                        for name, value in self._outputs().items()
                    ],
                }
            ]
        }

    def cloudformation_get_template(self, _: Asked) -> Mapping[str, Any]:
        return {"TemplateBody": json.dumps(self.template)}

    def cloudformation_list_stack_resources(self, _: Asked) -> Mapping[str, Any]:
        return {
            "StackResourceSummaries": [
                {
                    "LogicalResourceId": name,
                    "PhysicalResourceId": self.physical_ids[name],
                    "ResourceType": resource["Type"],
                    "ResourceStatus": "CREATE_COMPLETE",
                    "LastUpdatedTimestamp": datetime.fromtimestamp(NOW, UTC),
                }
                for name, resource in self.template["Resources"].items()
            ]
        }

    def cloudformation_delete_stack(self, _: Asked) -> Mapping[str, Any]:
        self.begin_deletion()
        return {}

    def begin_deletion(self) -> None:
        """CloudFormation deletes one resource after the other, and then the stack."""
        at = self.time
        self._event(at, "live", "AWS::CloudFormation::Stack", "DELETE_IN_PROGRESS")
        failed = []
        for name, resource in self.template["Resources"].items():
            kind, is_kept = resource["Type"], "Retain" in resource.get("DeletionPolicy", "")
            at += DELETES_IN
            if is_kept:
                self._event(at, name, kind, "DELETE_SKIPPED")
            elif name in self.undeletable:
                self._event(at, name, kind, "DELETE_FAILED", self.undeletable[name])
                failed.append(name)
            else:
                self._event(at, name, kind, "DELETE_COMPLETE")
        reason = f"The following resource(s) failed to delete: [{', '.join(failed)}]. "
        end = ("DELETE_FAILED", reason) if failed else ("DELETE_COMPLETE", "")
        self._event(at + 1, "live", "AWS::CloudFormation::Stack", *end)

    def _event(self, at: float, name: str, kind: str, status: str, reason: str = "") -> None:
        event = {
            "StackId": STACK_ID,
            "EventId": f"{name}-{status}-{len(self.events)}",
            "StackName": "live",
            "LogicalResourceId": name,
            "PhysicalResourceId": STACK_ID if name == "live" else self.physical_ids[name],
            "ResourceType": kind,
            "ResourceStatus": status,
            "Timestamp": datetime.fromtimestamp(at, UTC),
        }
        self.events.append((at, {**event, "ResourceStatusReason": reason} if reason else event))

    def cloudformation_describe_stack_events(self, asked: Asked) -> Mapping[str, Any]:
        """Newest first, 20 to a page; CloudFormation has 100 to a page."""
        visible = [event for at, event in self.events if at <= self.time][::-1]
        begin, end = int(asked.get("NextToken", "0")), int(asked.get("NextToken", "0")) + 20
        more = {"NextToken": str(end)} if end < len(visible) else {}
        return {"StackEvents": visible[begin:end], **more}

    # MediaLive and Parameter Store
    def medialive_describe_channel(self, asked: Asked) -> Mapping[str, Any]:
        for at, state in self.changes_at:
            if at <= self.time:
                self.channel_state = state
        if asked["ChannelId"] != CHANNEL:
            raise Refused("NotFoundException")
        return {"Id": CHANNEL, "State": self.channel_state, "PipelinesRunningCount": 2}

    def medialive_start_channel(self, _: Asked) -> Mapping[str, Any]:
        if self.channel_state != "IDLE":
            raise Refused("ConflictException")
        # MediaLive's description may be some seconds old
        self.changes_at = [(self.time + 3, "STARTING"), (self.time + STARTS_IN, "RUNNING")]
        return {"State": "STARTING"}

    def medialive_stop_channel(self, _: Asked) -> Mapping[str, Any]:
        if self.channel_state not in ("RUNNING", "RECOVERING"):
            raise Refused("ConflictException")
        self.changes_at = [(self.time + 3, "STOPPING"), (self.time + STOPS_IN, "IDLE")]
        return {"State": "STOPPING"}

    def medialive_list_alerts(self, asked: Asked) -> Mapping[str, Any]:
        assert asked["StateFilter"] == "SET"
        return {
            "Alerts": [
                {"AlertType": "Video Not Detected", "PipelineId": "0", "Message": "no video"}
            ]
        }

    def medialive_describe_input(self, asked: Asked) -> Mapping[str, Any]:
        url = f"rtmp://192.0.2.1:1935/primary/{STREAM_KEY}"
        return {
            "Id": asked["InputId"],
            "State": "ATTACHED",
            "Type": "RTMP_PUSH",
            "Destinations": [{"Url": url}],
        }

    def ssm_get_parameters(self, asked: Asked) -> Mapping[str, Any]:
        folder = "/channel-guard/live/"
        return {
            "Parameters": [
                {"Name": name, "Value": self.notes[name.removeprefix(folder)]}
                for name in asked["Names"]
                if name.removeprefix(folder) in self.notes
            ]
        }

    # Secrets Manager and CloudFront's flat-rate plans
    def secretsmanager_describe_secret(self, asked: Asked) -> Mapping[str, Any]:
        return {
            "ARN": asked["SecretId"],
            "CreatedDate": datetime(2026, 9, 1, tzinfo=UTC),
            "LastRotatedDate": datetime(2026, 11, 20, tzinfo=UTC),
            "LastChangedDate": datetime(2026, 11, 25, tzinfo=UTC),
            "NextRotationDate": datetime(2026, 12, 20, tzinfo=UTC),
            "VersionIdsToStages": self._stages(),
        }

    def _stages(self) -> dict[str, list[str]]:
        for at, stages in self.rotates_at:
            if at <= self.time:
                self.stages = stages
        return self.stages

    def secretsmanager_rotate_secret(self, asked: Asked) -> Mapping[str, Any]:
        if any("AWSPENDING" in stages for stages in self.stages.values()):
            message = "A previous rotation isn't complete. That rotation will be reattempted."
            raise Refused("InvalidRequestException", message)
        self.stages = {FIRST_VERSION: ["AWSCURRENT"], SECOND_VERSION: ["AWSPENDING"]}
        self.rotates_at = [(self.time + 40, self.after_rotation)]
        return {"ARN": asked["SecretId"], "VersionId": SECOND_VERSION}

    def lambda_invoke(self, asked: Asked) -> Mapping[str, Any]:
        assert json.loads(asked["Payload"]) == {"Act": "revoke every key"}
        answer = json.dumps(self.answer_of_function).encode()
        failed = {"FunctionError": "Unhandled"} if isinstance(self.answer_of_function, dict) else {}
        return {"StatusCode": 200, "Payload": io.BytesIO(answer), **failed}

    def logs_filter_log_events(self, asked: Asked) -> Mapping[str, Any]:
        """Two lines to a page."""
        group, begin = asked["logGroupName"], asked["startTime"]
        if group not in self.physical_ids.values():
            raise Refused("ResourceNotFoundException")
        found = [
            {"eventId": f"{group}-{at}-{text}", "timestamp": int(at * 1000), "message": text}
            for name, at, text in self.logged
            if self.physical_ids[name] == group and begin <= at * 1000 and at <= self.time
        ]
        first = int(asked.get("nextToken", "0"))
        more = {"nextToken": str(first + 2)} if first + 2 < len(found) else {}
        return {"events": found[first : first + 2], **more}

    def pricing_plan_manager_list_subscriptions(self, _: Asked) -> Mapping[str, Any]:
        return {"subscriptionSummaries": self.subscriptions}

    # CloudWatch and SNS
    def cloudwatch_describe_alarms(self, asked: Asked) -> Mapping[str, Any]:
        assert asked["StateValue"] == "ALARM"
        found: dict[str, list[Mapping[str, Any]]] = {"CompositeAlarms": [], "MetricAlarms": []}
        for title in self.ringing:
            resource = self.template["Resources"][title]
            stated, name = resource["Properties"], self.physical_ids[title]
            rule = stated.get("AlarmRule", {}).get("Fn::Sub", "")
            for other, named in self.physical_ids.items():
                rule = rule.replace(f"${{{other}}}", named)
            if name in asked["AlarmNames"]:
                found[f"{'Composite' if rule else 'Metric'}Alarms"].append(
                    {
                        "AlarmName": name,
                        "AlarmDescription": stated["AlarmDescription"],
                        "AlarmActions": ["the topic"] if "AlarmActions" in stated else [],
                        **({"AlarmRule": rule} if rule else {}),
                    }
                )
        return found

    def sns_list_subscriptions_by_topic(self, asked: Asked) -> Mapping[str, Any]:
        address = "operator@example.com"
        arn = f"{asked['TopicArn']}:1" if address in self.confirmed else "PendingConfirmation"
        return {"Subscriptions": [{"Endpoint": address, "SubscriptionArn": arn}]}

    # S3
    def s3_list_object_versions(self, _: Asked) -> Mapping[str, Any]:
        return {
            "IsTruncated": False,
            "Versions": [{"Key": name, "VersionId": "1"} for name in self.objects],
            "DeleteMarkers": [{"Key": name, "VersionId": "2"} for name in self.objects],
        }

    def s3_delete_objects(self, asked: Asked) -> Mapping[str, Any]:
        gone = {one["Key"] for one in asked["Delete"]["Objects"]}
        self.objects = [name for name in self.objects if name not in gone]
        return {}

    # Cognito
    def cognito_idp_list_users(self, asked: Asked) -> Mapping[str, Any]:
        """Sixty to a page at most."""
        first = int(asked.get("PaginationToken", "0"))
        users = list(self.viewers.values())
        more = {"PaginationToken": str(first + 60)} if first + 60 < len(users) else {}
        return {"Users": users[first : first + 60], **more}

    def cognito_idp_describe_user_pool(self, _: Asked) -> Mapping[str, Any]:
        return {"UserPool": {"EmailConfiguration": {"EmailSendingAccount": self.mail_sender}}}

    def cognito_idp_admin_create_user(self, asked: Asked) -> Mapping[str, Any]:
        name, message = asked["Username"], asked.get("MessageAction")
        if name in self.viewers and message != "RESEND":
            raise Refused("UsernameExistsException")
        if message != "SUPPRESS":
            self.mails.append(name)
        self.add_viewer(name)
        return {"User": self.viewers[name]}

    def add_viewer(self, address: str, ago: float = 0) -> None:
        """An account that was created that many seconds ago."""
        self.viewers[address] = {
            "Username": address,
            "Attributes": [{"Name": "email", "Value": address}],
            "UserCreateDate": datetime.fromtimestamp(self.time - ago, UTC),
            "Enabled": True,
            "UserStatus": "FORCE_CHANGE_PASSWORD",
        }

    def cognito_idp_admin_add_user_to_group(self, asked: Asked) -> Mapping[str, Any]:
        self.members.append((asked["Username"], asked["GroupName"]))
        return {}

    def cognito_idp_admin_disable_user(self, asked: Asked) -> Mapping[str, Any]:
        if asked["Username"] not in self.viewers:
            raise Refused("UserNotFoundException", "User does not exist.")
        self.viewers[asked["Username"]]["Enabled"] = False
        return {}
