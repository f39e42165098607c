"""Cognito user pool that exists already: the stack adds an app client to it, or is given one."""

from typing import Literal, Self

from pydantic import Field, model_validator
from troposphere import AWSHelperFn, AWSObject, Join, Output, Parameter, Ref, Select, Split, Sub

from protected_stream.page.brand import Brand
from protected_stream.sections.delivery import Delivery
from protected_stream.sections.sign_in_branding import sign_in_branding
from protected_stream.sections.viewers.interface import (
    DEFAULT_SESSION_HOURS,
    PoolOptions,
    Viewers,
    group_notes,
)
from protected_stream.sections.viewers.page_client import callback_urls, page_client, sign_out_urls
from protected_stream.template.section import LabelledParameter, Note

POOL, HOST, CLIENT = "ExistingUserPoolArn", "ExistingSignInHost", "ExistingClientId"
PROVIDERS = "SignInProviders"
REGION = "[a-z]{2}(-[a-z]+)+-[0-9]"
LABEL = "[a-z0-9]([a-z0-9-]*[a-z0-9])?"


class ExistingPoolOptions(PoolOptions):
    """A user pool that exists already; its accounts, password rules and MFA are not ours."""

    pool: Literal["existing"] = Field(description="a user pool that exists already")
    client: Literal["own", "supplied"] = Field(
        default="own",
        description="`own`: the stack adds its app client and its style of the sign-in page to the "
        "pool; `supplied`: the pool's owner has made an app client for the page, and registers the "
        "URLs that the stack prints",
    )

    @model_validator(mode="after")
    def _a_supplied_client_has_its_own_settings(self) -> Self:
        named = {
            "session_hours": self.session_hours != DEFAULT_SESSION_HOURS,
            "rotate_refresh_tokens": self.rotate_refresh_tokens,
        }
        for name, is_named in named.items():
            if self.client == "supplied" and is_named:
                raise ValueError(
                    f'{name} is a setting of the app client, and with client = "supplied" its '
                    "owner's: leave it out"
                )
        return self


def existing_pool(options: ExistingPoolOptions, delivery: Delivery, brand: Brand) -> Viewers:
    """The page's sign-in with a user pool that is not part of the stack."""
    own = options.client == "own"
    return (_with_own_client if own else _with_supplied_client)(options, delivery, brand)


def sign_in_hosts(_: ExistingPoolOptions) -> tuple[AWSHelperFn, ...]:
    """The host of the pool's domain."""
    return (Ref(HOST),)


def _with_own_client(options: ExistingPoolOptions, delivery: Delivery, brand: Brand) -> Viewers:
    """The app client and its branding, without which managed login shows no page.

    Source: Amazon Cognito Developer Guide, "Apply branding to managed login pages".
    """
    providers = _providers()
    # the owner's identity providers write attributes that are not known here; viewers cannot, as
    # the page's tokens do not have the scope for it
    client = page_client(_pool_id(), options, delivery, providers=Ref(providers), writable=())
    branding = sign_in_branding(_pool_id(), client, brand)
    return _viewers(
        options,
        client.ref(),
        LabelledParameter("Identity providers of the pool that viewers may use", providers),
        resources=(client, branding),
        notes=(
            Note(
                "first",
                "the user pool must be in this account and Region, and its domain must have "
                "managed login (ManagedLoginVersion 2)",
            ),
        ),
    )


def _with_supplied_client(options: ExistingPoolOptions, delivery: Delivery, __: Brand) -> Viewers:
    return _viewers(
        options,
        Ref(CLIENT),
        LabelledParameter("App client of the page", _client_id()),
        outputs=(
            _urls("CallbackUrls", "Register with the app client", callback_urls(delivery)),
            _urls("SignOutUrls", "Register with the app client", sign_out_urls(delivery)),
        ),
        notes=(
            Note(
                "first",
                "the app client must have no secret, the code grant, the scopes openid and email, "
                "and a style of managed login; its refresh tokens must last longer than cookies",
            ),
            Note(
                "then",
                "register the outputs CallbackUrls and SignOutUrls with the app client: nobody "
                "can sign in before",
            ),
        ),
    )


