"""CloudFormation dependencies: each resource is created after everything that it refers to.

Source: CloudFormation Template Reference, "DependsOn attribute".
"""

from collections.abc import Mapping, Set
from graphlib import CycleError, TopologicalSorter
from typing import Any

from preview.cloudformation.intrinsic_functions import references
from preview.errors import Rejected


def ordered(needs: Mapping[str, Set[str]], *, late: str = "") -> list[str]:
    """The logical IDs, each after those that it needs.

    CloudFormation creates resources that do not depend on each other concurrently, so either may
    come first.

    Args:
        needs: the dependencies of each logical ID; names that are not keys of it are ignored.
        late: the logical ID that comes as late as the resources that depend on it allow.

    Raises:
        Rejected: there is a circular dependency.
    """
    places = {name: place for place, name in enumerate(needs)}
    sorter = TopologicalSorter({name: needs[name] & places.keys() for name in needs})
    try:
        sorter.prepare()
    except CycleError as error:
        raise Rejected(f"Circular dependency between resources: {error.args[1]}.") from None
    order: list[str] = []
    ready: list[str] = []
    while sorter.is_active():
        ready += sorter.get_ready()
        ready.sort(key=lambda name: (name == late, places[name]), reverse=True)
        order.append(ready.pop())
        sorter.done(order[-1])
    return order


def dependencies(resource: Mapping[str, Any]) -> frozenset[str]:
    """The names that a resource of the template depends on, including parameters."""
    stated = resource.get("DependsOn", [])
    explicit = [stated] if isinstance(stated, str) else stated
    return frozenset(explicit) | frozenset(references(resource.get("Properties", {})))
