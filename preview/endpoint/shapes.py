"""Properties of a template, as the API of their service writes them.

CloudFormation's properties have the API's names, except for the case of acronyms, and write as a
list what CloudFront's API writes as an object with Quantity and Items.
"""

from collections.abc import Mapping
from typing import Any

from moto.core.model import ListShape, MapShape, Shape, StructureShape
from moto.core.utils import get_service_model

COUNTED = {"Quantity", "Items"}


def output_of(service: str, action: str, member: str) -> Shape:
    """The shape of a member of an action's output."""
    members: Mapping[str, Shape] = (
        get_service_model(service).operation_model(action).output_shape.members
    )
    return members[member]


def shaped(value: Any, shape: Shape) -> Any:
    """A property value in the API's shape."""
    if isinstance(shape, StructureShape):
        if isinstance(value, list) and shape.members.keys() >= COUNTED:
            value = {"Quantity": len(value), "Items": value}
        return _structure(value, shape) if isinstance(value, Mapping) else value
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [shaped(one, shape.member) for one in value]  # type: ignore[arg-type]  # moto's
    if isinstance(shape, MapShape) and isinstance(value, Mapping):
        return dict(value)
    return _scalar(value, shape)


def _structure(value: Mapping[str, Any], shape: StructureShape) -> dict[str, Any]:
    names = {name.lower(): name for name in shape.members}
    return {
        names[name.lower()]: shaped(one, shape.members[names[name.lower()]])
        for name, one in value.items()
        if name.lower() in names
    }


def _scalar(value: Any, shape: Shape) -> Any:
    """CloudFormation accepts strings as numbers and booleans."""
    if shape.type_name == "boolean":
        return value in (True, "true")
    if shape.type_name in ("integer", "long") and isinstance(value, str):
        return int(value)
    if shape.type_name == "string" and not isinstance(value, str):
        return str(value)
    return value
