"""Stream that is on the air before the stack exists: its origin, and its owner's steps."""

import secrets
from collections.abc import Iterator, Mapping
from json import loads
from typing import Any
from urllib.parse import urlsplit

from preview.account import Account
from preview.cloudformation.parameters import parameter_values
from preview.resource import Resource
from preview.services.existing_origin import (
    HOST,
    MANIFEST_OUTPUTS,
    SECRET,
    STATEMENT,
    ExistingOrigin,
)


def register_existing(
    account: Account, declared: Mapping[str, Mapping[str, Any]], given: Mapping[str, str]
) -> None:
    """The origin and its secret, if the template reads from one; before the deployment.

    Raises:
        Rejected: a parameter is wrong.
    """
    if HOST not in declared:
        return
    values = parameter_values(declared, given)
    host = values[HOST]
    if host not in account.existing_origins:
        account.existing_origins.clear()
        account.existing_origins[host] = ExistingOrigin(
            host=host, identifier=secrets.token_urlsafe(24)
        )
    if SECRET in values:
        account.secrets_of_others[values[SECRET]] = account.existing_origins[host].secret


def put_on_air(account: Account, outputs: Mapping[str, str]) -> None:
    """The stream that the origin has, and the header that it asks for; after the deployment."""
    for origin in account.existing_origins.values():
        origin.has(
            {name: urlsplit(outputs[name]).path for name in MANIFEST_OUTPUTS if name in outputs}
        )
        origin.header = origin.kind.header or next(_headers(account, origin.host), "")


def add_statements(account: Account, outputs: Mapping[str, str]) -> None:
    """What the owner does for CloudFront to be let in: adds the statements in the outputs."""
    for origin in account.existing_origins.values():
        origin.statements = [
            loads(text) for name, text in outputs.items() if name.startswith(STATEMENT)
        ]


def _headers(account: Account, host: str) -> Iterator[str]:
    """The names of the headers that distributions send to a host."""
    for distribution in account.resources.of_type("AWS::CloudFront::Distribution"):
        for origin in _origins(distribution):
            if origin["DomainName"] == host:
                yield from (one["HeaderName"] for one in origin.get("OriginCustomHeaders", ()))


def _origins(distribution: Resource) -> list[dict[str, Any]]:
    return list(distribution.properties["DistributionConfig"]["Origins"])
