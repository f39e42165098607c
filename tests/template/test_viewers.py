"""Cognito user pool of the viewers, and sign-in."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from protected_stream import Stream
from protected_stream.config import load
from protected_stream.errors import StreamError
from protected_stream.lambda_code import FunctionCode, code_of
from protected_stream.stack import sections
from tests.conftest import Document, of_type
from tests.resolve import Stack


@pytest.fixture(scope="module")
def pool(default: Document) -> Document:
    """The properties of the default template's user pool."""
    return of_type(default, "AWS::Cognito::UserPool")["UserPool"]


@pytest.fixture(scope="module")
def client(default: Document) -> Document:
    """The properties of the default template's app client."""
    stack = Stack(template=default, attributes={"Distribution.DomainName": "d1.cloudfront.net"})
    return stack.properties("PageClient")


def test_viewers_sign_in_with_their_email_address_in_any_case(pool: Document) -> None:
    assert pool["UsernameAttributes"] == ["email"]
    assert pool["UsernameConfiguration"] == {"CaseSensitive": False}


def test_only_an_administrator_adds_viewers(pool: Document) -> None:
    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}


def test_passwords_are_strong(pool: Document) -> None:
    policy = pool["Policies"]["PasswordPolicy"]
    assert policy["MinimumLength"] >= 12
    assert policy["TemporaryPasswordValidityDays"] <= 7
    for kind in ("Lowercase", "Uppercase", "Numbers", "Symbols"):
        assert policy[f"Require{kind}"] is True


@pytest.mark.parametrize(
    ("option", "configuration", "factors"),
    [
        ("off", "OFF", None),
        ("optional", "OPTIONAL", ["SOFTWARE_TOKEN_MFA"]),
        ("required", "ON", ["SOFTWARE_TOKEN_MFA"]),
    ],
)
def test_mfa_follows_the_options(
    template_of: Callable[..., Document], option: str, configuration: str, factors: object
) -> None:
    pool = of_type(template_of(viewers={"mfa": option}), "AWS::Cognito::UserPool")["UserPool"]
    assert (pool["MfaConfiguration"], pool.get("EnabledMfas")) == (configuration, factors)


def test_the_page_is_a_public_client_with_code_and_no_secret(client: Document) -> None:
    assert client["GenerateSecret"] is False
    assert client["AllowedOAuthFlows"] == ["code"]
    assert "openid" in client["AllowedOAuthScopes"]
    assert client["EnableTokenRevocation"] is True


def test_sign_in_does_not_reveal_who_is_a_viewer(client: Document) -> None:
    """Amazon Cognito's default, LEGACY, reveals it."""
    assert client["PreventUserExistenceErrors"] == "ENABLED"


@pytest.mark.parametrize(
    ("mfa", "flows"),
    [
        ("off", {"ALLOW_REFRESH_TOKEN_AUTH"}),
        ("optional", {"ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"}),
        ("required", {"ALLOW_REFRESH_TOKEN_AUTH"}),
    ],
)
def test_viewers_sign_in_through_cognitos_api_only_to_register_an_app(
    template_of: Callable[..., Document], mfa: str, flows: set[str]
) -> None:
    """Tokens from the API let their holder act on the account; those of the sign-in page do not."""
    clients = of_type(template_of(viewers={"mfa": mfa}), "AWS::Cognito::UserPoolClient")
    assert set(clients["PageClient"]["ExplicitAuthFlows"]) == flows


@pytest.mark.parametrize("mfa", ["off", "optional", "required"])
def test_viewers_cannot_change_their_address(
    template_of: Callable[..., Document], mfa: str
) -> None:
    """It is how they sign in, and where a forgotten password is sent."""
    template = template_of(viewers={"mfa": mfa})
    client = of_type(template, "AWS::Cognito::UserPoolClient")["PageClient"]
    pool = of_type(template, "AWS::Cognito::UserPool")["UserPool"]
    assert client["WriteAttributes"], "Cognito takes an empty list for the default: all of them"
    assert not {"email", "email_verified"} & set(client["WriteAttributes"])
    assert client["ReadAttributes"] == ["email", "email_verified"]
    assert pool["UserAttributeUpdateSettings"] == {
        "AttributesRequireVerificationBeforeUpdate": ["email"]
    }


def test_the_page_s_tokens_do_not_allow_calls_of_cognitos_api(client: Document) -> None:
    assert "aws.cognito.signin.user.admin" not in client["AllowedOAuthScopes"]


