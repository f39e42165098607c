"""Cognito user pool that existed before the stack, with a viewer; its owner's steps.

The stack gets its ARN and the host of its domain as parameters, and the ID of an app client if the
stack does not create its own. Such a client's URLs are known only once the stack exists.
"""

from collections.abc import Mapping
from typing import Any

from moto.cognitoidp.models import cognitoidp_backends

from preview.account import Account
from preview.cloudformation.parameters import parameter_values
from preview.errors import PreviewError
from preview.resource import Resource

POOL, HOST, CLIENT = "ExistingUserPoolArn", "ExistingSignInHost", "ExistingClientId"
VIEWER = "viewer@example.com"
SETTINGS: Mapping[str, Any] = {
    "UsernameAttributes": ["email"],
    "UsernameConfiguration": {"CaseSensitive": False},
}
CLIENT_SETTINGS: Mapping[str, Any] = {
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthFlows": ["code"],
    "AllowedOAuthScopes": ["openid", "email"],
    "SupportedIdentityProviders": ["COGNITO"],
    "RefreshTokenValidity": 1,
}

Declared = Mapping[str, Mapping[str, Any]]


def create_pool(account: Account, declared: Declared, given: Mapping[str, str]) -> None:
    """Creates the user pool, unless it exists or the template does not need one.

    Args:
        account: gets the pool, its domain, a viewer and, if asked for, the app client.
        declared: the template's parameters.
        given: their values.

    Raises:
        PreviewError: the pool is in another account or Region than the stack.
        Rejected: a parameter is wrong.
    """
    if POOL not in declared:
        return
    values = parameter_values(declared, given)
    pool_id = values[POOL].rpartition("/")[2]
    if any(one.ref == pool_id for one in account.resources.of_type("AWS::Cognito::UserPool")):
        return
    _expect_here(account, values[POOL])
    account.resources.outside += [
        _pool(account, values[POOL], pool_id),
        _domain(account, values[HOST], pool_id),
        *(_client(values[CLIENT], pool_id) if CLIENT in declared else ()),
    ]
    account.invite(pool_id, VIEWER)


def register_urls(account: Account, outputs: Mapping[str, str]) -> None:
    """Registers the page's URLs with the app client that the stack was given, as its owner does."""
    for client in account.resources.outside:
        if client.type == "AWS::Cognito::UserPoolClient" and "CallbackUrls" in outputs:
            client.properties["CallbackURLs"] = outputs["CallbackUrls"].split(",")
            client.properties["LogoutURLs"] = outputs["SignOutUrls"].split(",")


def _expect_here(account: Account, arn: str) -> None:
    _, _, _, region, owner, _ = arn.split(":", 5)
    if (region, owner) != (account.stack.region, account.stack.account_id):
        raise PreviewError(
            f"{POOL} is in {region}, account {owner}; the preview has only user pools in"
            f" {account.stack.region}, account {account.stack.account_id}: pass the ARN of one as"
            f" {POOL}=Value."
        )


def _pool(account: Account, arn: str, pool_id: str) -> Resource:
    """Moto chooses the IDs of user pools; this one has the parameter's."""
    cognito = account.client("cognito-idp")
    made = cognito.create_user_pool(PoolName="existing", **SETTINGS)["UserPool"]["Id"]
    pools = cognitoidp_backends[account.stack.account_id][account.stack.region].user_pools
    pools[pool_id] = pools.pop(made)
    pools[pool_id].id, pools[pool_id].arn = pool_id, arn
    issuer = f"cognito-idp.{account.stack.region}.{account.stack.url_suffix}/{pool_id}"
    return Resource(
        logical_id="existing user pool",
        type="AWS::Cognito::UserPool",
        properties={**SETTINGS},
        ref=pool_id,
        attributes={"Arn": arn, "ProviderName": issuer, "ProviderURL": f"https://{issuer}"},
    )


def _domain(account: Account, host: str, pool_id: str) -> Resource:
    suffix = f".auth.{account.stack.region}.amazoncognito.com"
    domain = host.removesuffix(suffix)
    return Resource(
        logical_id="domain of the existing user pool",
        type="AWS::Cognito::UserPoolDomain",
        properties={"UserPoolId": pool_id, "Domain": domain, "ManagedLoginVersion": 2},
        ref=domain,
    )


def _client(client_id: str, pool_id: str) -> tuple[Resource, Resource]:
    """The app client, without URLs yet, and its style of the sign-in page."""
    client = Resource(
        logical_id="app client of the existing user pool",
        type="AWS::Cognito::UserPoolClient",
        properties={"UserPoolId": pool_id, **CLIENT_SETTINGS},
        ref=client_id,
    )
    branding = Resource(
        logical_id="branding of the existing user pool",
        type="AWS::Cognito::ManagedLoginBranding",
        properties={"UserPoolId": pool_id, "ClientId": client_id, "UseCognitoProvidedValues": True},
    )
    return client, branding
