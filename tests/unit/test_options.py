"""Tables of the stream file that are one of several models."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import Discriminator, Tag, ValidationError

from protected_stream.template.options import Options, choosing_key, chosen_by, tables
from protected_stream.template.validation_errors import validation_errors


class Push(Options):
    """The default."""

    type: Literal["push"] = "push"
    key: str = ""


class Pull(Options):
    """Another."""

    type: Literal["pull"]
    url: str = ""


Input = Annotated[
    Annotated[Push, Tag("push")] | Annotated[Pull, Tag("pull")],
    Discriminator(chosen_by("type", "push")),
]


class File(Options):
    """A stream file with one such table."""

    input: Input = Push()


def test_the_models_are_found_by_their_selecting_key() -> None:
    models = tables(File.model_fields["input"].annotation)
    assert models == {"push": Push, "pull": Pull}
    assert choosing_key(models) == "type"


def test_a_table_that_does_not_say_is_the_default() -> None:
    assert File.model_validate({"input": {"key": "x"}}).input == Push(key="x")
    assert File.model_validate({"input": {"type": "pull", "url": "x"}}).input.type == "pull"


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"type": "carry"}, 'input: type must be one of "push", "pull"; got "carry"'),
        ({"url": "x"}, 'input.url: requires type = "pull", but type is "push"'),
        ({"type": "pull", "key": "x"}, 'input.key: requires type = "push", but type is "pull"'),
        ("push", 'input: must be a table, got "push"'),
    ],
)
def test_a_mistake_is_reported_with_the_selecting_key(table: Any, says: str) -> None:
    with pytest.raises(ValidationError) as error:
        File.model_validate({"input": table})
    assert validation_errors(error.value, File, "stream.toml") == (f"stream.toml: {says}",)
