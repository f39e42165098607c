"""Status of a deployed stream: stack, channel, inputs, signing key, alarms and addresses."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from protected_stream.operator import alarms
from protected_stream.operator.aws_errors import explained
from protected_stream.operator.channel import ON_AIR, channel_of, guard_of
from protected_stream.operator.clock import Clock, moment
from protected_stream.operator.deployed_stack import DeployedStack
from protected_stream.operator.signing_key import signing_key
from protected_stream.reading.cost import cost
from protected_stream.reading.planned import next_of, planned
from protected_stream.reading.planned_words import next_in_words


def status(stack: DeployedStack, clock: Clock) -> dict[str, Any]:
    """The status as plain data; dates are ISO 8601 in UTC.

    It has no stream key and no other secret: inputs' own addresses end in the stream key, so the
    addresses are those of the stack's outputs.

    Raises:
        AwsError: AWS refuses, or cannot be reached.
    """
    return {
        "stack": {"status": stack.status, "reason": stack.status_reason},
        "channel": _channel(stack, clock),
        "planned": _planned(stack, clock),
        "inputs": _inputs(stack),
        "key": _key(stack, clock),
        "alarms": alarms.alarms(stack),
        "addresses": {name: value for name, value in stack.outputs.items() if "://" in value},
    }


def _channel(stack: DeployedStack, clock: Clock) -> dict[str, Any] | None:
    channel, guard = channel_of(stack, clock), guard_of(stack)
    if channel is None or guard is None:
        return None
    described = channel.description()
    is_on_air = described["State"] in ON_AIR
    # the operator's clock may be behind AWS's
    hours = max(clock.now() - guard.since, 0) / 3600 if is_on_air and guard.since else None
    hourly = cost(stack.template).on_air_hour
    return {
        "id": channel.id,
        "state": described["State"],
        "running_pipelines": described.get("PipelinesRunningCount", 0),
        "since": _iso(guard.since) if is_on_air else None,
        "hours_on_air": None if hours is None else round(hours, 2),
        "dollars_on_air": None if hours is None else round(hours * hourly, 2),
        "stops": _iso(guard.stops) if is_on_air else None,
        "restart_is_owed": guard.restart_is_owed,
        "alerts": channel.alerts() if is_on_air else [],
    }


def _planned(stack: DeployedStack, clock: Clock) -> dict[str, Any] | None:
    """The next start and stop of the deployed template's shows; None without shows."""
    plan, now = planned(stack.template), moment(clock.now())
    if not plan:
        return None
    start, stop = next_of(plan, "start", now), next_of(plan, "stop", now)
    return {
        "next_start": start and start.at.isoformat(),
        "next_stop": stop and stop.at.isoformat(),
        "in_words": next_in_words(plan, now),
    }


def _inputs(stack: DeployedStack) -> list[dict[str, str]]:
    client = stack.connection.client("medialive")
    found = []
    for name, input_id in stack.of_type("AWS::MediaLive::Input").items():
        if input_id:
            with explained(f"describe the input {name}"):
                described = client.describe_input(InputId=input_id)
            found.append(
                {
                    "name": name,
                    "id": input_id,
                    "type": described.get("Type", ""),
                    "state": described.get("State", ""),
                }
            )
    return found


def _key(stack: DeployedStack, clock: Clock) -> dict[str, Any]:
    key = signing_key(stack)
    days = (moment(clock.now()) - key.changed).days if key.changed else None
    return {
        "mode": key.mode,
        "changed": _iso(key.changed.timestamp() if key.changed else None),
        "age_days": days,
        "next_rotation": _iso(key.next_rotation.timestamp() if key.next_rotation else None),
        "rotation_is_pending": key.rotation_is_pending,
    }


def _iso(seconds: float | None) -> str | None:
    return None if seconds is None else moment(seconds).isoformat()


def rows(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The status in lines for people: what, and how it is."""
    stack, channel = found["stack"], found["channel"]
    lines = [("stack", ": ".join(filter(None, (stack["status"], stack["reason"]))))]
    if channel is None:
        lines.append(("channel", "none"))
    else:
        lines += _channel_rows(channel)
    if found["planned"]:
        text = found["planned"]["in_words"] or "nothing in the next two years"
        lines.append(("planned", text))
    lines += [
        (f"input {one['name']}", f"{one['state']}, {one['type']}, ID {one['id']}")
        for one in found["inputs"]
    ]
    lines.append(("signing key", _key_in_words(found["key"])))
    return [*lines, *alarms.rows(found["alarms"]), *sorted(found["addresses"].items())]


def _channel_rows(channel: Mapping[str, Any]) -> list[tuple[str, str]]:
    is_on_air = channel["state"] in ON_AIR
    lines = [("channel", f"{channel['state']}, ID {channel['id']}")]
    if channel["since"]:
        cost_so_far = f"at least ${channel['dollars_on_air']:.2f} without viewers"
        lines.append(
            (
                "on air",
                f"since {_date(channel['since'])}, {channel['hours_on_air']:.1f} hours, "
                f"{cost_so_far}",
            )
        )
    elif is_on_air:
        lines.append(("on air", "since when is not noted yet: the guard looks every 15 minutes"))
    if channel["stops"]:
        lines.append(("stops", f"within 15 minutes after {_date(channel['stops'])}"))
    elif is_on_air and channel["since"]:
        lines.append(("stops", "only if you stop it: schedule.stop_after_hours is 0"))
    if channel["restart_is_owed"]:
        is_starting = channel["state"] == "STARTING"
        begun = "begun: the channel guard has started the channel after an update"
        owed = "owed: the channel guard starts the channel after the update"
        lines.append(("restart", begun if is_starting else owed))
    return [*lines, *(("alert", alert) for alert in channel["alerts"])]


def _key_in_words(key: Mapping[str, Any]) -> str:
    if key["mode"] == "kms":
        return "kms: it never leaves KMS; signing.generations changes it"
    parts = [key["mode"]]
    if key["changed"]:
        parts.append(f"changed {_date(key['changed'])}, {key['age_days']} days ago")
    if key["next_rotation"]:
        parts.append(f"rotates by {_date(key['next_rotation'])}")
    if key["rotation_is_pending"]:
        parts.append("a rotation has begun and not ended")
    return ", ".join(parts)


def _date(iso: str) -> str:
    return f"{datetime.fromisoformat(iso).astimezone(UTC):%Y-%m-%d %H:%M} UTC"