def test_sign_in_comes_back_to_the_page_and_to_the_posts_login_page(client: Document) -> None:
    assert client["CallbackURLs"] == [
        "https://d1.cloudfront.net/",
        "https://d1.cloudfront.net/login.html",
    ]
    assert client["LogoutURLs"] == ["https://d1.cloudfront.net/"]


def test_the_sign_in_page_has_a_branding(default: Document) -> None:
    """Without one, managed login says "Login pages unavailable"."""
    (domain,) = of_type(default, "AWS::Cognito::UserPoolDomain").values()
    (branding,) = of_type(default, "AWS::Cognito::ManagedLoginBranding").values()
    assert domain["ManagedLoginVersion"] == 2
    assert branding["UseCognitoProvidedValues"] is True
    assert branding["ClientId"] == {"Ref": "PageClient"}


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("", True),
        ("viewer@example.com", True),
        ("first.last+tag@sub.example.co.uk", True),
        ("viewer", False),
        ("viewer@example", False),
        ("two viewers@example.com", False),
        ("a@b@example.com", False),
    ],
)
def test_the_first_viewers_address_is_one_or_empty(
    default: Document, text: str, taken: bool
) -> None:
    assert bool(re.fullmatch(default["Parameters"]["ViewerEmail"]["AllowedPattern"], text)) == taken


def test_without_an_address_there_is_no_first_viewer(default: Document) -> None:
    assert default["Parameters"]["ViewerEmail"]["Default"] == ""
    assert default["Conditions"] == {
        "FirstViewerWanted": {"Fn::Not": [{"Fn::Equals": [{"Ref": "ViewerEmail"}, ""]}]}
    }
    assert default["Resources"]["FirstViewer"]["Condition"] == "FirstViewerWanted"


def test_the_first_viewer_has_these_properties_and_never_others(default: Document) -> None:
    """Every property of a user is createOnly, and its name is taken until it is deleted.

    So a changed property would replace the user by one with the same name, which Cognito refuses,
    and every update of a deployed stack would fail. Only the address and the pool may change.
    """
    assert default["Resources"]["FirstViewer"]["Properties"] == {
        "UserPoolId": {"Ref": "UserPool"},
        "Username": {"Ref": "ViewerEmail"},
        "DesiredDeliveryMediums": ["EMAIL"],
        "UserAttributes": [
            {"Name": "email", "Value": {"Ref": "ViewerEmail"}},
            {"Name": "email_verified", "Value": "true"},
        ],
    }


def test_another_or_no_address_keeps_the_former_viewer(default: Document) -> None:
    viewer = default["Resources"]["FirstViewer"]
    assert viewer["UpdateReplacePolicy"] == "Retain"
    assert viewer["DeletionPolicy"] == "RetainExceptOnCreate"


def test_the_address_says_what_happens_if_it_has_an_account(default: Document) -> None:
    said = default["Parameters"]["ViewerEmail"]["Description"]
    assert "refused" in said
    assert "kept" in said


def test_an_access_token_outlives_a_disabled_viewer_by_five_minutes_at_most(
    default: Document,
) -> None:
    """API Gateway checks tokens offline; docs/limits.md relies on this."""
    (client,) = of_type(default, "AWS::Cognito::UserPoolClient").values()
    assert client["AccessTokenValidity"] == 5
    assert client["TokenValidityUnits"]["AccessToken"] == "minutes"


@pytest.fixture(scope="module", params=["own", "supplied"])
def with_existing_pool(
    request: pytest.FixtureRequest, template_of: Callable[..., Document]
) -> Document:
    """The template with an existing user pool, and the stack's or a supplied app client."""
    return template_of(viewers={"pool": "existing", "client": request.param})


def test_with_an_existing_pool_the_stack_has_no_pool_domain_or_user(
    with_existing_pool: Document,
) -> None:
    kinds = {one["Type"] for one in with_existing_pool["Resources"].values()}
    assert not kinds & {f"AWS::Cognito::UserPool{part}" for part in ("", "Domain", "User")}
    assert with_existing_pool.get("Conditions", {}) == {}
    assert "ViewerEmail" not in with_existing_pool["Parameters"]


def test_the_api_accepts_the_tokens_of_the_existing_pool_alone(
    with_existing_pool: Document,
) -> None:
    (authorizer,) = of_type(with_existing_pool, "AWS::ApiGateway::Authorizer").values()
    assert authorizer["ProviderARNs"] == [{"Ref": "ExistingUserPoolArn"}]


