"""The viewer page's brand, as the stream file describes it."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field

from protected_stream.package_files import sources
from protected_stream.page.brand import DEFAULT_LANGUAGE, DEFAULT_TITLE, Brand
from protected_stream.page.colors import (
    DEFAULT_ACCENT,
    DEFAULT_BACKGROUND,
    PART_CONTRAST,
    contrast,
)
from protected_stream.page.strings import languages
from protected_stream.template.options import Options
from protected_stream.template.validation_errors import shown

LANGUAGES = languages(sources("web_src"))
COLOR = "#[0-9A-Fa-f]{6}"
# ASCII without what RFC 3986 excludes from URLs; no user before the host
QUERY = r"[!#-;=?-\[\]_a-z~]*"
URL = (
    rf"https://[A-Za-z0-9.-]+(:[0-9]{{1,5}})?([/?#]{QUERY})?"
    rf"|mailto:[!#-;=A-Z_a-z~]+@[A-Za-z0-9.-]+(\?{QUERY})?"
)
NOT_IN_TEXT = {"Cc": "control character", "Cs": "surrogate", "Zl": "line break", "Zp": "line break"}
"""Unicode's general categories that a line of text cannot have."""


def _line(text: str) -> str:
    for character in text:
        kind = NOT_IN_TEXT.get(unicodedata.category(character))
        if kind:
            raise ValueError(f"must be one line of text, but has a {kind}, U+{ord(character):04X}")
    return text


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError(f"must not be blank; got {shown(text)}")
    return text


def _color(text: str) -> str:
    if not re.fullmatch(COLOR, text):
        raise ValueError(f'must be a color such as "#7cc4ff"; got {shown(text)}')
    return text.lower()


def _link(text: str) -> str:
    if text and not re.fullmatch(URL, text):
        raise ValueError(
            'must be an address such as "https://example.com/help" or "mailto:help@example.com", '
            f"with percent-encoding for what is not ASCII; got {shown(text)}"
        )
    return text


def _language(tag: str) -> str:
    if tag not in LANGUAGES:
        choices = ", ".join(f'"{language}"' for language in LANGUAGES)
        raise ValueError(
            f"must be one of {choices}, or the name of a file that you add to web_src/strings; "
            f"got {shown(tag)}"
        )
    return tag


Line = Annotated[str, AfterValidator(_line)]
Color = Annotated[str, AfterValidator(_color)]


class PageOptions(Options):
    """How the page and the sign-in look."""

    title: Annotated[Line, AfterValidator(_not_blank)] = Field(
        default=DEFAULT_TITLE, min_length=1, max_length=100, description="the name of the stream"
    )
    show_title: Line = Field(
        default="", max_length=200, description="the name of the current show; empty: none"
    )
    accent: Color = Field(
        default=DEFAULT_ACCENT,
        json_schema_extra={"pattern": f"^{COLOR}$"},
        description="color of buttons, links and sliders, as #rrggbb; needs a contrast of 3:1 "
        "against `background`",
    )
    background: Color = Field(
        default=DEFAULT_BACKGROUND,
        json_schema_extra={"pattern": f"^{COLOR}$"},
        description="color of the page, dark or light, as #rrggbb; the colors of text, lines and "
        "menus follow from it",
    )
    help_link: Annotated[str, AfterValidator(_link)] = Field(
        default="",
        max_length=500,
        description="where viewers get help: an https or mailto URL; empty: none",
    )
    language: Annotated[str, AfterValidator(_language)] = Field(
        default=DEFAULT_LANGUAGE,
        json_schema_extra={"enum": list(LANGUAGES)},
        description="language of the page's own texts; each is a file in web_src/strings",
    )

    @property
    def brand(self) -> Brand:
        """The brand that these options describe."""
        return Brand(**{name: getattr(self, name) for name in type(self).model_fields})

    @property
    def contrast(self) -> tuple[bool, str]:
        """Whether the accent can be seen on the background, and what is wrong if it cannot."""
        ratio = contrast(self.accent, self.background)
        # rounded down, so that a ratio that is too low is never shown as high enough
        measured = int(ratio * 100) / 100
        return ratio >= PART_CONTRAST, (
            f"{self.accent} has a contrast of {measured:.2f}:1 against page.background "
            f"({self.background}), and needs {PART_CONTRAST:.0f}:1 to be seen: choose a "
            f"{'lighter' if _is_dark(self.background) else 'darker'} accent, or another background"
        )


def _is_dark(color: str) -> bool:
    return contrast(color, "#ffffff") > contrast(color, "#000000")
