"""Cognito user pool of the viewers: its sign-in page, app client and first viewer."""

from dataclasses import dataclass
from typing import Literal

from pydantic import Field
from troposphere import AWSHelperFn, Equals, Not, NoValue, Output, Parameter, Ref, Sub, cognito

from protected_stream.page.brand import Brand
from protected_stream.sections.delivery import Delivery
from protected_stream.sections.sign_in_branding import sign_in_branding
from protected_stream.template.metadata import why
from protected_stream.template.names import stack_uuid
from protected_stream.template.options import Options
from protected_stream.template.section import LabelledParameter, Section

MFA = {"off": "OFF", "optional": "OPTIONAL", "required": "ON"}
FIRST_VIEWER_WANTED = "FirstViewerWanted"
# API Gateway checks tokens without asking Cognito, so an issued token is accepted until it expires.
# Five minutes is Cognito's minimum; the page requests a new one when it needs one.
TOKEN_MINUTES = 5
DAYS_OF_A_TEMPORARY_PASSWORD = 7  # AWS Foundational Security Best Practices, control Cognito.3
SCOPES = ("openid", "email")
READABLE = ("email", "email_verified")
# What viewers may change themselves if they have a token for it. Not the address, by which they
# sign in. An empty list would allow every standard attribute, so this is one that nothing uses.
# Source: Amazon Cognito API Reference, CreateUserPoolClient, WriteAttributes
WRITABLE = ("locale",)


class ViewerOptions(Options):
    """How viewers sign in."""

    mfa: Literal["off", "optional", "required"] = Field(
        default="off",
        description="an authenticator app as a second factor; `optional` asks only viewers who "
        "registered an app through Cognito's API, as the sign-in page does not offer that",
    )
    password_length: int = Field(
        default=12, ge=8, le=99, description="minimum number of characters"
    )
    session_hours: int = Field(
        default=24, ge=1, le=8760, description="hours until a viewer must sign in again"
    )


@dataclass(frozen=True, kw_only=True)
class Viewers(Section):
    """The user pool and app client, for the API's authorizer."""

    pool: cognito.UserPool
    client: cognito.UserPoolClient

    @property
    def client_id(self) -> AWSHelperFn:
        """The only app client whose tokens are accepted."""
        return self.client.ref()


def sign_in_hosts() -> tuple[AWSHelperFn, ...]:
    """The hosts that the page connects to during sign-in.

    They are strings, as references would be circular: the app client refers to the distribution,
    whose headers name these hosts.
    """
    return (_sign_in_host(),)


def viewers(options: ViewerOptions, delivery: Delivery, brand: Brand) -> Viewers:
    """The user pool, the page's app client, the sign-in page and the first viewer."""
    pool = _pool(options)
    client = _client(pool, options, delivery)
    domain = cognito.UserPoolDomain(
        "SignInDomain",
        Metadata=why("where viewers sign in"),
        UserPoolId=pool.ref(),
        Domain=_domain_prefix(),
        ManagedLoginVersion=2,
    )
    branding = sign_in_branding(pool, client, brand)
    email = _viewer_email()
    return Viewers(
        source="viewers",
        heading="Viewers",
        parameters=(LabelledParameter("E-mail address of the first viewer", email),),
        conditions={FIRST_VIEWER_WANTED: Not(Equals(Ref(email), ""))},
        resources=(pool, client, domain, branding, _first_viewer(pool, email)),
        outputs=(
            Output("UserPoolId", Description="Add viewers here", Value=pool.ref()),
            Output("UserPoolClientId", Description="The page's client", Value=client.ref()),
            Output("SignInHost", Description="Host of the sign-in page", Value=_sign_in_host()),
        ),
        page_settings={
            "issuer": _issuer_host_and_path(pool),
            "signInHost": _sign_in_host(),
            "clientId": client.ref(),
        },
        pool=pool,
        client=client,
    )


def _pool(options: ViewerOptions) -> cognito.UserPool:
    """An administrator adds the viewers, who sign in with their email address.

    UsernameAttributes and UsernameConfiguration are immutable.
    """
    return cognito.UserPool(
        "UserPool",
        Metadata=why("the viewers; an administrator adds them"),
        DeletionProtection="ACTIVE",
        UserPoolTier="ESSENTIALS",
        UsernameAttributes=["email"],
        UsernameConfiguration=cognito.UsernameConfiguration(CaseSensitive=False),
        AutoVerifiedAttributes=["email"],
        UserAttributeUpdateSettings=cognito.UserAttributeUpdateSettings(
            AttributesRequireVerificationBeforeUpdate=["email"]
        ),
        AdminCreateUserConfig=cognito.AdminCreateUserConfig(AllowAdminCreateUserOnly=True),
        AccountRecoverySetting=cognito.AccountRecoverySetting(
            RecoveryMechanisms=[cognito.RecoveryOption(Name="verified_email", Priority=1)]
        ),
        Policies=cognito.Policies(
            PasswordPolicy=cognito.PasswordPolicy(
                MinimumLength=options.password_length,
                RequireLowercase=True,
                RequireUppercase=True,
                RequireNumbers=True,
                RequireSymbols=True,
                TemporaryPasswordValidityDays=DAYS_OF_A_TEMPORARY_PASSWORD,
            )
        ),
        MfaConfiguration=MFA[options.mfa],
        EnabledMfas=_second_factors(options),
    )


