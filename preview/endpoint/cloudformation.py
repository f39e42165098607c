"""CloudFormation's API: the actions of a deployment by change set.

Source: CloudFormation API Reference, the page of each action.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from preview.endpoint.desk import Desk
from preview.endpoint.stacks import (
    ChangeSet,
    Event,
    Record,
    Request,
    resource_statuses,
    shown,
)
from preview.endpoint.templates import (
    body_of,
    check_capabilities,
    parsed,
    summary,
    validation_error,
)

Parameters = Mapping[str, Any]
SUPPORTED: Mapping[str, Sequence[str]] = {
    "CreateChangeSet": (
        *("StackName", "TemplateBody", "TemplateURL", "UsePreviousTemplate", "Parameters"),
        *("Capabilities", "Tags", "ChangeSetName", "ClientToken", "Description"),
        *("ChangeSetType", "DeploymentConfig"),
    ),
    "ExecuteChangeSet": ("ChangeSetName", "StackName", "ClientRequestToken"),
    "DeleteStack": ("StackName", "ClientRequestToken", "DeploymentConfig"),
}
"""The parameters that the preview heeds; of others, it refuses any value that changes something."""


def create_change_set(desk: Desk, asked: Parameters) -> dict[str, Any]:
    """Creates a change set."""
    _expect_supported("CreateChangeSet", asked)
    name = asked["StackName"]
    kind = asked.get("ChangeSetType", "UPDATE")
    previous = desk.stacks.named(name).deployed if kind == "UPDATE" else None
    body = previous.body if previous and asked.get("UsePreviousTemplate") else None
    body = body or body_of(desk.account, asked)
    if body is None:
        raise validation_error("Either Template URL or Template Body must be specified.")
    template = parsed(body)
    check_capabilities(template, asked.get("Capabilities", ()))
    request = Request(
        name=asked["ChangeSetName"],
        kind=kind,
        body=body,
        parameters=_values(template, asked.get("Parameters", ()), previous),
        capabilities=asked.get("Capabilities", ()),
        tags=asked.get("Tags", ()),
        description=asked.get("Description"),
    )
    made = desk.stacks.propose(name, request)
    return {"Id": made.id, "StackId": desk.stacks.change_set(made.id, None)[0].id}


def describe_change_set(desk: Desk, asked: Parameters) -> dict[str, Any]:
    """What a change set would change."""
    record, one = desk.stacks.change_set(asked["ChangeSetName"], asked.get("StackName"))
    return {
        **_change_set(record, one),
        "Parameters": shown(one.request),
        "NotificationARNs": [],
        "RollbackConfiguration": {},
        "Capabilities": one.request.capabilities,
        "Tags": one.request.tags,
        "Changes": [{"Type": "Resource", "ResourceChange": change} for change in one.changes],
        "IncludeNestedStacks": False,
    }


def execute_change_set(desk: Desk, asked: Parameters) -> dict[str, Any]:
    """Begins what a change set asks for."""
    _expect_supported("ExecuteChangeSet", asked)
    desk.stacks.execute(asked["ChangeSetName"], asked.get("StackName"))
    return {}


def delete_change_set(desk: Desk, asked: Parameters) -> dict[str, Any]:
    """Deletes a change set."""
    desk.stacks.discard(asked["ChangeSetName"], asked.get("StackName"))
    return {}


def describe_stacks(desk: Desk, asked: Parameters) -> dict[str, Any]:
    """One stack by name or ID, or the one that is there."""
    name, there = asked.get("StackName"), desk.stacks.current()
    found = [desk.stacks.named(name)] if name else [there] if there else []
    return {"Stacks": [_stack(one) for one in found]}


def describe_stack_events(desk: Desk, asked: Parameters) -> dict[str, Any]:
    """The newest event first."""
    record = desk.stacks.named(asked["StackName"])
    return {"StackEvents": [_event(record, one) for one in reversed(record.events)]}


def describe_stack_resource(desk: Desk, asked: Parameters) -> dict[str, Any]:
    """One resource of a stack."""
    record, name = desk.stacks.named(asked["StackName"]), asked["LogicalResourceId"]
    for one in resource_statuses(record):
        if one.happening.logical_id == name:
            place = {"StackName": record.name, "StackId": record.id}
            return {"StackResourceDetail": {**place, **_resource(one, "LastUpdatedTimestamp")}}
    raise validation_error(f"Resource {name} does not exist for stack {record.name}")


def list_stack_resources(desk: Desk, asked: Parameters) -> dict[str, Any]:
    """The resources of a stack."""
    record = desk.stacks.named(asked["StackName"])
    return {
        "StackResourceSummaries": [
            _resource(one, "LastUpdatedTimestamp") for one in resource_statuses(record)
        ]
    }


def get_template(desk: Desk, asked: Parameters) -> dict[str, Any]:
    """The template of a stack, or of a change set."""
    if asked.get("ChangeSetName"):
        _, one = desk.stacks.change_set(asked["ChangeSetName"], asked.get("StackName"))
        body = one.request.body
    else:
        record = desk.stacks.named(asked["StackName"])
        body = record.deployed.body if record.deployed else ""
    return {"TemplateBody": body, "StagesAvailable": ["Original", "Processed"]}


def get_template_summary(desk: Desk, asked: Parameters) -> dict[str, Any]:
    """What a template declares."""
    body = body_of(desk.account, asked)
    if body is None:
        record = desk.stacks.named(asked.get("StackName", ""))
        body = record.deployed.body if record.deployed else '{"Resources": {}}'
    return summary(parsed(body))


def delete_stack(desk: Desk, asked: Parameters) -> dict[str, Any]:
    """Begins to delete a stack."""
    _expect_supported("DeleteStack", asked)
    desk.stacks.delete(asked["StackName"])
    return {}


def _expect_supported(action: str, asked: Parameters) -> None:
    """Raises ValidationError for a parameter that the preview would ignore."""
    ignored = [name for name, value in asked.items() if value and name not in SUPPORTED[action]]
    if asked.get("DeploymentConfig", {}).get("Mode", "STANDARD") != "STANDARD":
        ignored.append("DeploymentConfig.Mode EXPRESS")
    if ignored:
        raise validation_error(f"The preview does not support {', '.join(ignored)} of {action}.")


def _values(
    template: Mapping[str, Any], given: Sequence[Mapping[str, Any]], previous: Request | None
) -> dict[str, str]:
    """The parameter values of a request: new ones, and previous ones where it asks for them.

    Raises:
        AwsError: a parameter has no value, or none to keep.
    """
    values = {}
    for one in given:
        name = one["ParameterKey"]
        if not one.get("UsePreviousValue"):
            values[name] = one.get("ParameterValue", "")
            continue
        declared = parsed(previous.body).get("Parameters", {}) if previous else {}
        if previous is None or name not in declared:
            raise validation_error(
                f"Invalid input for parameter key {name}. Cannot specify usePreviousValue as true"
                " for a parameter key not in the previous template"
            )
        kept = previous.parameters.get(name, declared[name].get("Default"))
        values[name] = str(kept)
    declared = template.get("Parameters", {})
    missing = [name for name, of in declared.items() if name not in values and "Default" not in of]
    if missing:
        raise validation_error(f"Parameters: [{', '.join(missing)}] must have values")
    unknown = [name for name in values if name not in declared]
    if unknown:
        raise validation_error(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    return values


def _change_set(record: Record, one: ChangeSet) -> dict[str, Any]:
    failed = one.reason is not None
    return {
        "ChangeSetName": one.request.name,
        "ChangeSetId": one.id,
        "StackId": record.id,
        "StackName": record.name,
        "Description": one.request.description,
        "CreationTime": one.created,
        "ExecutionStatus": "UNAVAILABLE" if failed else "AVAILABLE",
        "Status": "FAILED" if failed else "CREATE_COMPLETE",
        "StatusReason": one.reason,
    }


def _stack(record: Record) -> dict[str, Any]:
    declared = record.template.get("Outputs", {})
    deployed = record.deployed
    return {
        "StackId": record.id,
        "StackName": record.name,
        "ChangeSetId": record.last_change_set,
        "Description": record.template.get("Description"),
        "Parameters": record.shown_parameters,
        "CreationTime": record.created,
        "DeletionTime": record.deleted,
        "LastUpdatedTime": record.updated,
        "RollbackConfiguration": {},
        "StackStatus": record.status,
        "StackStatusReason": record.reason or None,
        "DisableRollback": False,
        "NotificationARNs": [],
        "Capabilities": deployed.capabilities if deployed else [],
        "Outputs": [
            {
                "OutputKey": name,
                "OutputValue": value,
                "Description": declared.get(name, {}).get("Description"),
            }
            for name, value in record.outputs.items()
        ],
        "Tags": deployed.tags if deployed else [],
        "EnableTerminationProtection": False,
        "DriftInformation": {"StackDriftStatus": "NOT_CHECKED"},
    }


def _event(record: Record, event: Event) -> dict[str, Any]:
    return {
        "StackId": record.id,
        "StackName": record.name,
        "EventId": event.id,
        "Timestamp": event.at,
        **_status(event),
    }


def _resource(event: Event, time: str) -> dict[str, Any]:
    return {time: event.at, **_status(event)}


def _status(event: Event) -> dict[str, Any]:
    happening = event.happening
    return {
        "LogicalResourceId": happening.logical_id,
        "PhysicalResourceId": happening.physical_id or None,
        "ResourceType": happening.type,
        "ResourceStatus": happening.status,
        "ResourceStatusReason": happening.reason or None,
    }
