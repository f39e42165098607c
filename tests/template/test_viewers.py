"""Cognito user pool of the viewers, and sign-in."""

import re
from collections.abc import Callable

import pytest

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
