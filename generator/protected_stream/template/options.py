"""What the tables of stream.toml have in common."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Tag


class Options(BaseModel):
    """One table of stream.toml: frozen, closed to unknown keys, and without conversions."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def tables(annotation: Any) -> dict[str, type[BaseModel]]:
    """The models that a table may have, by what its `mode` or `type` says; "" for the only one.

    Empty for what is no table.
    """
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {"": annotation}
    found: dict[str, type[BaseModel]] = {}
    for choice in get_args(annotation):
        if get_origin(choice) is Annotated:
            model, *marks = get_args(choice)
            tags = [mark.tag for mark in marks if isinstance(mark, Tag)]
            found.update(dict.fromkeys(tags, model) if tags else tables(model))
    return found


def chosen_by(key: str, default: str) -> Callable[[Any], Any]:
    """What pydantic's Discriminator asks of a table that is one of several models.

    Args:
        key: the key that says which it is, such as "mode".
        default: what a table means that does not say; so does what is no table, which the
            default's model then refuses.
    """

    def choice(table: Any) -> Any:
        if isinstance(table, Mapping):
            return table.get(key, default)
        return getattr(table, key, default)

    return choice


def choosing_key(models: Mapping[str, type[BaseModel]]) -> str:
    """The key by which a table says which of several models it is, such as "mode".

    Args:
        models: the models by what that key says, as `tables` finds them.
    """
    tag, model = next(iter(models.items()))
    fields = model.model_fields.items()
    return next((name for name, field in fields if get_args(field.annotation) == (tag,)), "")
