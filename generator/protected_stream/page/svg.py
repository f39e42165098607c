"""SVG files: none that runs scripts or loads something from elsewhere.

Browsers do neither in an <img>, but anyone can open the file's own URL, where it is a document.
"""

import re
from collections.abc import Mapping
from xml.parsers import expat

SVG = "http://www.w3.org/2000/svg"
XLINK_HREF = "http://www.w3.org/1999/xlink href"
BASE = "http://www.w3.org/XML/1998/namespace base"
REFUSED = frozenset({"audio", "embed", "foreignObject", "handler", "iframe", "listener", "object"})
"""Elements that load something or hold HTML; scripts are refused with a message of their own."""
REFERENCES = frozenset({"href", "src", XLINK_HREF})
INSIDE = re.compile(r"#|data:image/(png|jpeg|gif|webp);", re.IGNORECASE)
"""How a reference begins that stays within the file."""
ANIMATED = re.compile(r"href\s*$|src\s*$|^\s*on", re.IGNORECASE)
"""Attributes that an animation could give another reference or a script."""
CSS_URL = re.compile(r"""url\(\s*["']?\s*""", re.IGNORECASE)
CSS_LOADING = re.compile(r"@import|image-set\(|src\(|\\", re.IGNORECASE)
"""What loads files besides url(), and the escapes that could hide it."""


def check_svg(content: bytes) -> None:
    """Checks that the file is an SVG that needs nothing else and runs nothing.

    Raises:
        ValueError: it is not; says why and where.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    check = _Check(parser)
    parser.StartElementHandler = check.element
    parser.EndElementHandler = check.end
    parser.CharacterDataHandler = check.text
    parser.StartDoctypeDeclHandler = check.doctype
    parser.ProcessingInstructionHandler = check.instruction
    try:
        parser.Parse(content, True)  # noqa: FBT003 - the parameter has no name
    except expat.ExpatError as error:
        raise ValueError(f"is not an SVG: {error}") from None


class _Check:
    """The parser's handlers."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self._parser = parser
        self._path: list[str] = []
        self._style: list[str] = []

    def element(self, full_name: str, attributes: Mapping[str, str]) -> None:
        """Refuses elements and attributes that load or run something."""
        namespace, _, name = full_name.rpartition(" ")
        if not self._path and (namespace, name) != (SVG, "svg"):
            raise self._refusal(f"is not an SVG: it begins with <{name}>")
        if name == "script":
            raise self._refusal("has a script: remove it")
        if name in REFUSED or namespace.endswith("/xhtml"):
            raise self._refusal(f"has <{name}>, which may load other files: remove it")
        for attribute, value in attributes.items():
            self._attribute(attribute, value)
        self._path.append(name)

    def end(self, _: str) -> None:
        """Checks a style sheet when all of its text is known."""
        if self._path.pop() == "style":
            self._css("".join(self._style))
            self._style.clear()

    def text(self, text: str) -> None:
        """Collects the text of style sheets."""
        if self._path[-1] == "style":
            self._style.append(text)

    def doctype(self, *_: object) -> None:
        """Refuses definitions of entities, which could be endless."""
        raise self._refusal("has a DOCTYPE, which no browser needs: remove it")

    def instruction(self, target: str, _: str) -> None:
        """Refuses style sheets of other files."""
        raise self._refusal(f"has <?{target}?>, which may load other files: remove it")

    def _attribute(self, name: str, value: str) -> None:
        if name.lower().startswith("on"):
            raise self._refusal(f"has a script in {name}: remove it")
        if name == "attributeName" and ANIMATED.search(value):
            raise self._refusal(f"animates {value.strip()[:60]!r}: remove it")
        is_reference = name in REFERENCES and not INSIDE.match(value.strip())
        if is_reference or name == BASE:
            raise self._refusal(
                f"refers to {value.strip()[:60]!r}: it may refer only to what is in it, as #name or"
                " as an embedded image"
            )
        # names with a namespace are editors' notes
        if " " not in name:
            self._css(value)

    def _css(self, text: str) -> None:
        """Refuses url() of other files, and what works like it."""
        outside = [
            text[found.end() :][:60]
            for found in CSS_URL.finditer(text)
            if not INSIDE.match(text, found.end())
        ]
        if outside:
            raise self._refusal(f"refers to {outside[0]!r}: embed that, or remove it")
        if found := CSS_LOADING.search(text):
            raise self._refusal(f"has {found[0]!r} in its styles: remove it")

    def _refusal(self, sentence: str) -> ValueError:
        return ValueError(f"{sentence} (line {self._parser.CurrentLineNumber})")
