"""Cognito app client of the page: what it may ask for, and where sign-in comes back to."""

from collections.abc import Sequence

from troposphere import AWSHelperFn, NoValue, Ref, cognito

from protected_stream.sections.delivery import Delivery
from protected_stream.sections.viewers.interface import PoolOptions
from protected_stream.template.metadata import why

# API Gateway checks tokens without asking Cognito, so an issued token is accepted until it expires.
# Five minutes is Cognito's minimum; the page requests a new one when it needs one.
TOKEN_MINUTES = 5
# Source: Amazon Cognito API Reference, RefreshTokenRotationType
GRACE_SECONDS = 60
SCOPES = ("openid", "email")
READABLE = ("email", "email_verified")
# What viewers may change themselves if they have a token for it. Not the address, by which they
# sign in. An empty list would allow every standard attribute, so this is one that nothing uses.
# Source: Amazon Cognito API Reference, CreateUserPoolClient, WriteAttributes
WRITABLE = ("locale",)


def page_client(
    pool_id: AWSHelperFn,
    options: PoolOptions,
    delivery: Delivery,
    *,
    providers: Sequence[str | AWSHelperFn] | AWSHelperFn = ("COGNITO",),
    writable: Sequence[str] = WRITABLE,
    more_flows: Sequence[str] = (),
) -> cognito.UserPoolClient:
    """A public client: authorization code with PKCE, and no secret, which a page could not keep.

    Source: RFC 9700, section 2.1.1; Amazon Cognito Developer Guide, "Using PKCE".

    Args:
        pool_id: the user pool's ID.
        options: how viewers sign in.
        delivery: the page's host.
        providers: the names of the identity providers that viewers sign in with.
        writable: the attributes that it may write; every standard attribute if empty.
        more_flows: flows of Cognito's API besides the refresh of tokens.
    """
    return cognito.UserPoolClient(
        "PageClient",
        Metadata=why("the page's public client, with code and PKCE"),
        UserPoolId=pool_id,
        GenerateSecret=False,
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=list(SCOPES),
        SupportedIdentityProviders=(
            providers if isinstance(providers, AWSHelperFn) else list(providers)
        ),
        CallbackURLs=callback_urls(delivery),
        LogoutURLs=sign_out_urls(delivery),
        ExplicitAuthFlows=_auth_flows(options, more_flows),
        RefreshTokenRotation=_rotation(options),
        ReadAttributes=list(READABLE),
        WriteAttributes=list(writable) or NoValue,
        PreventUserExistenceErrors="ENABLED",
        EnableTokenRevocation=True,
        AccessTokenValidity=TOKEN_MINUTES,
        IdTokenValidity=TOKEN_MINUTES,
        RefreshTokenValidity=options.session_hours,
        TokenValidityUnits=cognito.TokenValidityUnits(
            AccessToken="minutes", IdToken="minutes", RefreshToken="hours"
        ),
    )


def _auth_flows(options: PoolOptions, more: Sequence[str]) -> list[str]:
    """Cognito refuses ALLOW_REFRESH_TOKEN_AUTH together with rotation.

    The list must not become empty, or Cognito allows SRP. The flow that replaces it needs functions
    which the pool does not have.

    Source: Amazon Cognito API Reference, CreateUserPoolClient, ExplicitAuthFlows; Amazon Cognito
    Developer Guide, "Refresh tokens".
    """
    if options.rotate_refresh_tokens:
        return list(more) or ["ALLOW_CUSTOM_AUTH"]
    return ["ALLOW_REFRESH_TOKEN_AUTH", *more]


def _rotation(options: PoolOptions) -> cognito.RefreshTokenRotation | Ref:
    """The longest grace period, for lost responses and for tabs that renew at once."""
    if not options.rotate_refresh_tokens:
        return NoValue
    return cognito.RefreshTokenRotation(Feature="ENABLED", RetryGracePeriodSeconds=GRACE_SECONDS)


def callback_urls(delivery: Delivery) -> list[str | AWSHelperFn]:
    """Where sign-in comes back to: the page, the login page of the post, and allowed sites."""
    return [
        *delivery.urls("/"),
        *delivery.urls("/login.html"),
        *(f"{site}/" for site in delivery.sites),
    ]


def sign_out_urls(delivery: Delivery) -> list[str | AWSHelperFn]:
    """Where sign-out comes back to."""
    return [*delivery.urls("/")]
