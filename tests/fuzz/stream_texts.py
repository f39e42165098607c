"""Generated stream files: nearly valid ones, and ones that no one would write."""

import json
import random
import re
from typing import Any

from tests.option_values import TOP, Schema, definition, models

CHARACTERS = "aZ09_-. \t\n\r\0\x1b\x7f\"'\\[]{}=#,:\u00e4\u4e16\u202e\ufeff\U0001f3a5"
STRINGS = (
    *("", " ", "any", "x" * 61, "\0", "\x1b[2J", "Straße", "世界", "🎥", "../../etc/passwd"),
    *("us-east-1", "us-east-2", "cn-north-1", "us-weast-1", "Cookie", "Auth", "/a/", "/"),
    *("/aws-service-role/x/", "/dev/zero", ".", "-----BEGIN PUBLIC KEY-----", "-----BEGIN"),
    *(
        "logo.svg",
        "/dev/zero.png",
        "\0.ico",
        "#FFFFFF",
        "#ffb454",
        "https://example.com/",
        "{{title}}",
    ),
    *("en", "pt-BR", "deu", "eng", "English"),
    *("managed", "kms", "supplied", "trusted-signer", "rtmp-push", "sha-1", "true", "1"),
)
VALUES: tuple[Any, ...] = (
    *(True, False, 0, -1, 1, 2**31, 2**63, -(2**64), 1.5, [], [[]], {}, {"a": {"b": 1}}),
    *([1, 2], ["a"], [2, 1], {"mode": "kms"}),
)
# written as they are: TOML that json cannot write
LITERALS = (
    *("nan", "inf", "-inf", "1979-05-27", "07:32:00", "1979-05-27T07:32:00Z", "0xff", "1e400"),
    f"1{'0' * 5000}",
    f"0x{'f' * 5000}",
    f"{'[' * 400}{']' * 400}",
    f"{'[' * 3000}{']' * 3000}",
    f"{'{a=' * 300}1{'}' * 300}",
    f'"{"y" * 300_000}"',
)
WHOLE_FILES = (
    b"",
    b"\0",
    b"\xef\xbb\xbf",
    'region = "any"'.encode("utf-16"),
    "\ufeffregion = 'any'".encode(),
    b"\xff" * 100,
    b"[" * 5000,
    b"a." * 3000 + b"a = 1",
    b"[" + b"a." * 3000 + b"a]",
    b'region = "any"\n' * 2,
    b"[signing]\r\n" * 1000,
    b"# " + b"x" * 300_000,
    b"\n" * 200_000,
    b"x = [\n" + b"1,\n" * 20_000 + b"]\ny = 1",
)


class StreamTexts:
    """Makes stream files from the JSON Schema of their options."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - the same files in every run
        self._tables = definition(TOP)["properties"]

    def next(self) -> bytes:
        """Another file."""
        kind = self._random.random()
        if kind < 0.05:
            return self._random.choice(WHOLE_FILES)
        text = self._text()
        if kind < 0.25:
            text = self._damaged(text)
        return text.encode("utf-8", "replace")

    def _text(self) -> str:
        """Some tables, each with some of its keys."""
        names = self._random.sample(sorted(self._tables), self._random.randint(0, 3))
        lines = [f"{name} = {self._value({})}" for name in names if self._is_rare(0.05)]
        lines += [f'region = "{self._region()}"'] if self._is_rare(0.1) else []
        for name in names:
            # another architecture takes seconds, as the functions' wheels are zipped again
            if name != "region" and (name != "functions" or self._is_rare(0.1)):
                lines += self._table(name)
        if self._is_rare(0.1):
            lines += [f"[{self._key()}]", f"{self._key()} = {self._value({})}"]
        return "\n".join(lines)

    def _table(self, name: str) -> list[str]:
        options = self._options(name)
        kept = self._random.sample(sorted(options), min(len(options), self._random.randint(0, 3)))
        lines = [f"[{name}]"]
        if name == "tags":
            kept, options = [self._key() for _ in range(self._random.randint(0, 50))], {}
        arrays = [key for key in kept if "$ref" in options.get(key, {}).get("items", {})]
        for key in kept:
            if key not in arrays or self._is_rare(0.2):
                lines.append(f"{key} = {self._value(options.get(key, {}))}")
        if self._is_rare(0.1):
            lines.append(f"{self._key()} = {self._value({})}")
        for key in arrays:
            model = definition(models(options[key]["items"])[""])
            for _ in range(self._random.choice((0, 1, 1, 1, 2, 5))):
                lines += [f"[[{name}.{key}]]", *self._row(model)]
        return lines

    def _row(self, model: Schema) -> list[str]:
        """Most of what a table in an array requires, and some of the rest."""
        return [
            f"{key} = {self._fitting(option) if self._is_rare(0.9) else self._value(option)}"
            for key, option in model["properties"].items()
            if self._is_rare(0.98 if key in model.get("required", ()) else 0.1)
        ]

    def _fitting(self, option: Schema) -> str:
        """A value that the option alone allows."""
        if "minimum" in option:
            return str(self._random.randint(option["minimum"] // 2, option["maximum"] // 2) * 2)
        if "pattern" in option:
            fit = [text for text in STRINGS if re.fullmatch(option["pattern"], text)]
            return _toml(self._random.choice(fit))
        return _toml(self._random.choice(option.get("enum", [option.get("default", "")])))

    def _options(self, name: str) -> Schema:
        """The properties of a table, of one of its models if it has several."""
        possible = list(models(self._tables[name]).values())
        if not possible:
            return {}
        model = self._random.choice(possible) if len(possible) > 1 else possible[0]
        found: Schema = definition(model)["properties"]
        return found

    def _value(self, option: Schema) -> str:
        """A value at a bound of the option, one of its choices, or any other, as TOML."""
        kind = self._random.random()
        if kind < 0.05:
            return self._random.choice(LITERALS)
        if kind < 0.2 or not option:
            return _toml(self._random.choice((*STRINGS, *VALUES)))
        if "enum" in option or "const" in option:
            return _toml(self._random.choice(option.get("enum", [option.get("const")])))
        if "minimum" in option:
            low, high = option["minimum"], option["maximum"]
            middle = option.get("default", (low + high) // 4 * 2)
            return str(self._random.choice((low, high, low - 1, high + 1, middle)))
        if option.get("type") == "boolean":
            return _toml(self._is_rare(0.5))
        return _toml(self._random.choice((option.get("default", ""), *STRINGS)))

    def _region(self) -> str:
        return self._random.choice(("any", "us-east-1", "ca-central-1", "eu-nort-1", "us-west-1"))

    def _key(self) -> str:
        return json.dumps("".join(self._random.choices(CHARACTERS, k=self._random.randint(0, 8))))

    def _damaged(self, text: str) -> str:
        """With some characters replaced, added, or removed."""
        characters = list(text)
        for _ in range(self._random.randint(1, 5)):
            at = self._random.randint(0, len(characters))
            characters[at : at + self._random.randint(0, 2)] = self._random.choice(CHARACTERS)
        return "".join(characters)

    def _is_rare(self, share: float) -> bool:
        return self._random.random() < share


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value)
