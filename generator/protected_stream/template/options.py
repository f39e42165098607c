"""Base class of stream.toml's tables, and access to their models."""

from collections.abc import Callable, Mapping, Sequence
from types import UnionType
from typing import Annotated, Any, get_args, get_origin

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Tag

from protected_stream.template.toml_lines import KeyPath

Mistake = tuple[KeyPath, str]
"""The path of a key to change, and a sentence that says what is wrong."""


class BrokenRules(ValueError):
    """Rules that options of several tables break together.

    Args:
        rules: for each, the path of the key to change, and a sentence that names the others.
    """

    def __init__(self, rules: Sequence[Mistake]) -> None:
        super().__init__("; ".join(f"{'.'.join(path)}: {sentence}" for path, sentence in rules))
        self.rules = tuple(rules)


class Options(BaseModel):
    """One table of stream.toml: frozen, rejects unknown keys, and converts no types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def is_unset(given: object) -> bool:
    """For `exclude_if` of options that came later: a stream without them keeps its digest."""
    return given is False or given in ((), "", None)


def each_once(what: str) -> AfterValidator:
    """Refuses a list with an entry that is there twice; `what` is an entry, such as "domain"."""

    def check(given: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(given)) < len(given):
            raise ValueError(f"must name each {what} once")
        return given

    return AfterValidator(check)


TOML_LIST = BeforeValidator(lambda given: tuple(given) if isinstance(given, list) else given)
"""For options that are tuples: TOML has lists."""


def tables(annotation: Any) -> dict[str, type[BaseModel]]:
    """The models that a table may have, by its `mode` or `type`; "" if there is only one.

    Empty if it is not a table.
    """
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {"": annotation}
    found: dict[str, type[BaseModel]] = {}
    if get_origin(annotation) is UnionType:  # a table that may be left out
        return {key: model for one in get_args(annotation) for key, model in tables(one).items()}
    for choice in get_args(annotation):
        if get_origin(choice) is Annotated:
            model, *marks = get_args(choice)
            tags = [mark.tag for mark in marks if isinstance(mark, Tag)]
            found.update(dict.fromkeys(tags, model) if tags else tables(model))
    return found


def row(annotation: Any) -> type[BaseModel] | None:
    """The model of the tables in an array of tables; None if it is not one."""
    inner = get_args(annotation)
    is_array = get_origin(annotation) is tuple and inner[-1:] == (...,)
    if is_array and isinstance(inner[0], type) and issubclass(inner[0], BaseModel):
        return inner[0]
    return None


def chosen_by(key: str, default: str) -> Callable[[Any], Any]:
    """The function for pydantic's Discriminator that selects a table's model.

    Args:
        key: the key that selects it, such as "mode".
        default: its value if the key is missing, or if the value is not a table, which the
            default's model then rejects.
    """

    def choice(table: Any) -> Any:
        if isinstance(table, Mapping):
            return table.get(key, default)
        return getattr(table, key, default)

    return choice


def choosing_key(models: Mapping[str, type[BaseModel]]) -> str:
    """The key by which a table selects one of several models, such as "mode".

    Args:
        models: the models by that key's value, as `tables` returns them.
    """
    tag, model = next(iter(models.items()))
    fields = model.model_fields.items()
    return next((name for name, field in fields if get_args(field.annotation) == (tag,)), "")
