"""Language of an audio track, as RFC 5646 writes it."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from protected_stream.template.validation_errors import shown

LANGUAGE = "([a-z]{2,3}(-[A-Za-z0-9]{2,8})*)?"
"""The tags that players understand, or nothing. Source: RFC 5646, section 2.1 (langtag)."""


def _tag(text: str) -> str:
    if not re.fullmatch(LANGUAGE, text):
        raise ValueError(
            f'must be empty or a language tag such as "en" or "pt-BR" (RFC 5646); got {shown(text)}'
        )
    return text


Language = Annotated[
    str, AfterValidator(_tag), Field(json_schema_extra={"pattern": f"^{LANGUAGE}$"})
]
"""A language tag; empty if it is not stated."""
