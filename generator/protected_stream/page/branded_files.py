"""Files of the page that depend on the brand: config.js, brand.css, the HTML, and the images."""

import html
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from protected_stream.page.brand import Brand
from protected_stream.page.colors import palette
from protected_stream.page.placeholders import filled
from protected_stream.page.strings import strings

NO_ICON = "data:,"
"""A favicon that browsers accept and do not request."""
# A script's text may have neither of these two line ends in older browsers' strings, and "<" could
# end a script that a proxy or an extension puts into HTML.
ESCAPED_IN_SCRIPTS = {ord("<"): "\\u003c", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def branded_files(
    brand: Brand, sources: Path, pages: Mapping[str, bytes]
) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The generated files, and the pages with their placeholders filled in, by path.

    Args:
        brand: names, files, colors and language.
        sources: the folder web_src.
        pages: the HTML files with placeholders, by path.

    Raises:
        BuildError: a string or a placeholder's value is missing.
    """
    texts = _filled_in(strings(sources, brand.language), {"title": brand.title}, brand.language)
    values = _values(brand, texts)
    generated = {
        "config.js": _script(_config(brand, texts)),
        "brand.css": _style(palette(brand.accent, brand.background)),
        **{path: image.content for path, image in brand.images.items()},
    }
    branded_pages = {
        name: filled(content.decode(), values, name, html.escape).encode()
        for name, content in pages.items()
    }
    return generated, branded_pages


def _config(brand: Brand, texts: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the page's scripts know of the brand; null is what it does not have."""
    return {
        "title": brand.title,
        "showTitle": brand.show_title or None,
        "logo": brand.url("logo") or None,
        "poster": brand.url("poster") or None,
        "helpLink": brand.help_link or None,
        "language": brand.language,
        "strings": texts,
    }


def _values(brand: Brand, texts: Mapping[str, Any]) -> Mapping[str, str]:
    """The values of the placeholders in HTML: the brand's, and all strings but the messages'."""
    colors = palette(brand.accent, brand.background)
    return {
        **{name: text for name, text in texts.items() if isinstance(text, str)},
        "title": brand.title,
        "showTitle": brand.show_title,
        "logo": brand.url("logo"),
        "poster": brand.url("poster"),
        "favicon": brand.url("favicon") or NO_ICON,
        "helpLink": brand.help_link,
        "language": brand.language,
        "colorScheme": colors["color-scheme"],
    }


def _filled_in(
    texts: Mapping[str, Any], values: Mapping[str, str], language: str
) -> dict[str, Any]:
    """The strings with their placeholders filled in."""
    return {
        name: _filled_in(text, values, language)
        if isinstance(text, dict)
        else filled(text, values, f"strings/{language}.json")
        for name, text in texts.items()
    }


def _script(config: Mapping[str, Any]) -> bytes:
    """The module config.js."""
    text = json.dumps(config, ensure_ascii=False, separators=(",", ":"))
    return f"export const CONFIG={text.translate(ESCAPED_IN_SCRIPTS)};\n".encode()


def _style(properties: Mapping[str, str]) -> bytes:
    declared = ";".join(f"{name}:{value}" for name, value in properties.items())
    return f":root{{{declared}}}\n".encode()
