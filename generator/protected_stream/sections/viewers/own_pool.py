"""Cognito user pool of the stack: its sign-in page, app client and first viewer."""

from typing import Literal

from pydantic import Field
from troposphere import AWSHelperFn, Equals, Not, NoValue, Output, Parameter, Ref, Sub, cognito

from protected_stream.page.brand import Brand
from protected_stream.sections.delivery import Delivery
from protected_stream.sections.sign_in_branding import sign_in_branding
from protected_stream.sections.viewers.first_factors import (
    FactorOptions,
    factor_notes,
    sign_in_policy,
    threat_protection,
    tier,
    user_verification,
)
from protected_stream.sections.viewers.identity_providers import (
    ProvidersOption,
    identity_providers,
    providers_field,
)
from protected_stream.sections.viewers.interface import PoolOptions, Viewers, group_notes
from protected_stream.sections.viewers.mail import (
    email_configuration,
    invitation,
    mail_notes,
    mail_parameters,
)
from protected_stream.sections.viewers.member_groups import member_groups
from protected_stream.sections.viewers.page_client import WRITABLE, page_client
from protected_stream.template.metadata import why
from protected_stream.template.names import stack_uuid
from protected_stream.template.section import LabelledParameter

MFA = {"off": "OFF", "optional": "OPTIONAL", "required": "ON"}
FIRST_VIEWER_WANTED = "FirstViewerWanted"
DAYS_OF_A_TEMPORARY_PASSWORD = 7  # AWS Foundational Security Best Practices, control Cognito.3


class OwnPoolOptions(PoolOptions, FactorOptions):
    """A user pool of the stack: an administrator adds the viewers, or they sign up."""

    pool: Literal["own"] = Field(
        default="own", exclude_if=lambda pool: pool == "own", description="a user pool of the stack"
    )
    password_length: int = Field(
        default=12, ge=8, le=99, description="minimum number of characters"
    )
    identity_providers: ProvidersOption = providers_field()


def sign_in_hosts(_: OwnPoolOptions) -> tuple[AWSHelperFn, ...]:
    """The host of the pool's domain."""
    return (_sign_in_host(),)


def own_pool(options: OwnPoolOptions, delivery: Delivery, brand: Brand) -> Viewers:
    """The user pool, the page's app client, the sign-in page and the first viewer."""
    pool = _pool(options)
    elsewhere = identity_providers(options.identity_providers, pool)
    client = page_client(
        pool.ref(),
        options,
        delivery,
        providers=["COGNITO", *elsewhere.names],
        # Cognito writes a mapped attribute at each sign-in, with the app client's permissions
        # and who signs up writes their own
        writable=(*WRITABLE, *(["email"] if elsewhere.resources or options.self_sign_up else [])),
        more_flows=_more_flows(options),
    )
    domain = cognito.UserPoolDomain(
        "SignInDomain",
        Metadata=why("where viewers sign in"),
        UserPoolId=pool.ref(),
        Domain=_domain_prefix(),
        ManagedLoginVersion=2,
    )
    branding = sign_in_branding(pool.ref(), client, brand)
    email = _viewer_email()
    viewer = _first_viewer(pool, email)
    return Viewers(
        source="viewers",
        heading="Viewers",
        parameters=(
            LabelledParameter("E-mail address of the first viewer", email),
            *mail_parameters(options),
            *elsewhere.parameters,
        ),
        conditions={FIRST_VIEWER_WANTED: Not(Equals(Ref(email), ""))},
        resources=(
            *(pool, *elsewhere.resources, client, domain, branding, viewer),
            *member_groups(options.groups, pool, viewer),
        ),
        outputs=(
            Output("UserPoolId", Description="Add viewers here", Value=pool.ref()),
            Output("UserPoolClientId", Description="The page's client", Value=client.ref()),
            Output("SignInHost", Description="Host of the sign-in page", Value=_sign_in_host()),
        ),
        notes=(
            *mail_notes(options),
            *factor_notes(options),
            *elsewhere.notes,
            *group_notes(options.groups),
        ),
        page_settings={
            "issuer": _issuer_host_and_path(pool),
            "signInHost": _sign_in_host(),
            "clientId": client.ref(),
        },
        pool_arn=pool.get_att("Arn"),
        client_id=client.ref(),
        groups=options.groups,
    )


def _pool(options: OwnPoolOptions) -> cognito.UserPool:
    """An administrator adds the viewers, who sign in with their email address.

    UsernameAttributes and UsernameConfiguration are immutable.
    """
    return cognito.UserPool(
        "UserPool",
        Metadata=why(
            "the viewers, who sign up themselves"
            if options.self_sign_up
            else "the viewers; an administrator adds them"
        ),
        DeletionProtection="ACTIVE",
        UserPoolTier=tier(options),
        UsernameAttributes=["email"],
        UsernameConfiguration=cognito.UsernameConfiguration(CaseSensitive=False),
        AutoVerifiedAttributes=["email"],
        UserAttributeUpdateSettings=cognito.UserAttributeUpdateSettings(
            AttributesRequireVerificationBeforeUpdate=["email"]
        ),
        AdminCreateUserConfig=cognito.AdminCreateUserConfig(
            AllowAdminCreateUserOnly=not options.self_sign_up, **invitation(options)
        ),
        EmailConfiguration=email_configuration(options),
        AccountRecoverySetting=cognito.AccountRecoverySetting(
            RecoveryMechanisms=[cognito.RecoveryOption(Name="verified_email", Priority=1)]
        ),
        UserPoolAddOns=threat_protection(options),
        WebAuthnUserVerification=user_verification(options),
        Policies=cognito.Policies(
            SignInPolicy=sign_in_policy(options),
            PasswordPolicy=cognito.PasswordPolicy(
                MinimumLength=options.password_length,
                RequireLowercase=True,
                RequireUppercase=True,
                RequireNumbers=True,
                RequireSymbols=True,
                TemporaryPasswordValidityDays=DAYS_OF_A_TEMPORARY_PASSWORD,
            ),
        ),
        MfaConfiguration=MFA[options.mfa],
        EnabledMfas=_second_factors(options),
    )


def _second_factors(options: OwnPoolOptions) -> list[str] | Ref:
    return NoValue if options.mfa == "off" else ["SOFTWARE_TOKEN_MFA"]


def _more_flows(options: OwnPoolOptions) -> list[str]:
    """The flows of Cognito's API; managed login needs none of them.

    Tokens from the API have the scope aws.cognito.signin.user.admin, with which their holder acts
    on the account: registers an authenticator app, for instance, which managed login offers only if
    MFA is required. The list must not become empty: Cognito then allows SRP.

    Source: Amazon Cognito API Reference, CreateUserPoolClient, ExplicitAuthFlows.
    """
    return ["ALLOW_USER_SRP_AUTH"] if options.mfa == "optional" else []


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
