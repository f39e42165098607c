"""The viewer page's brand, as the stream file describes it."""

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, WithJsonSchema

from protected_stream.package_files import sources
from protected_stream.page.brand import DEFAULT_LANGUAGE, DEFAULT_TITLE, Brand, Image
from protected_stream.page.colors import (
    DEFAULT_ACCENT,
    DEFAULT_BACKGROUND,
    PART_CONTRAST,
    contrast,
)
from protected_stream.page.images import image
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
LOGO, POSTER, FAVICON = ("svg", "png", "jpg"), ("jpg", "png", "webp"), ("svg", "ico")
# The logo and the favicon are part of the template, too, in base64: CloudFormation accepts a
# million bytes.
LOGO_KIBIBYTES, POSTER_KIBIBYTES, FAVICON_KIBIBYTES = 200, 2048, 100
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


def _file(kinds: tuple[str, ...], kibibytes: int) -> Callable[[Any, ValidationInfo], Any]:
    """The validator of an image's file name, relative to the stream file."""

    def read(given: Any, info: ValidationInfo) -> Any:
        if given is None or isinstance(given, Image):
            return given
        if not isinstance(given, str):
            raise ValueError(f"must be the name of a file, got {shown(given)}")  # noqa: TRY004 - pydantic reports ValueError
        folder = (info.context or {}).get("folder", Path())
        return image(given, folder, kinds=kinds, kibibytes=kibibytes)

    return read


A_FILE = WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "null"}]})
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
    logo: Annotated[Image | None, BeforeValidator(_file(LOGO, LOGO_KIBIBYTES)), A_FILE] = Field(
        default=None,
        description="relative to the stream file: .svg, .png or .jpg of at most 200 KiB; "
        "in the template, too, so keep it small",
    )
    poster: Annotated[Image | None, BeforeValidator(_file(POSTER, POSTER_KIBIBYTES)), A_FILE] = (
        Field(
            default=None,
            description="shown before the video: .jpg, .png or .webp of at most 2 MiB",
        )
    )
    favicon: Annotated[Image | None, BeforeValidator(_file(FAVICON, FAVICON_KIBIBYTES)), A_FILE] = (
        Field(
            default=None,
            description=".svg or .ico of at most 100 KiB; in the template, too",
        )
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