def test_the_page_connects_to_the_existing_sign_in_host(with_existing_pool: Document) -> None:
    headers = json.dumps(of_type(with_existing_pool, "AWS::CloudFront::ResponseHeadersPolicy"))
    assert "ExistingSignInHost" in headers
    assert "amazoncognito" not in headers


def test_the_issuer_has_the_region_of_the_existing_pool(with_existing_pool: Document) -> None:
    """API Gateway accepts a user pool of another Region."""
    arn = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_AbC"
    stack = Stack(template=with_existing_pool, ids={"ExistingUserPoolArn": arn})
    variables = stack.properties("ApiStage")["Variables"]
    assert variables["issuer"] == "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC"


def test_an_own_client_of_an_existing_pool_has_a_branding_and_asks_for_providers(
    template_of: Callable[..., Document],
) -> None:
    template = template_of(viewers={"pool": "existing", "session_hours": 3})
    client = of_type(template, "AWS::Cognito::UserPoolClient")["PageClient"]
    assert client["UserPoolId"] == {
        "Fn::Select": [1, {"Fn::Split": ["/", {"Ref": "ExistingUserPoolArn"}]}]
    }
    assert client["SupportedIdentityProviders"] == {"Ref": "SignInProviders"}
    assert client["RefreshTokenValidity"] == 3
    assert of_type(template, "AWS::Cognito::ManagedLoginBranding")


def test_a_supplied_client_is_not_the_stack_s_and_its_urls_are_outputs(
    template_of: Callable[..., Document],
) -> None:
    template = template_of(viewers={"pool": "existing", "client": "supplied"})
    assert not [one for one in template["Resources"].values() if "Cognito" in one["Type"]]
    assert template["Resources"]["CookiesFunction"]["Properties"]["Environment"]["Variables"][
        "CLIENT_ID"
    ] == {"Ref": "ExistingClientId"}
    assert {"CallbackUrls", "SignOutUrls"} <= template["Outputs"].keys()


@pytest.mark.parametrize(
    ("name", "text", "taken"),
    [
        ("ExistingUserPoolArn", "arn:aws:cognito-idp:us-east-1:123456789012:userpool/x", False),
        ("ExistingUserPoolArn", "us-east-1_AbC", False),
        (
            "ExistingUserPoolArn",
            "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_AbC9",
            True,
        ),
        ("ExistingSignInHost", "https://sign-in.example.com", False),
        ("ExistingSignInHost", "sign-in", False),
        ("ExistingSignInHost", "sign-in.example.com", True),
        ("SignInProviders", "COGNITO", True),
        ("SignInProviders", "_Company", False),
    ],
)
def test_what_is_entered_for_an_existing_pool_is_checked(
    template_of: Callable[..., Document], name: str, text: str, taken: bool
) -> None:
    parameter = template_of(viewers={"pool": "existing"})["Parameters"][name]
    assert bool(re.fullmatch(parameter["AllowedPattern"], text)) == taken


def test_the_stack_s_pool_has_the_groups_and_the_first_viewer_is_in_the_first(
    template_of: Callable[..., Document],
) -> None:
    template = template_of(viewers={"groups": ["subscribers", "night-editors"]})
    names = [one["GroupName"] for one in of_type(template, "AWS::Cognito::UserPoolGroup").values()]
    assert names == ["subscribers", "night-editors"]
    assert template["Resources"]["FirstViewerMembership"]["Condition"] == "FirstViewerWanted"
    (member,) = of_type(template, "AWS::Cognito::UserPoolUserToGroupAttachment").values()
    assert member["GroupName"] == {"Ref": "GroupSubscribers"}
    variables = template["Resources"]["CookiesFunction"]["Properties"]["Environment"]["Variables"]
    assert variables["GROUPS"] == "subscribers night-editors"


def test_groups_of_an_existing_pool_are_not_created(template_of: Callable[..., Document]) -> None:
    template = template_of(viewers={"pool": "existing", "groups": ["subscribers"]})
    assert not any("Group" in one["Type"] for one in _cognito(template))
    variables = template["Resources"]["CookiesFunction"]["Properties"]["Environment"]["Variables"]
    assert variables["GROUPS"] == "subscribers"


def _cognito(template: Document) -> list[Document]:
    return [one for one in template["Resources"].values() if "Cognito" in one["Type"]]


def test_without_groups_the_function_is_given_none(default: Document) -> None:
    assert "GROUPS" not in json.dumps(default)


