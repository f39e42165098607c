"""CloudWatch Logs of the functions: Lambda writes their lines if the function's role allows it.

https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
"""

import time
from collections import defaultdict

from moto.logs.models import logs_backends

from preview.resource import Resource
from preview.resources import Resources
from preview.services.aws.aws import Aws
from preview.services.aws.policies import Access, granted
from preview.services.aws.role_policies import documents
from preview.stack_id import StackId

STREAM = "preview"
REPORT = '{"type": "platform.report"}'  # Lambda's own line, after every invocation
ACTIONS = ("logs:CreateLogStream", "logs:PutLogEvents")


class Logs:
    """Collects what functions print, and writes it after each invocation."""

    def __init__(self, *, stack: StackId, resources: Resources, aws: Aws) -> None:
        self._stack, self._resources, self._aws = stack, resources, aws
        self._waiting: dict[str, list[str]] = defaultdict(list)

    def lines_of(self, function: str) -> list[str]:
        """The lines that a function, by logical ID, has printed since the last `write`."""
        return self._waiting[function]

    def write(self, function: Resource) -> tuple[str, list[str]]:
        """Writes the function's lines to its log group; drops them if its role denies it.

        Returns the group's name, and the lines that it got.
        """
        waiting = self._waiting[function.logical_id]
        lines = waiting.copy()
        waiting.clear()
        group = function.properties.get("LoggingConfig", {}).get(
            "LogGroup", f"/aws/lambda/{function.ref}"
        )
        if not self._allowed(function, group):
            return group, []
        now = int(time.time() * 1000)  # moto rejects events in its future
        events = [{"timestamp": now, "message": line or " "} for line in [*lines, REPORT]]
        # not through moto's server: this runs after every invocation of every function
        backend = logs_backends[self._stack.account_id][self._stack.region]
        # if the group is gone, roles without logs:CreateLogGroup cannot create it
        if group in backend.groups:
            if STREAM not in backend.groups[group].streams:
                backend.create_log_stream(group, STREAM)
            backend.put_log_events(group, STREAM, events)
        return group, lines

    def _allowed(self, function: Resource, group: str) -> bool:
        role = self._resources.one("AWS::IAM::Role", function.properties["Role"], "Arn")
        place = f"arn:{self._stack.partition}:logs:{self._stack.region}"
        arn = f"{place}:{self._stack.account_id}:log-group:{group}:log-stream:{STREAM}"
        answers = []
        for action in ACTIONS:
            access = Access(action=action, resource=arn)
            answers.append(granted(documents(role), access))
            self._aws.record(function.logical_id, access, allowed=answers[-1])
        return all(answers)
