"""CloudWatch Logs of a deployed stack: the functions' log groups, and the API's."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from botocore.exceptions import ClientError

from protected_stream.operator.aws_errors import explained
from protected_stream.operator.clock import Clock
from protected_stream.operator.connection import Connection
from protected_stream.operator.deployed_stack import DeployedStack
from protected_stream.reading.references import names_in

ACCESS, API = "access", "api"
"""What the API's access log and its execution log are called here."""
ROUTINE = tuple(
    f"platform.{name}"
    for name in (
        "initStart",
        "initRuntimeDone",
        "initReport",
        "start",
        "runtimeDone",
        "report",
    )
)
"""What Lambda writes of every invocation that goes well.

Source: AWS Lambda Developer Guide, "Lambda Telemetry API Event schema reference"."""
POLL_SECONDS = 3
LATE_SECONDS = 60
"""How late a line may arrive: when following, each look begins so long before the last line."""
SECRETS = (
    (re.compile(r"\beyJ[\w-]{10,}\.[\w-]+(?:\.[\w-]*)?"), "[token]"),
    (
        re.compile(
            r"(?i)(CloudFront-(?:Policy|Signature|Key-Pair-Id)[\"']?\s*[=:]\s*[\"']?)[^;,\s\"']+"
        ),
        r"\1[hidden]",
    ),
    (
        re.compile(
            r"(?i)((?:authorization|cookie|password|secret|token)[\"']?\s*[=:]\s*[\"']?"
            r"(?:bearer )?)"
            r"[^;,\s\"'}]+"
        ),
        r"\1[hidden]",
    ),
)
"""What is never shown, should it be in a log: the functions write none of it, but API Gateway and
AWS's libraries write lines, too."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of a log."""

    id: str
    """CloudWatch's."""
    at: float
    """Epoch seconds."""
    source: str
    """A function's logical ID, `api` or `access`."""
    text: str
    """Without tokens, cookies and passwords."""
    is_routine: bool = False
    """Whether Lambda wrote it of an invocation that went well."""


def log_groups(stack: DeployedStack) -> dict[str, str]:
    """The name of each log group, by what writes to it: a function's logical ID, `api`, `access`.

    Raises:
        AwsError: AWS refuses, or cannot be reached.
    """
    resources = stack.template["Resources"]
    writers: dict[str, str] = {}
    for name, resource in resources.items():
        if resource["Type"] == "AWS::Lambda::Function":
            group = resource["Properties"].get("LoggingConfig", {}).get("LogGroup", {})
            writers[group.get("Ref", "")] = name
        elif resource["Type"] == "AWS::ApiGateway::Stage":
            setting = resource["Properties"].get("AccessLogSetting", {})
            writers |= dict.fromkeys(names_in(setting) & {*resources}, ACCESS)
    return {
        writers.get(name, API): group
        for name, group in stack.of_type("AWS::Logs::LogGroup").items()
        if group
    }


def chosen(groups: Mapping[str, str], name: str | None) -> dict[str, str]:
    """The groups that the operator names; all without a name, none if nothing has it.

    Args:
        groups: all of them.
        name: as in `groups`, in any case; `cookies` is short for CookiesFunction.
    """
    wanted = (name or "").lower()
    return {
        source: group
        for source, group in groups.items()
        if source.lower() == wanted
        or (source.endswith("Function") and source.lower().startswith(wanted))
        or not wanted
    }


def lines(connection: Connection, groups: Mapping[str, str], since: float) -> list[Line]:
    """The lines of these groups since then, in order.

    Args:
        connection: the account and Region.
        groups: their names, by what writes to them.
        since: epoch seconds.

    Raises:
        AwsError: AWS refuses, or cannot be reached.
    """
    found = (
        Line(
            id=event["eventId"],
            at=event["timestamp"] / 1000,
            source=source,
            text=without_secrets(_message(event["message"])),
            is_routine=_is_routine(event["message"]),
        )
        for source, group in groups.items()
        for event in _events(connection, group, since)
    )
    return sorted(found, key=attrgetter("at"))


def follow(
    connection: Connection, groups: Mapping[str, str], since: float, clock: Clock
) -> Iterator[Line]:
    """The lines since then, and those to come; it never ends.

    Raises:
        AwsError: AWS refuses, or cannot be reached.
    """
    seen: dict[str, float] = {}
    latest = since
    while True:
        for line in lines(connection, groups, max(since, latest - LATE_SECONDS)):
            if line.id not in seen:
                yield line
            seen[line.id] = line.at
            latest = max(latest, line.at)
        seen = {id_: at for id_, at in seen.items() if at >= latest - LATE_SECONDS}
        clock.sleep(POLL_SECONDS)


def without_secrets(text: str) -> str:
    """The text without tokens, cookies and passwords."""
    for pattern, instead in SECRETS:
        text = pattern.sub(instead, text)
    return text


def _events(connection: Connection, group: str, since: float) -> Iterable[Mapping[str, Any]]:
    pages = connection.client("logs").get_paginator("filter_log_events")
    with explained(f"read the log group {group}"):
        try:
            for page in pages.paginate(logGroupName=group, startTime=int(since * 1000)):
                yield from page["events"]
        except ClientError as error:
            # deleted by somebody, or not written to yet
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise


def _message(text: str) -> str:
    """What a function wrote, without what Lambda puts around it.

    Source: AWS Lambda Developer Guide, "Log formats": JSON with level and message.
    """
    try:
        record = json.loads(text)
        return f"{record['level']} {record['message']}"
    except (ValueError, LookupError, TypeError):
        return text.rstrip()


def _is_routine(text: str) -> bool:
    """Whether it is a line of Lambda's own that reports no error, such as a timeout."""
    try:
        record = json.loads(text)
        kind, details = record["type"], record.get("record", {})
        return kind in ROUTINE and details.get("status", "success") == "success"
    except (ValueError, LookupError, TypeError, AttributeError):
        return False
