"""Cognito user pools and their clients, domains, and users, in moto."""

from urllib.parse import urlsplit

from preview.account import Account
from preview.cloudformation.providers.provider import Provider
from preview.cloudformation.providers.storage import rejections_of
from preview.errors import Rejected
from preview.resource import Properties, Resource
from preview.services.signin.branding import objections
from preview.services.signin.signin import check_domain, check_pool
from preview.services.signin.tokens import validity

HOUR, DAY = 3600, 86_400
# Minimum and maximum validity in seconds
VALIDITIES = {
    "AccessToken": (300, DAY),
    "IdToken": (300, DAY),
    "RefreshToken": (HOUR, 3650 * DAY),
}
SCOPES = frozenset({"aws.cognito.signin.user.admin", "email", "openid", "phone", "profile"})
"""Every other scope is a resource server's."""
LOCAL = ("localhost", "127.0.0.1", "::1")
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


def _check_pool(pool: Resource) -> None:
    check_pool(pool)
    _check_mail(pool)
    _check_factors(pool)


def _check_mail(pool: Resource) -> None:
    """Source: Amazon Cognito API Reference, EmailConfigurationType and MessageTemplateType."""
    sender = pool.properties.get("EmailConfiguration", {})
    own = sender.get("EmailSendingAccount") == "DEVELOPER"
    invitation = pool.properties.get("AdminCreateUserConfig", {}).get("InviteMessageTemplate", {})
    text = invitation.get("EmailMessage", "{username} {####}")
    for is_wrong, why in (
        (own and not sender.get("SourceArn"), "DEVELOPER requires SourceArn"),
        (bool(invitation) and not own, "an own invitation requires EmailSendingAccount DEVELOPER"),
        ("{username}" not in text or "{####}" not in text, "EmailMessage lacks a placeholder"),
    ):
        if is_wrong:
            raise Rejected(f"{pool.logical_id}: InvalidParameterException: {why}.")


def _check_factors(pool: Resource) -> None:
    """What a first factor and threat protection require.

    Sources: Amazon Cognito API Reference, SignInPolicyType and UserPoolAddOnsType; Developer
    Guide, "User pool feature plans".
    """
    policy = pool.properties.get("Policies", {}).get("SignInPolicy", {})
    first = policy.get("AllowedFirstAuthFactors", ["PASSWORD"])
    sender = pool.properties.get("EmailConfiguration", {}).get("EmailSendingAccount")
    threats = pool.properties.get("UserPoolAddOns", {}).get("AdvancedSecurityMode", "OFF")
    plan = pool.properties.get("UserPoolTier", "ESSENTIALS")
    for is_wrong, why in (
        ("PASSWORD" not in first, "AllowedFirstAuthFactors must have PASSWORD"),
        ("EMAIL_OTP" in first and sender != "DEVELOPER", "EMAIL_OTP requires DEVELOPER"),
        (
            len(first) > 1 and pool.properties.get("MfaConfiguration") == "ON",
            "MFA cannot be required where one factor is enough",
        ),
        (len(first) > 1 and plan == "LITE", "the plan LITE has only passwords"),
        (threats != "OFF" and plan != "PLUS", "threat protection requires the plan PLUS"),
    ):
        if is_wrong:
            raise Rejected(f"{pool.logical_id}: InvalidParameterException: {why}.")


def _create_pool(account: Account, pool: Resource) -> None:
    _check_pool(pool)
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


def _check_client(account: Account, client: Resource) -> None:
    # https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
    _check_urls(client)
    _check_providers(account, client)
    _check_scopes(account, client)
    _check_refresh_tokens(client)
    for token, (least, most) in VALIDITIES.items():
        if not least <= validity(client.properties, token) <= most:
            raise Rejected(
                f"{client.logical_id}: {token}Validity must be from {least} to {most} seconds."
            )


