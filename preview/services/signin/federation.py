"""Cognito federation: sign-in with an account at an OpenID Connect provider.

https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-oidc-flow.html
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from moto.cognitoidp.models import CognitoIdpUser, CognitoIdpUserPool
from werkzeug.test import TestResponse

from preview.resource import Resource

EXTERNAL = "EXTERNAL_PROVIDER"
"""The status of users who have no password in the user pool."""
RETURN_PATH = "/oauth2/idpresponse"

Fetch = Callable[..., TestResponse]
"""Requests a URL of a provider: method, URL, and werkzeug's options."""


class Failed(Exception):
    """The provider, or what it says about the viewer, is not accepted; the text says why."""


def _nobody(*_: object, **__: object) -> TestResponse:
    raise Failed("there is no such provider")


@dataclass(kw_only=True)
class Federation:
    """The identity providers of a user pool."""

    providers: Mapping[str, Resource]
    """AWS::Cognito::UserPoolIdentityProvider by ProviderName."""
    pool: CognitoIdpUserPool
    host: str
    """The user pool domain's."""
    fetch: Fetch = _nobody
    _pending: dict[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict)
    """By state: the provider, and the request of the app client."""

    def begin(self, name: str, asked: Mapping[str, str]) -> str:
        """The URL of the provider's sign-in page, for a request of an app client.

        Raises:
            Failed: the preview cannot sign in with this provider.
        """
        details = self._details(name)
        state = secrets.token_urlsafe()
        self._pending[state] = name, {**asked}
        query = {
            "client_id": details["client_id"],
            "redirect_uri": f"https://{self.host}{RETURN_PATH}",
            "scope": details["authorize_scopes"],
            "response_type": "code",
            "state": state,
        }
        endpoint = self._configuration(details)["authorization_endpoint"]
        return f"{endpoint}?{urlencode(query)}"

    def finish(
        self, answer: Mapping[str, str], clients: Mapping[str, Mapping[str, Any]]
    ) -> tuple[CognitoIdpUser, Mapping[str, str]]:
        """The user, created at the first sign-in, and the request of the app client.

        Raises:
            Failed: the provider refused, or says too little.
        """
        name, asked = self._pending.pop(answer.get("state", ""), ("", {}))
        if not name or "code" not in answer:
            raise Failed(answer.get("error", "invalid_request"))
        claims = self._claims(self._details(name), answer["code"])
        attributes = self._attributes(name, claims, clients[asked["client_id"]])
        return self._user(f"{name}_{claims['sub']}", attributes), asked

    def _details(self, name: str) -> Mapping[str, str]:
        provider = self.providers[name].properties
        if provider["ProviderType"] != "OIDC":
            raise Failed("the preview signs in only with OpenID Connect providers")
        return dict(provider["ProviderDetails"])

    def _configuration(self, details: Mapping[str, str]) -> Mapping[str, str]:
        """OpenID Connect Discovery 1.0, section 4: the issuer is the one that was asked."""
        issuer = details["oidc_issuer"]
        found = _json(self.fetch("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration"))
        if found.get("issuer") != issuer:
            raise Failed(f"{issuer} does not publish the configuration of this issuer")
        return found

    def _claims(self, details: Mapping[str, str], code: str) -> Mapping[str, Any]:
        configuration = self._configuration(details)
        form = {
            "grant_type": "authorization_code",
            "client_id": details["client_id"],
            "client_secret": details["client_secret"],
            "code": code,
            "redirect_uri": f"https://{self.host}{RETURN_PATH}",
        }
        redeemed = _json(self.fetch("POST", configuration["token_endpoint"], data=form))
        told = _json(
            self.fetch(
                details["attributes_request_method"],
                configuration["userinfo_endpoint"],
                headers={"Authorization": f"Bearer {redeemed.get('access_token')}"},
            )
        )
        if "sub" not in told:
            raise Failed("the provider does not tell who the viewer is")
        return told

    def _attributes(
        self, name: str, claims: Mapping[str, Any], client: Mapping[str, Any]
    ) -> list[dict[str, str]]:
        """The mapped attributes, which the app client must be allowed to write.

        Source: Amazon Cognito API Reference, UserPoolClientType, WriteAttributes.
        """
        mapping = self.providers[name].properties.get("AttributeMapping", {})
        writable = client.get("WriteAttributes") or mapping
        if denied := sorted(mapping.keys() - set(writable)):
            raise Failed(f"the app client may not write {', '.join(denied)}")
        return [
            {"Name": ours, "Value": str(claims[theirs])}
            for ours, theirs in mapping.items()
            if theirs in claims
        ]

    def _user(self, username: str, attributes: list[dict[str, str]]) -> CognitoIdpUser:
        user = self.pool.users.get(username)
        if user is None:
            user = CognitoIdpUser(self.pool.id, username, None, EXTERNAL, attributes)
            self.pool.users[username] = user
        else:
            user.update_attributes(attributes)
        return user


def _json(response: TestResponse) -> dict[str, Any]:
    """The document; empty without success."""
    return dict(response.get_json() or {}) if response.status_code == 200 else {}
