"""Placeholders of the page's files, which the build fills in.

The syntax is a part of Mustache's (https://mustache.github.io/mustache.5.html): {{name}} is a
value, {{#name}}...{{/name}} is left out if the value is empty, and {{^name}}...{{/name}} unless it
is. Values are inserted in one pass: braces in them stay as they are.
"""

import re
from collections.abc import Callable, Mapping

from protected_stream.errors import BuildError

SECTION = re.compile(r"\{\{([#^])(\w+)\}\}(.*?)\{\{/\2\}\}", re.DOTALL)
VALUE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


def filled(
    text: str, values: Mapping[str, str], where: str, escape: Callable[[str], str] = str
) -> str:
    """The text with its placeholders filled in.

    Args:
        text: the text; sections are not nested.
        values: the values, by the names of their placeholders.
        where: the file, for messages.
        escape: makes a value safe where it is inserted.

    Raises:
        BuildError: the text has a placeholder without a value, or a section without an end.
    """

    def value(name: str) -> str:
        if name not in values:
            known = ", ".join(sorted(values))
            raise BuildError(f"{where}: {{{{{name}}}}} has no value; there are: {known}")
        return values[name]

    def section(found: re.Match[str]) -> str:
        kept_if_empty = found[1] == "^"
        return found[3] if kept_if_empty != bool(value(found[2])) else ""

    without_sections = SECTION.sub(section, text)
    return VALUE.sub(lambda found: escape(value(found[1])), without_sections)
