"""Deployment by boto3 with its waiters, against an endpoint that shows every status."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError, WaiterError

from preview.endpoint.stacks import NO_CHANGES, NO_UPDATES
from protected_stream.building import build
from protected_stream.config import load
from tests.conftest import STREAMS, Document
from tests.preview.endpoint.serving import ARTIFACTS, Given, aws_endpoint
from tests.preview.operator import template_in
from tests.preview.scenario_given import given

CAPABILITIES = ["CAPABILITY_IAM"]
SOON = {"Delay": 1, "MaxAttempts": 60}


@pytest.fixture(scope="module")
def kms(tmp_path_factory: pytest.TempPathFactory) -> Document:
    folder = tmp_path_factory.mktemp("kms")
    build(load(STREAMS["kms"]), folder, lambda _: None)
    return template_in(folder)


@pytest.fixture
def call() -> Iterator[Given]:
    with aws_endpoint(longest_look=0) as one:
        yield one


class Client:
    """A client that deploys by change sets."""

    def __init__(self, call: Given) -> None:
        self.cloudformation = call.client("cloudformation")

    def propose(self, template: Document, **options: Any) -> dict[str, Any]:
        """Creates a change set; returns its description."""
        values = {**given(template), "StartChannel": "No"}
        asked = {
            "StackName": "live",
            "ChangeSetName": "one",
            "ChangeSetType": "UPDATE",
            "TemplateBody": text(template),
            "Parameters": parameters(values),
            "Capabilities": CAPABILITIES,
            **options,
        }
        self.cloudformation.create_change_set(
            **{name: value for name, value in asked.items() if value is not None}
        )
        names = {"StackName": "live", "ChangeSetName": asked["ChangeSetName"]}
        return dict(self.cloudformation.describe_change_set(**names))

    def execute(self, waiter: str, name: str = "one") -> None:
        self.cloudformation.execute_change_set(StackName="live", ChangeSetName=name)
        self.cloudformation.get_waiter(waiter).wait(StackName="live", WaiterConfig=SOON)

    def stack(self) -> dict[str, Any]:
        """The stack's description."""
        return dict(self.cloudformation.describe_stacks(StackName="live")["Stacks"][0])

    def statuses(self) -> list[str]:
        """The stack's statuses in its events, oldest first."""
        events = self.cloudformation.describe_stack_events(StackName="live")["StackEvents"]
        return [
            one["ResourceStatus"]
            for one in reversed(events)
            if one["ResourceType"] == "AWS::CloudFormation::Stack"
        ]


def text(template: Document) -> str:
    return json.dumps(template, separators=(",", ":"))


def parameters(values: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"ParameterKey": name, "ParameterValue": one} for name, one in values.items()]


def changed(template: Document, name: str, **properties: Any) -> Document:
    """The template with other properties of a resource."""
    resource = template["Resources"][name]
    merged = {**resource, "Properties": {**resource["Properties"], **properties}}
    return {**template, "Resources": {**template["Resources"], name: merged}}


def refusal(act: Any, *positional: Any, **named: Any) -> str:
    """The code and message of the error that a call gets."""
    with pytest.raises(ClientError) as refused:
        act(*positional, **named)
    error = refused.value.response["Error"]
    return f"{error['Code']}: {error['Message']}"