def _check_urls(client: Resource) -> None:
    """The text about HTTP is Cognito's: aws-amplify/amplify-cli, issue 5419."""
    for kind in ("CallbackURLs", "LogoutURLs"):
        for url in client.properties.get(kind, ()):
            parts = urlsplit(url)
            if parts.scheme == "http" and parts.hostname not in LOCAL:
                raise Rejected(
                    f"{client.logical_id}: InvalidParameterException: {url} cannot use the HTTP"
                    " protocol."
                )
            if "#" in url or not parts.scheme:
                raise Rejected(
                    f"{client.logical_id}: InvalidParameterException: {url} in {kind} must be an"
                    " absolute URI without a fragment."
                )


def _check_providers(account: Account, client: Resource) -> None:
    """A provider exists before a client that names it: so the client must refer to it.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-userpoolclient.html
    """
    there = {
        one.properties["ProviderName"]
        for one in account.resources.of_type("AWS::Cognito::UserPoolIdentityProvider")
        if one.properties["UserPoolId"] == client.properties["UserPoolId"]
    }
    for name in client.properties.get("SupportedIdentityProviders", ()):
        if name not in {"COGNITO", *there}:
            raise Rejected(
                f"{client.logical_id}: InvalidParameterException: The provider {name} does not"
                " exist for User Pool"
            )


def _check_scopes(account: Account, client: Resource) -> None:
    """The text is Cognito's: awsdocs/aws-cloudformation-user-guide, issue 564."""
    own = {
        f"{server.properties['Identifier']}/{scope['ScopeName']}"
        for server in account.resources.of_type("AWS::Cognito::UserPoolResourceServer")
        for scope in server.properties.get("Scopes", ())
        if server.properties["UserPoolId"] == client.properties["UserPoolId"]
    }
    for scope in client.properties.get("AllowedOAuthScopes", ()):
        if scope not in SCOPES | own:
            raise Rejected(
                f"{client.logical_id}: ScopeDoesNotExistException: Invalid scope requested: {scope}"
            )


def _check_refresh_tokens(client: Resource) -> None:
    """Rotated refresh tokens and REFRESH_TOKEN_AUTH exclude each other.

    https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html
    """
    if client.properties.get("RefreshTokenRotation", {}).get("Feature") != "ENABLED":
        return
    if "ALLOW_REFRESH_TOKEN_AUTH" in client.properties.get("ExplicitAuthFlows", ()):
        raise Rejected(
            f"{client.logical_id}: InvalidParameterException: RefreshTokenRotation requires that"
            " ExplicitAuthFlows do not have ALLOW_REFRESH_TOKEN_AUTH."
        )


def _check_branding(_: Account, branding: Resource) -> None:
    """Source: CreateManagedLoginBranding; floci-io/floci, pull request 2869, measured it."""
    refused = objections(branding.properties)
    if refused:
        raise Rejected(f"{branding.logical_id}: InvalidParameterException: {' '.join(refused)}")


def _create_client(account: Account, client: Resource) -> None:
    _check_client(account, client)
    with rejections_of(client):
        answer = account.client("cognito-idp").create_user_pool_client(
            **{"ClientName": client.logical_id, **client.properties}
        )
    client.ref = answer["UserPoolClient"]["ClientId"]
    client.attributes = {"ClientId": client.ref, "Name": client.logical_id}


def _update_client(account: Account, _: Resource, new: Resource) -> None:
    _check_client(account, new)
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
    check_domain(domain)
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


USER_POOL = Provider(
    create=_create_pool, update=lambda _account, _old, new: _check_pool(new), delete=_delete_pool
)
CLIENT = Provider(create=_create_client, update=_update_client, delete=_delete_client)
DOMAIN = Provider(create=_create_domain, delete=_delete_domain)
BRANDING = Provider(
    create=_check_branding, update=lambda account, _, new: _check_branding(account, new)
)
USER = Provider(create=_create_user, delete=_delete_user)
