"""Cognito user pools and their clients, domains, and users, in moto."""

from preview.account import Account
from preview.cloudformation.providers.provider import Provider
from preview.cloudformation.providers.storage import rejections_of
from preview.errors import Rejected
from preview.resource import Properties, Resource
from preview.services.signin.tokens import validity

HOUR, DAY = 3600, 86_400
# Minimum and maximum validity in seconds
VALIDITIES = {
    "AccessToken": (300, DAY),
    "IdToken": (300, DAY),
    "RefreshToken": (HOUR, 3650 * DAY),
}
POOL_SETTINGS = (
    "AccountRecoverySetting",
    "AdminCreateUserConfig",
    "AliasAttributes",
    "AutoVerifiedAttributes",
    "MfaConfiguration",
    "Policies",
    "Schema",
    "UsernameAttributes",
    "UsernameConfiguration",
)


def _create_pool(account: Account, pool: Resource) -> None:
    settings = {name: pool.properties[name] for name in POOL_SETTINGS if name in pool.properties}
    with rejections_of(pool):
        answer = account.client("cognito-idp").create_user_pool(
            PoolName=pool.properties.get("UserPoolName", pool.logical_id), **settings
        )
    made = answer["UserPool"]
    host = f"cognito-idp.{account.stack.region}.{account.stack.url_suffix}"
    pool.ref = made["Id"]
    pool.attributes = {
        "Arn": made["Arn"],
        "ProviderName": f"{host}/{made['Id']}",
        "ProviderURL": f"https://{host}/{made['Id']}",
        "UserPoolId": made["Id"],
    }


def _delete_pool(account: Account, pool: Resource) -> None:
    if pool.properties.get("DeletionProtection") == "ACTIVE":
        # https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-deletion-protection.html
        raise Rejected(f"{pool.logical_id}: the user pool is protected against deletion.")
    with rejections_of(pool):
        account.client("cognito-idp").delete_user_pool(UserPoolId=pool.ref)


def _check_client(client: Resource) -> None:
    # https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
    for token, (least, most) in VALIDITIES.items():
        if not least <= validity(client.properties, token) <= most:
            raise Rejected(
                f"{client.logical_id}: {token}Validity must be from {least} to {most} seconds."
            )


def _create_client(account: Account, client: Resource) -> None:
    _check_client(client)
    with rejections_of(client):
        answer = account.client("cognito-idp").create_user_pool_client(
            **{"ClientName": client.logical_id, **client.properties}
        )
    client.ref = answer["UserPoolClient"]["ClientId"]
    client.attributes = {"ClientId": client.ref, "Name": client.logical_id}


def _update_client(account: Account, _: Resource, new: Resource) -> None:
    _check_client(new)
    settings: Properties = {**new.properties, "ClientId": new.ref}
    settings.pop("GenerateSecret", None)
    with rejections_of(new):
        account.client("cognito-idp").update_user_pool_client(**settings)


def _delete_client(account: Account, client: Resource) -> None:
    with rejections_of(client):
        account.client("cognito-idp").delete_user_pool_client(
            UserPoolId=client.properties["UserPoolId"], ClientId=client.ref
        )


def _create_domain(account: Account, domain: Resource) -> None:
    with rejections_of(domain):
        account.client("cognito-idp").create_user_pool_domain(
            UserPoolId=domain.properties["UserPoolId"], Domain=domain.properties["Domain"]
        )


def _delete_domain(account: Account, domain: Resource) -> None:
    with rejections_of(domain):
        account.client("cognito-idp").delete_user_pool_domain(
            UserPoolId=domain.properties["UserPoolId"], Domain=domain.properties["Domain"]
        )


def _create_user(account: Account, user: Resource) -> None:
    with rejections_of(user):
        account.invite(
            user.properties["UserPoolId"],
            user.properties["Username"],
            user.properties.get("UserAttributes", []),
        )


def _delete_user(account: Account, user: Resource) -> None:
    with rejections_of(user):
        account.client("cognito-idp").admin_delete_user(
            UserPoolId=user.properties["UserPoolId"], Username=user.properties["Username"]
        )


USER_POOL = Provider(create=_create_pool, delete=_delete_pool)
CLIENT = Provider(create=_create_client, update=_update_client, delete=_delete_client)
DOMAIN = Provider(create=_create_domain, delete=_delete_domain)
USER = Provider(create=_create_user, delete=_delete_user)
