"""What the tables of stream.toml have in common."""

from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Tag


class Options(BaseModel):
    """One table of stream.toml: frozen, closed to unknown keys, and without conversions."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def tables(annotation: Any) -> dict[str, type[BaseModel]]:
    """The models that a table may have, by what its `mode` says; "" where there is one only.

    Empty for what is no table.
    """
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {"": annotation}
    found: dict[str, type[BaseModel]] = {}
    for choice in get_args(annotation):
        if get_origin(choice) is Annotated:
            model, *marks = get_args(choice)
            modes = [mark.tag for mark in marks if isinstance(mark, Tag)]
            found.update(dict.fromkeys(modes, model) if modes else tables(model))
    return found