def _viewers(
    options: ExistingPoolOptions,
    client_id: AWSHelperFn,
    more: LabelledParameter,
    *,
    notes: tuple[Note, ...],
    resources: tuple[AWSObject, ...] = (),
    outputs: tuple[Output, ...] = (),
) -> Viewers:
    host = Ref(HOST)
    return Viewers(
        source="viewers",
        heading="Viewers",
        parameters=(
            LabelledParameter("ARN of the user pool", _pool_arn()),
            LabelledParameter("Host of its sign-in page", _host()),
            more,
        ),
        resources=resources,
        outputs=(
            Output("UserPoolId", Description="Add viewers here", Value=_pool_id()),
            Output("UserPoolClientId", Description="The page's client", Value=client_id),
            Output("SignInHost", Description="Host of the sign-in page", Value=host),
            *outputs,
        ),
        notes=(*notes, *group_notes(options.groups)),
        page_settings={"issuer": _issuer(), "signInHost": host, "clientId": client_id},
        pool_arn=Ref(POOL),
        client_id=client_id,
        groups=options.groups,
    )


def _urls(name: str, description: str, urls: list[str | AWSHelperFn]) -> Output:
    return Output(name, Description=description, Value=Join(",", urls))


def _pool_id() -> AWSHelperFn:
    return Select(1, Split("/", Ref(POOL)))


def _issuer() -> AWSHelperFn:
    """The tokens' issuer, without its scheme: its Region is the pool's, which may be another one.

    Source: Amazon Cognito Developer Guide, "Verifying JSON web tokens"; Amazon API Gateway
    Developer Guide, "Configure cross-account Amazon Cognito authorizer for a REST API".
    """
    return Sub(
        "cognito-idp.${PoolRegion}.${AWS::URLSuffix}/${Pool}",
        PoolRegion=Select(3, Split(":", Ref(POOL))),
        Pool=_pool_id(),
    )


def _pool_arn() -> Parameter:
    return Parameter(
        POOL,
        Type="String",
        AllowedPattern=f"^arn:aws:cognito-idp:{REGION}:[0-9]{{12}}:userpool/"
        f"{REGION}_[A-Za-z0-9]{{1,45}}$",
        ConstraintDescription="must be the ARN of a Cognito user pool",
        Description="ARN of the user pool, such as "
        "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_AbCdEfGhI.",
    )


def _host() -> Parameter:
    """A prefix domain has a host at amazoncognito.com; a custom domain is a host."""
    return Parameter(
        HOST,
        Type="String",
        MaxLength=253,
        AllowedPattern=rf"^({LABEL}\.)+{LABEL}$",
        ConstraintDescription="must be a host name in lower case, without https://",
        Description="Host of the user pool's domain, such as "
        "example.auth.us-east-1.amazoncognito.com or a custom one.",
    )


def _client_id() -> Parameter:
    """Source: Amazon Cognito API Reference, UserPoolClientType, ClientId."""
    return Parameter(
        CLIENT,
        Type="String",
        AllowedPattern=r"^[\w+]{1,128}$",
        ConstraintDescription="must be the ID of an app client",
        Description="ID of the app client that viewers sign in with.",
    )


def _providers() -> Parameter:
    return Parameter(
        PROVIDERS,
        Type="CommaDelimitedList",
        Default="COGNITO",
        AllowedPattern=r"^\s*[^_\s,][^,]{1,30}[^_\s,]\s*$",
        ConstraintDescription="must be names of identity providers, separated by commas",
        Description="Names of identity providers that the pool has, separated by commas; COGNITO "
        "stands for the pool's own accounts.",
    )
