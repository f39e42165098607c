"""The fields of the key ring's JSON: of the right kind, or an error that names the field.

No error shows a value, and none is chained to one that does: what stands in a field may be a
private key, in the right place or not.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Self


class InvalidKeyRing(ValueError):
    """The secret's value is not a key ring; the message names the field, never the value."""

    @classmethod
    def field(cls, name: str, shape: str) -> Self:
        """The error that this field does not have the shape it must have."""
        return cls(f"The key ring's {name} is not what it must be: {shape}.")


def parsed(text: str | bytes) -> object:
    """The value that the JSON `text` stands for; line breaks inside strings may be unescaped."""
    # json's and the codecs' errors carry the whole value; raised out here, ours does not chain them
    with suppress(ValueError, RecursionError):
        value: object = json.loads(text, strict=False)
        return value
    raise InvalidKeyRing("The key ring is not JSON: the secret's value must be one JSON object.")


def json_object(value: object, where: str) -> Mapping[str, object]:
    """`value`, which must be an object."""
    if not isinstance(value, dict):
        raise InvalidKeyRing.field(where, "a JSON object")
    return value


def member(holder: Mapping[str, object], name: str, where: str) -> object:
    """The member `name`, which must be there."""
    if name not in holder:
        raise InvalidKeyRing(f"The key ring lacks the field {name} in {where}.")
    return holder[name]


def text(holder: Mapping[str, object], name: str, where: str) -> str:
    """The member `name`, which must be text and not blank."""
    value = member(holder, name, where)
    if not isinstance(value, str) or not value.strip():
        raise InvalidKeyRing.field(f"{name} in {where}", "text that is not empty")
    return value


def text_or_none(holder: Mapping[str, object], name: str, where: str) -> str | None:
    """The member `name`, which must be text or null."""
    return None if member(holder, name, where) is None else text(holder, name, where)


def time(holder: Mapping[str, object], name: str, where: str) -> int:
    """The member `name`, which must be epoch seconds."""
    value = member(holder, name, where)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise InvalidKeyRing.field(f"{name} in {where}", "a whole number of epoch seconds")
    return value


def time_or_none(holder: Mapping[str, object], name: str, where: str) -> int | None:
    """The member `name`, which must be epoch seconds or null."""
    return None if member(holder, name, where) is None else time(holder, name, where)
