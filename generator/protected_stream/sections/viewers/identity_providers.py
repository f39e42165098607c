"""Cognito identity providers: viewers sign in with an account that they have elsewhere."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from troposphere import AWSHelperFn, Parameter, Ref, cognito

from protected_stream.template.metadata import why
from protected_stream.template.options import TOML_LIST, Options, is_unset
from protected_stream.template.section import LabelledParameter, Note
from protected_stream.template.validation_errors import shown

# Letters, digits, dots, dashes and spaces inside. Cognito's limit is 32 characters, and no space or
# underscore may be at an end.
# Source: Amazon Cognito API Reference, CreateIdentityProvider, ProviderName
NAME = "[A-Za-z0-9][A-Za-z0-9 .-]{1,30}[A-Za-z0-9]"
# Source: the same, ProviderType, and UpdateUserPoolClient, SupportedIdentityProviders
RESERVED = ("cognito", "facebook", "google", "loginwithamazon", "signinwithapple")
URL = r"https://[A-Za-z0-9.-]+(:[0-9]+)?(/[^\s?#]*)?"
CLIENT_ID, CLIENT_SECRET = "ClientId", "ClientSecret"
"""How the names of a provider's parameters end."""
MOST = 10
"""A choice of ours: managed login shows a button for each."""


def _provider_name(name: str) -> str:
    if not re.fullmatch(NAME, name):
        raise ValueError(
            "must have 3 to 32 letters, digits, dots, dashes and spaces, with a letter or digit at "
            f"both ends; got {shown(name)}"
        )
    if name.lower() in RESERVED:
        raise ValueError(f"must be another name than {shown(name)}, which Cognito reserves")
    return name


def _https(url: str) -> str:
    if url and not re.fullmatch(URL, url):
        raise ValueError(f"must be an https:// URL without ? and #; got {shown(url)}")
    return url


def _scope(scope: str) -> str:
    """Source: RFC 6749, section 3.3."""
    if not re.fullmatch(r"[!#-\[\]-~]+", scope):
        raise ValueError(f"must be a scope of OAuth 2.0; got {shown(scope)}")
    return scope


class IdentityProviderOptions(Options):
    """Where viewers have an account already."""

    type: Literal["oidc", "saml"] = Field(
        description="`oidc`: OpenID Connect; `saml`: SAML 2.0, which the preview does not sign in "
        "with"
    )
    name: Annotated[str, AfterValidator(_provider_name)] = Field(
        json_schema_extra={"pattern": f"^{NAME}$"},
        description="what viewers read on the button of the sign-in page; it cannot be changed: "
        "another name is another provider, and its viewers are other users",
    )
    issuer: Annotated[str, AfterValidator(_https)] = Field(
        default="",
        json_schema_extra={"pattern": f"^({URL})?$"},
        description="`oidc`: the https URL of the issuer, which publishes its configuration",
    )
    scopes: Annotated[tuple[Annotated[str, AfterValidator(_scope)], ...], TOML_LIST] = Field(
        default=(),
        description="`oidc`: what Cognito asks the provider for, by default openid and email",
    )
    metadata_url: Annotated[str, AfterValidator(_https)] = Field(
        default="",
        json_schema_extra={"pattern": f"^({URL})?$"},
        description="`saml`: the https URL of the provider's metadata",
    )
    email_attribute: str = Field(
        default="",
        max_length=256,
        description="the provider's name of the e-mail address; empty: email for `oidc`, and the "
        "usual claim for `saml`",
    )

    @model_validator(mode="after")
    def _has_the_keys_of_its_type(self) -> Self:
        kind = KINDS[self.type]
        other = next(one for name, one in KINDS.items() if name != self.type)
        if not getattr(self, kind.url):
            raise ValueError(f'{kind.url} is missing, which type = "{self.type}" requires')
        if getattr(self, other.url):
            raise ValueError(f'{other.url} is not for type = "{self.type}": leave it out')
        if self.scopes and (self.type != "oidc" or "openid" not in self.scopes):
            raise ValueError('scopes is for type = "oidc", and must have "openid"')
        return self


def distinct(
    providers: tuple[IdentityProviderOptions, ...],
) -> tuple[IdentityProviderOptions, ...]:
    """The providers, if their names differ and there are not too many.

    Raises:
        ValueError: says what is wrong.
    """
    if len(providers) > MOST:
        raise ValueError(f"must have at most {MOST} entries, got {len(providers)}")
    if len({_id(one) for one in providers}) < len(providers):
        raise ValueError("has two names that are the same except for case, spaces and signs")
    return providers


