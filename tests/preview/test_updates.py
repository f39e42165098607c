"""Each option and each parameter, changed once on a deployed stack."""

import re
from pathlib import Path

from pydantic import BaseModel

from protected_stream.config import Stream
from protected_stream.template.options import tables
from tests.preview.updates import EXPECTED, GIVEN, OPTIONS, page


def test_every_option_and_parameter_is_changed_once(default: dict[str, object]) -> None:
    assert OPTIONS.keys() == set(options(Stream))
    assert GIVEN.keys() == dict(default["Parameters"]).keys()  # type: ignore[call-overload]  # JSON


def options(model: type[BaseModel], table: str = "") -> list[str]:
    """The names of a model's options, with their tables."""
    names: list[str] = []
    for name, field in model.model_fields.items():
        # for a table with modes, only the first mode: the others are other tables
        inner = [] if name == "former_signing" else list(tables(field.annotation).values())
        names += options(inner[0], f"{name}.") if inner else [table + name]
    return names


def test_the_changes_are_the_expected_ones(built: Path) -> None:
    """`make expected` rewrites them; check every REPLACES twice before you commit it."""
    assert page(built) == EXPECTED.read_text()


def test_another_first_viewer_leaves_the_former_one_an_account() -> None:
    lines = dict(line.partition(": ")[::2] for line in EXPECTED.read_text().splitlines()[2:])
    assert lines["ViewerEmail"] == "REPLACES FirstViewer; keeps outside the stack FirstViewer"
    assert lines["ViewerEmail, empty"] == (
        "removes FirstViewer; keeps outside the stack FirstViewer"
    )
    back = lines["ViewerEmail, back to the former address"]
    assert back.startswith("refused (FirstViewer")
    assert "UsernameExistsException" in back


def test_no_change_to_the_channel_or_its_inputs_bypasses_the_guard() -> None:
    """Every option and parameter that changes them updates the guard first.

    It cannot refuse what removes it together with its channel: packaging.mode = "existing".
    """
    guarded = set()
    for line in EXPECTED.read_text().splitlines():
        name, _, changes = line.partition(": ")
        words = re.findall(r"\w+", changes.partition("; removes ")[0])
        touched = [
            word for word in words if re.fullmatch(r"(SinglePipeline)?(Channel|\w*Input)", word)
        ]
        if touched:
            assert words.index("ChannelGuard") < min(words.index(word) for word in touched), line
            guarded.add(name)
    assert {"StreamKey", "encoding.ladder", "encoding.channel_class", "roles.path"} <= guarded