REFUSED = [
    ('pool = "existing"\nmfa = "off"', 'mfa: requires pool = "own", but pool is "existing"'),
    ('pool = "other"', 'pool must be one of "own", "existing"; got "other"'),
    ('client = "supplied"', 'client: requires pool = "existing", but pool is "own"'),
    ('pool = "existing"\nclient = "supplied"\nsession_hours = 3', "session_hours is a setting of"),
    ('groups = ["my group"]', "must have letters, digits and . _ - only"),
    ("self_sign_up = true", "self_sign_up requires email_from"),
    ('invitation_text = "x"', "invitation_text requires email_from"),
    ('email_from = "Show tickets@example.com"', "must be an address"),
    (
        'email_from = "a@example.com"\ninvitation_text = "Welcome, {username}"',
        "invitation_text must have {username} and {####}",
    ),
    ('passkeys = true\nmfa = "required"', "passkeys = true is one factor"),
    ("email_codes = true", "email_codes requires email_from"),
    (
        'pool = "existing"\nclient = "supplied"\nrotate_refresh_tokens = true',
        "rotate_refresh_tokens is a setting of",
    ),
    ('pool = "existing"\nself_sign_up = true', 'requires pool = "own"'),
    *(
        (f"[[viewers.identity_providers]]\n{text}", said)
        for text, said in (
            ('type = "oidc"\nname = "Company"', "issuer is missing"),
            ('type = "oidc"\nname = "_Company"\nissuer = "https://a.example"', "at both ends"),
            ('type = "oidc"\nname = "Google"\nissuer = "https://a.example"', "Cognito reserves"),
            (
                'type = "oidc"\nname = "Firm"\nissuer = "http://a.example"',
                "must be an https:// URL",
            ),
            (
                'type = "saml"\nname = "Firm"\nissuer = "https://a.example"',
                "metadata_url is missing",
            ),
        )
    ),
    ('groups = ["a-b", "A_B"]', "names two groups that are the same except for case"),
]


@pytest.mark.parametrize(("text", "said"), REFUSED, ids=lambda text: text)
def test_what_cannot_be_is_refused_in_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "stream.toml"
    path.write_text(f"[viewers]\n{text}\n", "utf-8")
    with pytest.raises(StreamError) as refused:
        load(path)
    (line,) = refused.value.lines
    assert "viewers" in line
    assert said in line


@pytest.fixture(scope="module")
def with_providers(template_of: Callable[..., Document]) -> Document:
    """The template with an OpenID Connect provider and a SAML one."""
    oidc = {"type": "oidc", "name": "Big Firm", "issuer": "https://login.example.com"}
    saml = {"type": "saml", "name": "Agency", "metadata_url": "https://sso.example.org/m.xml"}
    return template_of(viewers={"identity_providers": [oidc, saml]})


def test_the_client_refers_to_its_providers_so_that_they_exist_before_it(
    with_providers: Document,
) -> None:
    client = of_type(with_providers, "AWS::Cognito::UserPoolClient")["PageClient"]
    assert client["SupportedIdentityProviders"] == [
        "COGNITO",
        {"Ref": "BigfirmIdentityProvider"},
        {"Ref": "AgencyIdentityProvider"},
    ]


def test_providers_may_write_what_they_map_and_an_address_is_mapped(
    with_providers: Document,
) -> None:
    """Otherwise Cognito refuses each sign-in: CreateUserPoolClient, WriteAttributes."""
    client = of_type(with_providers, "AWS::Cognito::UserPoolClient")["PageClient"]
    providers = of_type(with_providers, "AWS::Cognito::UserPoolIdentityProvider")
    for provider in providers.values():
        assert provider["AttributeMapping"].keys() == {"email"} <= set(client["WriteAttributes"])


def test_a_client_secret_is_a_parameter_that_is_not_shown(with_providers: Document) -> None:
    assert with_providers["Parameters"]["BigfirmClientSecret"]["NoEcho"] is True
    provider = with_providers["Resources"]["BigfirmIdentityProvider"]["Properties"]
    assert provider["ProviderDetails"]["client_secret"] == {"Ref": "BigfirmClientSecret"}
    assert provider["ProviderDetails"]["authorize_scopes"] == "openid email"


def test_an_own_client_of_an_existing_pool_may_write_what_its_owner_maps(
    template_of: Callable[..., Document],
) -> None:
    """Which attributes these are is not known here; the page's tokens allow no writing."""
    template = template_of(viewers={"pool": "existing"})
    client = of_type(template, "AWS::Cognito::UserPoolClient")["PageClient"]
    assert "WriteAttributes" not in client
    assert "aws.cognito.signin.user.admin" not in client["AllowedOAuthScopes"]