def test_waiters_see_a_stack_created_updated_and_deleted(call: Given, kms: Document) -> None:
    client = Client(call)
    api = client.cloudformation
    waits = api.get_waiter("change_set_create_complete")
    assert "Stack with id live does not exist" in refusal(api.describe_stacks, StackName="live")
    proposed = client.propose(kms, ChangeSetType="CREATE")
    waits.wait(StackName="live", ChangeSetName="one")
    assert {one["ResourceChange"]["Action"] for one in proposed["Changes"]} == {"Add"}
    assert client.stack()["StackStatus"] == "REVIEW_IN_PROGRESS"
    api.execute_change_set(StackName="live", ChangeSetName="one")
    assert client.stack()["StackStatus"] == "CREATE_IN_PROGRESS"
    assert "is in CREATE_IN_PROGRESS state and can not be updated" in refusal(client.propose, kms)
    assert "cannot be deleted while in status" in refusal(api.delete_stack, StackName="live")
    api.get_waiter("stack_create_complete").wait(StackName="live", WaiterConfig=SOON)
    _shows_what_it_has(client, kms)
    _says_why_nothing_changes(client, kms)
    _names_what_changes(client, kms)
    _says_what_it_refuses(client, kms)
    _rolls_back(client, kms)
    api.delete_stack(StackName="live")
    api.get_waiter("stack_delete_complete").wait(StackName="live", WaiterConfig=SOON)
    stack_id = proposed["StackId"]
    (deleted,) = api.describe_stacks(StackName=stack_id)["Stacks"]
    assert deleted["StackStatus"] == "DELETE_COMPLETE"
    assert client.propose(kms, ChangeSetType="CREATE")["StackId"] != stack_id
    client.execute("stack_create_complete")  # the user pool and the bucket of the first are kept


def _shows_what_it_has(client: Client, template: Document) -> None:
    stack = client.stack()
    shown = {one["ParameterKey"]: one["ParameterValue"] for one in stack["Parameters"]}
    assert shown["StreamKey"] == "****"
    assert shown["InputCidr"] == given(template)["InputCidr"]
    outputs = {one["OutputKey"] for one in stack["Outputs"]}
    assert {"WatchAddress", "ChannelId"} <= outputs <= template["Outputs"].keys()
    api = client.cloudformation
    assert api.get_template(StackName="live")["TemplateBody"] == template
    resources = api.list_stack_resources(StackName="live")["StackResourceSummaries"]
    assert {one["ResourceStatus"] for one in resources} == {"CREATE_COMPLETE"}
    assert {one["LogicalResourceId"] for one in resources} <= template["Resources"].keys()
    declared = api.get_template_summary(StackName="live")["Parameters"]
    assert {one["ParameterKey"] for one in declared if one["NoEcho"]} == {"StreamKey"}


def _says_why_nothing_changes(client: Client, template: Document) -> None:
    described = {**template, "Description": "Another description"}
    for name, other, reason in (("same", template, NO_CHANGES), ("text", described, NO_UPDATES)):
        proposed = client.propose(other, ChangeSetName=name)
        assert (proposed["Status"], proposed["StatusReason"]) == ("FAILED", reason)
        said = refusal(client.execute, "stack_update_complete", name)
        assert said.startswith("InvalidChangeSetStatus")
        client.cloudformation.delete_change_set(StackName="live", ChangeSetName=name)
        said = refusal(
            client.cloudformation.describe_change_set, StackName="live", ChangeSetName=name
        )
        assert said.startswith("ChangeSetNotFound")


def _names_what_changes(client: Client, template: Document) -> None:
    """By a parameter that is given, others that are kept, and a property that is immutable."""
    values = [
        {"ParameterKey": name, "UsePreviousValue": True}
        for name in template["Parameters"]
        if name != "InputCidr"
    ]
    values += parameters({"InputCidr": "198.51.100.0/24"})
    other = changed(template, "CookiesByKmsFunctionLog", LogGroupName="another-log")
    changes = {
        one["ResourceChange"]["LogicalResourceId"]: one["ResourceChange"]
        for one in client.propose(other, Parameters=values)["Changes"]
    }
    allow = changes["EncoderAllowList"]
    assert (allow["Action"], allow["Replacement"], allow["Scope"]) == (
        "Modify",
        "False",
        ["Properties"],
    )
    (detail,) = allow["Details"]
    assert (detail["ChangeSource"], detail["CausingEntity"]) == ("ParameterReference", "InputCidr")
    log = changes["CookiesByKmsFunctionLog"]
    assert (log["Replacement"], log["PolicyAction"]) == ("True", "ReplaceAndDelete")
    assert log["Details"][0]["Target"]["RequiresRecreation"] == "Always"
    role = changes["CookiesByKmsFunctionRole"]
    assert {one["Evaluation"] for one in role["Details"]} == {"Dynamic"}
    client.execute("stack_update_complete")
    assert client.statuses()[-3:] == [
        "UPDATE_IN_PROGRESS",
        "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_COMPLETE",
    ]


