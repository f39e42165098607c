"""Identity providers of the stack's user pool: a stand-in at the host of each issuer.

Nothing is sent to the real provider. The stand-in signs everybody in who enters an email address.
"""

import importlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Request, Response

from preview.account import Account
from preview.errors import NotSupported
from preview.resource import Resource

PACKAGE = "oidc_provider_mock"


def providers(account: Account, pool_id: str) -> Mapping[str, Resource]:
    """The identity providers of a user pool, by name."""
    return {
        one.properties["ProviderName"]: one
        for one in account.resources.of_type("AWS::Cognito::UserPoolIdentityProvider")
        if one.properties["UserPoolId"] == pool_id
    }


def issuer_hosts(account: Account) -> list[str]:
    """The hosts of the OpenID Connect issuers."""
    found = [
        one.properties["ProviderDetails"].get("oidc_issuer", "")
        for one in account.resources.of_type("AWS::Cognito::UserPoolIdentityProvider")
    ]
    return [urlsplit(issuer).netloc for issuer in found if issuer]


def stand_in_answer(account: Account, request: Request) -> Response:
    """The response of the stand-in at the request's host."""
    return Response.from_app(_stand_in(account, request.host), request.environ)


def fetch(account: Account, method: str, url: str, **options: Any) -> TestResponse:
    """What the user pool gets from a provider's URL."""
    parts = urlsplit(url)
    client = Client(_stand_in(account, parts.netloc))
    return client.open(
        parts.path, method=method, base_url=f"{parts.scheme}://{parts.netloc}", **options
    )


def _stand_in(account: Account, host: str) -> Any:
    if host not in account.stand_ins:
        try:
            package = importlib.import_module(PACKAGE)
        except ImportError:
            raise NotSupported(
                f"the preview needs the package {PACKAGE.replace('_', '-')} for identity providers:"
                " pip install --requirement requirements-dev.txt"
            ) from None
        account.stand_ins[host] = package.app(require_client_registration=False)
    return account.stand_ins[host]