def _second_factors(options: ViewerOptions) -> list[str] | Ref:
    return NoValue if options.mfa == "off" else ["SOFTWARE_TOKEN_MFA"]


def _client(
    pool: cognito.UserPool, options: ViewerOptions, delivery: Delivery
) -> cognito.UserPoolClient:
    """A public client: authorization code with PKCE, and no secret, which a page could not keep.

    Source: RFC 9700, section 2.1.1; Amazon Cognito Developer Guide, "Using PKCE".
    """
    return cognito.UserPoolClient(
        "PageClient",
        Metadata=why("the page's public client, with code and PKCE"),
        UserPoolId=pool.ref(),
        GenerateSecret=False,
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=list(SCOPES),
        SupportedIdentityProviders=["COGNITO"],
        CallbackURLs=[
            *delivery.urls("/"),
            *delivery.urls("/login.html"),
            *(f"{site}/" for site in delivery.sites),
        ],
        LogoutURLs=[*delivery.urls("/")],
        ExplicitAuthFlows=_auth_flows(options),
        ReadAttributes=list(READABLE),
        WriteAttributes=list(WRITABLE),
        PreventUserExistenceErrors="ENABLED",
        EnableTokenRevocation=True,
        AccessTokenValidity=TOKEN_MINUTES,
        IdTokenValidity=TOKEN_MINUTES,
        RefreshTokenValidity=options.session_hours,
        TokenValidityUnits=cognito.TokenValidityUnits(
            AccessToken="minutes", IdToken="minutes", RefreshToken="hours"
        ),
    )


def _auth_flows(options: ViewerOptions) -> list[str]:
    """The flows of Cognito's API; managed login needs none of them.

    Tokens from the API have the scope aws.cognito.signin.user.admin, with which their holder acts
    on the account: registers an authenticator app, for instance, which managed login offers only if
    MFA is required. The list must not become empty: Cognito then allows SRP.

    Source: Amazon Cognito API Reference, CreateUserPoolClient, ExplicitAuthFlows.
    """
    to_register_an_app = ["ALLOW_USER_SRP_AUTH"] if options.mfa == "optional" else []
    return ["ALLOW_REFRESH_TOKEN_AUTH", *to_register_an_app]


def _first_viewer(pool: cognito.UserPool, email: Parameter) -> cognito.UserPoolUser:
    """The username is the address, so a corrected address creates another user and is allowed.

    Every property is createOnly. Never change one or add one: in a deployed stack, the update would
    create a user of the same name, which Cognito refuses (UsernameExistsException).
    """
    return cognito.UserPoolUser(
        "FirstViewer",
        Metadata=why("invited by mail at creation"),
        Condition=FIRST_VIEWER_WANTED,
        UserPoolId=pool.ref(),
        Username=Ref(email),
        DesiredDeliveryMediums=["EMAIL"],
        UserAttributes=[
            cognito.AttributeType(Name="email", Value=Ref(email)),
            cognito.AttributeType(Name="email_verified", Value="true"),
        ],
    )


def _viewer_email() -> Parameter:
    return Parameter(
        "ViewerEmail",
        Type="String",
        Default="",
        AllowedPattern=r"^$|^[^\s@]+@[^\s@]+\.[^\s@]+$",
        ConstraintDescription="must be empty or an e-mail address",
        Description="Gets an invitation with a temporary password; empty for none. The account of "
        "a former address is kept. An address that already has an account is refused: leave this "
        "as deployed, or empty.",
    )


def _domain_prefix() -> AWSHelperFn:
    """A prefix without the words that Cognito reserves, which a stack's name may contain.

    Source: Amazon Cognito Developer Guide, "Using the Amazon Cognito domain": aws, amazon, cognito.
    """
    return Sub("live-${Stack}", Stack=stack_uuid())


def _sign_in_host() -> AWSHelperFn:
    return Sub("live-${Stack}.auth.${AWS::Region}.amazoncognito.com", Stack=stack_uuid())


def _issuer_host() -> AWSHelperFn:
    return Sub("cognito-idp.${AWS::Region}.${AWS::URLSuffix}")


def _issuer_host_and_path(pool: cognito.UserPool) -> AWSHelperFn:
    """The tokens' issuer, without its scheme.

    Source: Amazon Cognito Developer Guide, "Verifying JSON web tokens".
    """
    return Sub("${Host}/${Pool}", Host=_issuer_host(), Pool=pool.ref())
