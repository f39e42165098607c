"""EventBridge Scheduler schedules, and the queue policies of their dead-letter queues."""

from preview.account import Account
from preview.cloudformation.providers.provider import Provider
from preview.resource import Resource


def _put(account: Account, schedule: Resource) -> None:
    """https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html ."""
    account.scheduler.put(schedule)


def _delete(account: Account, schedule: Resource) -> None:
    account.scheduler.delete(schedule)


SCHEDULE = Provider(create=_put, update=lambda account, _, new: _put(account, new), delete=_delete)
