"""Language of an audio track, as RFC 5646 writes it."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from protected_stream.template.validation_errors import shown

TAG = "[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"
"""The tags that players understand. Source: RFC 5646, section 2.1 (langtag)."""
LANGUAGE = f"({TAG})?"
CODE = "[a-z]{3}"
"""A code of three letters. Source: ISO 639-2."""


def _tag(text: str) -> str:
    if not re.fullmatch(LANGUAGE, text):
        raise ValueError(
            f'must be empty or a language tag such as "en" or "pt-BR" (RFC 5646); got {shown(text)}'
        )
    return text


def _required_tag(text: str) -> str:
    if not re.fullmatch(TAG, text):
        raise ValueError(
            f'must be a language tag such as "en" or "pt-BR" (RFC 5646); got {shown(text)}'
        )
    return text


def _code(text: str) -> str:
    return _required_code(text) if text else text


def _required_code(text: str) -> str:
    if not re.fullmatch(CODE, text):
        raise ValueError(
            f'must be a language code of three letters, such as "eng" or "deu" (ISO 639-2); got '
            f"{shown(text)}"
        )
    return text


Language = Annotated[
    str, AfterValidator(_tag), Field(json_schema_extra={"pattern": f"^{LANGUAGE}$"})
]
"""A language tag; empty if it is not stated."""

LanguageTag = Annotated[
    str, AfterValidator(_required_tag), Field(json_schema_extra={"pattern": f"^{TAG}$"})
]
"""A language tag."""

LanguageCode = Annotated[
    str, AfterValidator(_code), Field(json_schema_extra={"pattern": f"^({CODE})?$"})
]
"""A language code of three letters; empty if it is not stated."""

RequiredCode = Annotated[
    str, AfterValidator(_required_code), Field(json_schema_extra={"pattern": f"^{CODE}$"})
]
"""A language code of three letters."""
