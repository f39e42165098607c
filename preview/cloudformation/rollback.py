"""The way back after an update that failed: every resource becomes what it was.

Source: CloudFormation User Guide, "Stack failure options" and "Update behaviors of stack
resources".
"""

from collections.abc import Mapping

from preview.account import Account
from preview.cloudformation.dependencies import ordered
from preview.cloudformation.providers import provider_of
from preview.cloudformation.schemas import is_custom
from preview.resource import Resource


def restore(account: Account, before: Mapping[str, Resource], failed: Resource | None) -> None:
    """Makes the stack's resources what they were; what is new becomes a leftover.

    Args:
        account: where the stack is.
        before: the resources before the update, by logical ID.
        failed: the resource that could not be changed, as it was to be.

    Raises:
        Rejected: a resource cannot be changed back.
    """
    for name in ordered({name: resource.needs for name, resource in before.items()}):
        _restore(account, before[name], failed)
    for name in [name for name in account.resources.by_logical_id if name not in before]:
        account.resources.leftovers.append(account.resources.by_logical_id.pop(name))


def _restore(account: Account, old: Resource, failed: Resource | None) -> None:
    now = account.resources.by_logical_id.get(old.logical_id)
    if old in account.resources.leftovers:
        account.resources.leftovers.remove(old)
        if now is not None:
            account.resources.leftovers.append(now)
    elif now is not None and now.properties != old.properties:
        provider_of(old.type).update(account, now, old)
    elif failed is not None and failed.logical_id == old.logical_id and is_custom(old.type):
        # its function was asked, whatever came of it
        provider_of(old.type).update(account, failed, old)
    account.resources.by_logical_id[old.logical_id] = old