SENDER = "Northlight Arena <tickets@example.com>"


def test_mail_comes_from_the_sender_by_the_identity_that_is_entered(
    template_of: Callable[..., Document],
) -> None:
    template = template_of(viewers={"email_from": SENDER})
    pool = of_type(template, "AWS::Cognito::UserPool")["UserPool"]
    assert pool["EmailConfiguration"] == {
        "EmailSendingAccount": "DEVELOPER",
        "SourceArn": {"Ref": "SesIdentityArn"},
        "From": SENDER,
    }
    assert "InviteMessageTemplate" not in pool["AdminCreateUserConfig"]


def test_with_self_sign_up_viewers_create_accounts_and_write_their_address(
    template_of: Callable[..., Document],
) -> None:
    template = template_of(viewers={"email_from": SENDER, "self_sign_up": True})
    pool = of_type(template, "AWS::Cognito::UserPool")["UserPool"]
    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": False}
    assert pool["AutoVerifiedAttributes"] == ["email"]
    client = of_type(template, "AWS::Cognito::UserPoolClient")["PageClient"]
    assert "email" in client["WriteAttributes"]


@pytest.mark.parametrize(
    ("viewers", "flows"),
    [
        ({}, ["ALLOW_CUSTOM_AUTH"]),
        ({"mfa": "optional"}, ["ALLOW_USER_SRP_AUTH"]),
        ({"pool": "existing"}, ["ALLOW_CUSTOM_AUTH"]),
    ],
)
def test_rotated_refresh_tokens_exclude_the_flow_without_rotation(
    template_of: Callable[..., Document], viewers: Document, flows: list[str]
) -> None:
    """Without any flow, Cognito would allow sign-in through its API."""
    template = template_of(viewers={**viewers, "rotate_refresh_tokens": True})
    client = of_type(template, "AWS::Cognito::UserPoolClient")["PageClient"]
    assert client["ExplicitAuthFlows"] == flows
    assert client["RefreshTokenRotation"] == {"Feature": "ENABLED", "RetryGracePeriodSeconds": 60}


def test_viewers_may_sign_in_without_a_password(template_of: Callable[..., Document]) -> None:
    viewers = {"email_from": SENDER, "email_codes": True, "passkeys": True}
    pool = of_type(template_of(viewers=viewers), "AWS::Cognito::UserPool")["UserPool"]
    factors = pool["Policies"]["SignInPolicy"]["AllowedFirstAuthFactors"]
    assert factors == ["PASSWORD", "WEB_AUTHN", "EMAIL_OTP"]
    assert pool["WebAuthnUserVerification"] == "required"
    assert pool["UserPoolTier"] == "ESSENTIALS"


@pytest.mark.parametrize(("option", "mode"), [("audit", "AUDIT"), ("enforced", "ENFORCED")])
def test_threat_protection_needs_the_plan_plus(
    template_of: Callable[..., Document], option: str, mode: str
) -> None:
    viewers = {"threat_protection": option}
    pool = of_type(template_of(viewers=viewers), "AWS::Cognito::UserPool")["UserPool"]
    assert (pool["UserPoolTier"], pool["UserPoolAddOns"]) == (
        "PLUS",
        {"AdvancedSecurityMode": mode},
    )


@pytest.mark.parametrize(
    ("viewers", "said"),
    [
        ({}, "about 50 a day"),
        ({"email_from": SENDER}, "leave its sandbox"),
        ({"email_from": SENDER, "self_sign_up": True}, "everybody with an e-mail address"),
        ({"threat_protection": "audit"}, "Cognito's plan Plus"),
        ({"groups": ["subscribers"]}, "admin-add-user-to-group"),
        ({"pool": "existing", "client": "supplied"}, "CallbackUrls and SignOutUrls"),
    ],
)
def test_the_summary_says_what_the_operator_must_know(viewers: Document, said: str) -> None:
    stream = Stream.model_validate({"viewers": viewers})
    notes = [note for part in sections(stream, code(stream)) for note in part.notes]
    assert any(said in note.text for note in notes)
    assert all(len(note.label) <= 11 for note in notes)


def code(stream: Stream) -> Mapping[str, FunctionCode]:
    return code_of(architecture=stream.functions.architecture, inline=stream.signing.inline)
