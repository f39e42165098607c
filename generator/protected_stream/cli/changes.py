"""Terminal output of what an update changes and means."""

from typing import Any

from protected_stream.cli.console import print_table
from protected_stream.reading.changes import Change
from protected_stream.reading.consequences import sentences

CHANGE_HEADS = ("resource", "type", "what happens", "properties")
MEANING_HEADS = ("for", "what it means", "because of")


def print_changes(changes: tuple[Change, ...]) -> None:
    """Prints what changes, and what it means for viewers and the operator."""
    print_table(
        CHANGE_HEADS,
        (
            (
                one.name,
                one.kind,
                f"{one.effect}{', the former one is kept' * one.kept}{': ' * bool(one.why)}"
                f"{one.why}",
                ", ".join(one.properties),
            )
            for one in changes
        ),
    )
    told = tuple(sentences(changes))
    if told:
        print_table(MEANING_HEADS, told)
    else:
        print("Neither viewers nor the operator will notice the update.")


def as_data(changes: tuple[Change, ...]) -> dict[str, Any]:
    """The changes and their consequences as JSON."""
    return {
        "Resources": [
            {
                "LogicalId": one.name,
                "Type": one.kind,
                "Effect": str(one.effect),
                "Properties": list(one.properties),
                "Kept": one.kept,
            }
            for one in changes
        ],
        "Consequences": [
            {"For": audience, "Text": text, "BecauseOf": names.split(", ")}
            for audience, text, names in sentences(changes)
        ],
    }
