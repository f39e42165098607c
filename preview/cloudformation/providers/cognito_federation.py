"""Cognito identity providers of a user pool."""

from preview.cloudformation.providers.provider import Provider
from preview.errors import Rejected
from preview.resource import Resource

# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateIdentityProvider.html
REQUIRED = {
    "OIDC": (
        "attributes_request_method",
        "authorize_scopes",
        "client_id",
        "client_secret",
        "oidc_issuer",
    ),
}
METADATA = ("MetadataFile", "MetadataURL")


def _check(provider: Resource) -> None:
    details = provider.properties["ProviderDetails"]
    kind = provider.properties["ProviderType"]
    missing = [name for name in REQUIRED.get(kind, ()) if not details.get(name)]
    if kind == "SAML" and not any(details.get(name) for name in METADATA):
        missing = [METADATA[1]]
    if missing:
        raise Rejected(
            f"{provider.logical_id}: InvalidParameterException: ProviderDetails must have"
            f" {', '.join(missing)}."
        )
    if not details.get("oidc_issuer", "https://").startswith("https://"):
        raise Rejected(
            f"{provider.logical_id}: InvalidParameterException: oidc_issuer must use https."
        )


IDENTITY_PROVIDER = Provider(
    create=lambda _, provider: _check(provider), update=lambda _, __, new: _check(new)
)