ProvidersOption = Annotated[
    tuple[IdentityProviderOptions, ...], TOML_LIST, AfterValidator(distinct)
]


def providers_field() -> Any:
    """The option of the user pool's table."""
    return Field(
        default=(),
        exclude_if=is_unset,
        json_schema_extra={"maxItems": MOST},
        description="where viewers have an account already: the sign-in page has a button for each",
    )


@dataclass(frozen=True, kw_only=True)
class IdentityProviders:
    """The providers, and what the template needs for them."""

    resources: tuple[cognito.UserPoolIdentityProvider, ...]
    parameters: tuple[LabelledParameter, ...]
    notes: tuple[Note, ...]

    @property
    def names(self) -> tuple[AWSHelperFn, ...]:
        """References, so that the app client is created after its providers."""
        return tuple(one.ref() for one in self.resources)


@dataclass(frozen=True, kw_only=True)
class _Kind:
    """What differs between the types.

    Source: Amazon Cognito API Reference, CreateIdentityProvider, ProviderDetails.
    """

    url: str
    """The key of the URL that leads to the provider's configuration."""
    email: str
    details: Callable[[IdentityProviderOptions], Mapping[str, Any]]
    parameters: Callable[[IdentityProviderOptions], tuple[LabelledParameter, ...]]
    register: str
    """What the provider's administrator registers."""


def identity_providers(
    options: tuple[IdentityProviderOptions, ...], pool: cognito.UserPool
) -> IdentityProviders:
    """The user pool's identity providers."""
    hosts = "https://SignInHost"  # the output
    return IdentityProviders(
        resources=tuple(_provider(one, pool) for one in options),
        parameters=tuple(label for one in options for label in KINDS[one.type].parameters(one)),
        notes=tuple(
            Note(
                "provider",
                f"register {hosts}{KINDS[one.type].register} with {one.name}; viewers who come "
                "from there are in no group until you put them into one",
            )
            for one in options
        ),
    )


def _provider(
    options: IdentityProviderOptions, pool: cognito.UserPool
) -> cognito.UserPoolIdentityProvider:
    kind = KINDS[options.type]
    return cognito.UserPoolIdentityProvider(
        f"{_id(options)}IdentityProvider",
        Metadata=why("viewers sign in with an account that they have there"),
        UserPoolId=pool.ref(),
        ProviderName=options.name,
        ProviderType=options.type.upper(),
        ProviderDetails=dict(kind.details(options)),
        AttributeMapping={"email": options.email_attribute or kind.email},
    )


def _oidc(options: IdentityProviderOptions) -> Mapping[str, Any]:
    return {
        "client_id": Ref(_id(options) + CLIENT_ID),
        "client_secret": Ref(_id(options) + CLIENT_SECRET),
        "oidc_issuer": options.issuer,
        "authorize_scopes": " ".join(options.scopes or ("openid", "email")),
        "attributes_request_method": "GET",
    }


def _oidc_parameters(options: IdentityProviderOptions) -> tuple[LabelledParameter, ...]:
    return (
        LabelledParameter(f"Client ID at {options.name}", _client_id(options)),
        LabelledParameter(f"Client secret at {options.name}", _client_secret(options)),
    )


def _client_id(options: IdentityProviderOptions) -> Parameter:
    return Parameter(
        _id(options) + CLIENT_ID,
        Type="String",
        AllowedPattern=r"^[!-~]{1,512}$",
        ConstraintDescription="must be a client ID",
        Description=f"The ID that {options.name} has given this user pool.",
    )


def _client_secret(options: IdentityProviderOptions) -> Parameter:
    return Parameter(
        _id(options) + CLIENT_SECRET,
        Type="String",
        NoEcho=True,
        AllowedPattern=r"^[!-~]{1,1024}$",
        ConstraintDescription="must be a client secret",
        Description=f"The secret that {options.name} has given this user pool.",
    )


def _id(options: IdentityProviderOptions) -> str:
    """The name in logical IDs: letters and digits only."""
    letters = re.sub("[^A-Za-z0-9]", "", options.name)
    return letters[0].upper() + letters[1:].lower()


KINDS: Mapping[str, _Kind] = {
    "oidc": _Kind(
        url="issuer",
        email="email",
        details=_oidc,
        parameters=_oidc_parameters,
        register="/oauth2/idpresponse as a redirect URI",
    ),
    "saml": _Kind(
        url="metadata_url",
        email="http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
        details=lambda options: {"MetadataURL": options.metadata_url},
        parameters=lambda _: (),
        register="/saml2/idpresponse as the assertion consumer service, and "
        "urn:amazon:cognito:sp:UserPoolId as the audience,",
    ),
}
