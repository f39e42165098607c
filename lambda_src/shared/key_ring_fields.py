"""Key ring JSON fields: returns a field of the right type, or raises an error that names it.

No error shows a value or is chained to one that does: any field may contain a private key, in the
right place or not.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Self


class InvalidKeyRing(ValueError):
    """The secret's value is not a key ring; the message names the field, never the value."""

    @classmethod
    def field(cls, name: str, shape: str) -> Self:
        """The error for a field that is not `shape`."""
        return cls(f"Key ring: {name} must be {shape}.")


def parsed(text: str | bytes) -> object:
    """The value of the JSON `text`; line breaks inside strings may be unescaped."""
    # errors of json and the codecs contain the whole value; raised out here, ours is not chained
    with suppress(TypeError, ValueError, RecursionError):
        value: object = json.loads(text, strict=False)
        return value
    raise InvalidKeyRing("The key ring is not JSON: the secret's value must be one JSON object.")


def json_object(value: object, where: str) -> Mapping[str, object]:
    """`value`, which must be an object."""
    if not isinstance(value, dict):
        raise InvalidKeyRing.field(where, "a JSON object")
    return value


def member(holder: Mapping[str, object], name: str, where: str) -> object:
    """The member `name`, which must exist."""
    if name not in holder:
        raise InvalidKeyRing(f"Key ring: {where} has no field {name}.")
    return holder[name]


def text(holder: Mapping[str, object], name: str, where: str) -> str:
    """The member `name`, which must be text that is not blank."""
    value = member(holder, name, where)
    if not isinstance(value, str) or not value.strip():
        raise InvalidKeyRing.field(f"{name} in {where}", "non-empty text")
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
