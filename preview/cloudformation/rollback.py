"""CloudFormation rollback: a failed update restores every resource.

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
    """Restores the stack's resources; new resources become leftovers.

    Args:
        account: the stack's account.
        before: the resources before the update, by logical ID.
        failed: the resource whose update failed, with its new properties.

    Raises:
        Rejected: a resource cannot be restored.
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
        # its function was invoked, with an unknown result
        provider_of(old.type).update(account, failed, old)
    account.resources.by_logical_id[old.logical_id] = old
