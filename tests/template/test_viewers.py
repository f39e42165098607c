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


def test_a_corrected_address_is_another_user(default: Document) -> None:
    """Every property of a user is createOnly: with the same name, it could not be replaced."""
    user = default["Resources"]["FirstViewer"]["Properties"]
    assert user["Username"] == {"Ref": "ViewerEmail"}


def test_an_access_token_outlives_a_disabled_viewer_by_five_minutes_at_most(
    default: Document,
) -> None:
    """API Gateway checks tokens offline; docs/limits.md relies on this."""
    (client,) = of_type(default, "AWS::Cognito::UserPoolClient").values()
    assert client["AccessTokenValidity"] == 5
    assert client["TokenValidityUnits"]["AccessToken"] == "minutes"
