"""CloudFormation dynamic references to secrets, in the only place where the preview knows them.

A resource keeps the reference: CloudFormation compares references, not secrets, so a new value
reaches the resource with its next change only.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from preview.errors import NotSupported, Rejected
from preview.resource import Resource, values_at

BEGINNING = "{{resolve:"
# secret ID, which is an ARN here, and a key of the JSON
REFERENCE = re.compile(
    r"\{\{resolve:secretsmanager:(arn:[^:}]+(?::[^:}]*){5})(?::SecretString:([^:}]*))?\}\}"
)
PLACES: Mapping[str, str] = {
    "AWS::CloudFront::Distribution": (
        "DistributionConfig/Origins/*/OriginCustomHeaders/*/HeaderValue"
    ),
    "AWS::WAFv2::WebACL": "Rules/*/Statement/ByteMatchStatement/SearchString",
}
"""The property that may have one, by resource type."""


def check_dynamic_references(resource: Resource) -> None:
    """Raises NotSupported for one in another place, or of another kind."""
    place = PLACES.get(resource.type)
    known = [*values_at(resource.properties, place.split("/"))] if place else []
    allowed = {text for text in known if isinstance(text, str) and REFERENCE.fullmatch(text)}
    for text in _texts(resource.properties):
        if BEGINNING in text and text not in allowed:
            raise NotSupported(
                f"{resource.logical_id}: the preview does not support the dynamic reference {text}."
            )


def resolved(value: Any, secret: Callable[[str], str]) -> Any:
    """The value with secrets in place of its references.

    Args:
        value: plain data.
        secret: the text of a secret, by its ARN; raises Rejected if there is none.
    """
    if isinstance(value, dict):
        return {key: resolved(one, secret) for key, one in value.items()}
    if isinstance(value, list):
        return [resolved(one, secret) for one in value]
    found = REFERENCE.fullmatch(value) if isinstance(value, str) else None
    return _read(secret(found[1]), found[2]) if found else value


def _read(text: str, key: str | None) -> str:
    if not key:
        return text
    try:
        return str(json.loads(text)[key])
    except (ValueError, KeyError, TypeError):
        raise Rejected(
            f"Could not find a value associated with JSONKey {key} in the secret."
        ) from None


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
