"""CloudFormation dynamic references to secrets, which are read when a resource is changed.

CloudFormation keeps the reference: a resource whose reference stays the same is not updated,
although the secret has another value by now.

Source: AWS CloudFormation User Guide, "Get a secret or secret value from Secrets Manager".
"""

import re
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from preview.account import Account
from preview.errors import NotSupported, Rejected
from preview.resource import Resource

WHOLE_SECRET = re.compile(r"\{\{resolve:secretsmanager:(arn:[^{}]+?)(?::SecretString)?\}\}")
"""A reference to the whole value of a secret in its current version, by the secret's ARN."""
READ_BY = frozenset({"AWS::CloudFront::Distribution", "AWS::WAFv2::WebACL"})
"""The types whose providers read what the references name."""


def check(resource: Resource) -> None:
    """Checks that the preview reads every dynamic reference of the resource.

    Raises:
        NotSupported: it does not.
    """
    for text in _texts(resource.properties):
        rest = WHOLE_SECRET.sub("", text)
        if "{{resolve:" in rest or (rest != text and resource.type not in READ_BY):
            raise NotSupported(f"{text}: the preview does not support this dynamic reference.")


def resolved(account: Account, value: Any) -> Any:
    """The value with the secrets' values in place of the references.

    Raises:
        Rejected: a secret does not exist.
    """
    if isinstance(value, dict):
        return {name: resolved(account, inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [resolved(account, inner) for inner in value]
    if isinstance(value, str):
        return WHOLE_SECRET.sub(lambda found: _secret(account, found[1]), value)
    return value


def _secret(account: Account, arn: str) -> str:
    try:
        answer = account.client("secretsmanager").get_secret_value(SecretId=arn)
    except ClientError as error:
        raise Rejected(f"{arn}: {error.response['Error']['Code']}") from None
    return str(answer["SecretString"])


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)