def _rolls_back(client: Client, template: Document) -> None:
    """An update that fails, with the value of a NoEcho parameter in the error."""
    before = client.stack()
    secret = given(template)["StreamKey"]
    config = template["Resources"]["PageAccess"]["Properties"]["OriginAccessControlConfig"]
    wrong = {**config, "SigningBehavior": {"Ref": "StreamKey"}}
    client.propose(changed(template, "PageAccess", OriginAccessControlConfig=wrong))
    with pytest.raises(WaiterError, match="UPDATE_ROLLBACK_COMPLETE"):
        client.execute("stack_update_complete")
    after = client.stack()
    events = client.cloudformation.describe_stack_events(StackName="live")["StackEvents"]
    (failed, *_) = [one for one in events if one["ResourceStatus"] == "UPDATE_FAILED"]
    assert failed["LogicalResourceId"] == "PageAccess"
    assert "'****' does not match" in failed["ResourceStatusReason"]
    assert "PageAccess" in after["StackStatusReason"]
    assert secret not in str(events) + str(after)
    assert after["Outputs"] == before["Outputs"]
    assert after["Parameters"] == before["Parameters"]


def _says_what_it_refuses(client: Client, template: Document) -> None:
    large = {**template, "Metadata": {"much": "x" * 51_200}}
    refused: dict[str, dict[str, Any]] = {
        "InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_IAM]": {
            "Capabilities": []
        },
        "must have values": {"Parameters": []},
        "do not exist in the template": {
            "Parameters": parameters({**given(template), "Nope": "1"})
        },
        "must be": {"Parameters": parameters({**given(template), "InputCidr": "anywhere"})},
        "less than or equal to 51200": {"TemplateBody": text(large)},
        "JSON not well-formed": {"TemplateBody": "Resources: {}"},
        "S3 error: NoSuchKey": {
            "TemplateBody": None,
            "TemplateURL": f"https://s3.us-east-1.amazonaws.com/{ARTIFACTS}/missing.template",
        },
        "already exists and cannot be created again": {"ChangeSetType": "CREATE"},
        "one stack at a time": {"ChangeSetType": "CREATE", "StackName": "another"},
        "does not exist": {"StackName": "another"},
        "does not support OnStackFailure": {"OnStackFailure": "DELETE"},
        "does not support DeploymentConfig.Mode EXPRESS": {"DeploymentConfig": {"Mode": "EXPRESS"}},
    }
    for said, options in refused.items():
        assert said in refusal(client.propose, template, ChangeSetName="no", **options)


def test_a_failed_creation_is_rolled_back_and_then_only_deleted(
    call: Given, default: Document
) -> None:
    """The functions' code is not in the bucket."""
    client = Client(call)
    body = text(default)
    call.client("s3").put_object(Bucket=ARTIFACTS, Key="one.template", Body=body)
    where = {"TemplateBody": None, "TemplateURL": f"{call.url}/{ARTIFACTS}/one.template"}
    client.propose(default, ChangeSetType="CREATE", **where)
    with pytest.raises(WaiterError, match="ROLLBACK_COMPLETE"):
        client.execute("stack_create_complete")
    assert client.statuses() == [
        "REVIEW_IN_PROGRESS",
        "CREATE_IN_PROGRESS",
        "ROLLBACK_IN_PROGRESS",
        "ROLLBACK_COMPLETE",
    ]
    assert "NoSuchKey" in client.stack()["StackStatusReason"]
    assert call.account.resources.by_logical_id == {}
    said = refusal(client.propose, default, **where)
    assert "is in ROLLBACK_COMPLETE state and can not be updated" in said
    client.cloudformation.delete_stack(StackName="live")
    waiter = client.cloudformation.get_waiter("stack_delete_complete")
    waiter.wait(StackName="live", WaiterConfig=SOON)
    client.propose(default, ChangeSetType="CREATE", StackName="live", **where)
