"""Each option and each parameter, changed once on a deployed stack."""

from pathlib import Path

from pydantic import BaseModel

from generator.config import Stream
from tests.preview.updates import EXPECTED, GIVEN, OPTIONS, page


def test_every_option_and_parameter_is_changed_once(default: dict[str, object]) -> None:
    assert OPTIONS.keys() == set(options(Stream))
    assert GIVEN.keys() == dict(default["Parameters"]).keys()  # type: ignore[call-overload]  # JSON


def options(model: type[BaseModel], table: str = "") -> list[str]:
    """The names of a model's options, with their tables."""
    names: list[str] = []
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            names += options(inner, f"{name}.")
        else:
            names.append(table + name)
    return names


def test_the_changes_are_the_expected_ones(built: Path) -> None:
    """`make expected` writes them anew; a REPLACES is read twice before it is committed."""
    assert page(built) == EXPECTED.read_text()
