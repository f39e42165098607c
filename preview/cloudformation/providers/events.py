"""EventBridge rules: a schedule starts when its rule is created or updated."""

from preview.account import Account
from preview.cloudformation.providers.provider import Provider
from preview.errors import Rejected
from preview.resource import Resource
from preview.services.events import period


def _put(account: Account, rule: Resource) -> None:
    """https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html ."""
    if not rule.properties.keys() & {"EventPattern", "ScheduleExpression"}:
        raise Rejected(f"{rule.logical_id}: a rule needs EventPattern or ScheduleExpression.")
    if "ScheduleExpression" in rule.properties:
        period(rule)
    account.events.schedule(rule)


def _delete(account: Account, rule: Resource) -> None:
    account.events.timers.stop(rule.attributes["Arn"])


RULE = Provider(create=_put, update=lambda account, _, new: _put(account, new), delete=_delete)
