"""Who gets cookies: viewers of an existing user pool, members of groups, and nobody else."""

import html
import importlib.util
import re
from pathlib import Path
from urllib.parse import urljoin

import pytest
import requests

from preview.account import Account
from preview.cli.existing_pool import create_pool
from preview.cli.sample_parameters import SAMPLE_VALUES
from preview.errors import PreviewError, Rejected
from preview.hosts.identity_providers import PACKAGE
from preview.hosts.routing import hosts
from preview.stack_id import StackId
from protected_stream import Stream, assemble
from protected_stream.config import load
from protected_stream.template.emit import document
from tests.conftest import STREAMS
from tests.preview.browser import Browser
from tests.preview.operator import PARAMETERS, copy_code, deployed
from tests.preview.scenario import violation
from tests.preview.scenario_given import given
from tests.preview.signed_streams import EMAIL, PASSWORD, Live, on_air, stream_on_air

needs_a_stand_in = pytest.mark.skipif(
    importlib.util.find_spec(PACKAGE) is None, reason=f"{PACKAGE} is not installed"
)


POOL = SAMPLE_VALUES["ExistingUserPoolArn"].rpartition("/")[2]


@pytest.mark.parametrize("name", ["existing-pool", "existing-client"])
def test_a_viewer_of_an_existing_pool_watches_and_the_pool_outlives_the_stack(
    name: str, tmp_path: Path
) -> None:
    with on_air(name, tmp_path) as live:
        assert live.stack.outputs["UserPoolId"] == POOL
        assert live.browser.settings()["issuer"].endswith(f"us-east-1.amazonaws.com/{POOL}")
        assert SAMPLE_VALUES["ExistingSignInHost"] in hosts(live.account)
        assert live.browser.get(live.media[0]).status_code == 403
        live.browser.sign_in(EMAIL, live.account.mailbox[EMAIL], new_password=PASSWORD)
        assert live.browser.ask_for_cookies().status_code == 200
        assert live.browser.get(live.media[0]).status_code == 200
        live.stack.delete()
        cognito = live.account.client("cognito-idp")
        users = cognito.list_users(UserPoolId=POOL)["Users"]
        assert [one["UserStatus"] for one in users] == ["CONFIRMED"]
        assert cognito.list_user_pool_clients(UserPoolId=POOL)["UserPoolClients"] == []


def test_a_supplied_client_signs_in_only_once_its_owner_has_registered_the_urls(
    tmp_path: Path,
) -> None:
    with on_air("existing-client", tmp_path) as live:
        (client,) = live.account.resources.of_type("AWS::Cognito::UserPoolClient")
        client.properties["CallbackURLs"] = []
        answer = live.browser.get(live.browser.authorization()[0])
        assert "redirect_mismatch" in answer.headers["Location"]


def test_an_existing_pool_is_in_the_preview_s_account_and_region() -> None:
    template = document(assemble(Stream.model_validate({"viewers": {"pool": "existing"}})))
    refused = pytest.raises(PreviewError, match="only user pools in eu-west-1")
    with Account(StackId(region="eu-west-1")) as account, refused:
        create_pool(account, template["Parameters"], given(template))


def test_the_scenario_finds_nothing_wrong_with_an_existing_pool(built: Path) -> None:
    template = document(assemble(Stream.model_validate({"viewers": {"pool": "existing"}})))
    assert violation(template, built) is None


MODES = [{}, {"mode": "kms"}, {"mode": "trusted-signer", "hash": "sha-1"}]


@pytest.mark.parametrize("signing", MODES, ids=lambda signing: signing.get("mode", "managed"))
def test_only_members_of_a_group_get_cookies(signing: dict[str, str], tmp_path: Path) -> None:
    viewers = {"groups": ["subscribers", "editors"]}
    stream = Stream.model_validate({"signing": signing, "viewers": viewers})
    with stream_on_air(stream, tmp_path) as live:
        browser, pool = live.browser, live.stack.outputs["UserPoolId"]
        browser.sign_in(EMAIL, live.account.mailbox[EMAIL], new_password=PASSWORD)
        assert browser.ask_for_cookies().status_code == 200
        live.account.invite(pool, "guest@example.com")
        browser.session.cookies.clear()
        password = live.account.mailbox["guest@example.com"]
        browser.sign_in("guest@example.com", password, new_password=PASSWORD)
        answer = browser.ask_for_cookies()
        assert (answer.status_code, answer.json()["field"]) == (403, "cognito:groups")
        assert browser.cookie_names == set()
        live.account.client("cognito-idp").admin_add_user_to_group(
            UserPoolId=pool, Username="guest@example.com", GroupName="editors"
        )
        assert browser.ask_for_cookies().status_code == 403, "the token is an older one"
        browser.sign_in("guest@example.com", PASSWORD)
        assert browser.ask_for_cookies().status_code == 200


def test_groups_of_an_existing_pool_are_only_named(tmp_path: Path) -> None:
    viewers = {"pool": "existing", "groups": ["subscribers"]}
    with stream_on_air(Stream.model_validate({"viewers": viewers}), tmp_path) as live:
        browser, cognito = live.browser, live.account.client("cognito-idp")
        assert cognito.list_groups(UserPoolId=POOL)["Groups"] == []
        browser.sign_in(EMAIL, live.account.mailbox[EMAIL], new_password=PASSWORD)
        assert browser.ask_for_cookies().status_code == 403
        cognito.create_group(UserPoolId=POOL, GroupName="subscribers")
        cognito.admin_add_user_to_group(UserPoolId=POOL, Username=EMAIL, GroupName="subscribers")
        browser.sign_in(EMAIL, PASSWORD)
        assert browser.ask_for_cookies().status_code == 200


def test_a_former_first_viewer_stays_a_member(built: Path) -> None:
    viewers = {"groups": ["subscribers"]}
    template = document(assemble(Stream.model_validate({"viewers": viewers})))
    with Account() as account:
        copy_code(account, built)
        stack = deployed(account, template)
        stack.deploy(template, {**PARAMETERS, "ViewerEmail": "new@example.com"})
        members = account.client("cognito-idp").list_users_in_group(
            UserPoolId=stack.outputs["UserPoolId"], GroupName="subscribers"
        )["Users"]
        addresses = [
            next(one["Value"] for one in user["Attributes"] if one["Name"] == "email")
            for user in members
        ]
        assert sorted(addresses) == ["new@example.com", EMAIL]


def _through(live: Live, provider: str) -> requests.Response:
    """What the viewer sees after a click on a provider's button."""
    address, _ = live.browser.authorization()
    page = live.browser.followed(live.browser.get(address))
    (link,) = re.findall(rf'href="([^"]+)">Continue with {provider}<', page.text)
    return live.browser.followed(live.browser.get(urljoin(page.url, html.unescape(link))))


@needs_a_stand_in
def test_a_viewer_signs_in_with_an_account_at_a_provider(tmp_path: Path) -> None:
    with on_air("company-login", tmp_path) as live:
        browser = live.browser
        address, verifier = browser.authorization(identity_provider="Company")
        provider = browser.get(browser.get(address).headers["Location"])
        assert provider.url.startswith("https://login.example.com/")
        allowed = browser.ask("POST", provider.url, data={"sub": "employee@example.com"})
        back = browser.followed(browser.get(allowed.headers["Location"]))
        assert back.is_redirect, back.text
        address, _, query = back.headers["Location"].partition("?")
        browser.redeem(address, query, verifier)
        assert browser.ask_for_cookies().status_code == 200
        users = live.account.client("cognito-idp").list_users(
            UserPoolId=live.stack.outputs["UserPoolId"]
        )["Users"]
        assert {one["Username"]: one["UserStatus"] for one in users}[
            "Company_employee@example.com"
        ] == "EXTERNAL_PROVIDER"
        again = browser.ask("GET", allowed.headers["Location"])
        assert again.status_code == 400, "an answer is used once"


def test_the_preview_says_that_it_does_not_sign_in_with_saml(tmp_path: Path) -> None:
    with on_air("company-login", tmp_path) as live:
        page = _through(live, "Agency")
        assert (page.status_code, "OpenID Connect" in page.text) == (400, True)
        live.browser.sign_in(EMAIL, live.account.mailbox[EMAIL], new_password=PASSWORD)
        assert live.browser.ask_for_cookies().status_code == 200


def test_a_client_that_does_not_refer_to_its_provider_is_refused(
    built: Path,
) -> None:
    template = document(assemble(load(STREAMS["company-login"])))
    client = template["Resources"]["PageClient"]["Properties"]
    client["SupportedIdentityProviders"] = ["COGNITO", "Company"]
    template["Resources"]["CompanyIdentityProvider"]["DependsOn"] = ["PageClient"]
    with Account() as account:
        copy_code(account, built)
        with pytest.raises(Rejected, match="provider Company does not exist"):
            deployed(account, template, given(template))


def test_a_viewer_signs_up_and_confirms_the_address_but_is_no_member(tmp_path: Path) -> None:
    address = "new@example.com"
    with on_air("subscribers", tmp_path) as live:
        browser = live.browser
        url, verifier = browser.authorization()
        page = browser.followed(browser.get(url))
        (link,) = re.findall(r'href="([^"]+)">Create an account<', page.text)
        form = browser.get(urljoin(page.url, html.unescape(link)))
        both = {"new_password": PASSWORD, "confirm_password": PASSWORD}
        taken = browser.submitted(form, username=EMAIL, **both)
        assert "exists" in taken.text
        asked = browser.submitted(form, username=address, **both)
        wrong = browser.submitted(asked, code="no")
        assert "incorrect" in wrong.text
        again = browser.submitted(page, username=address, password=PASSWORD)
        assert "A code was mailed" in again.text, "an account without confirmation signs nobody in"
        back = browser.submitted(again, code=live.account.mailbox[address])
        target, _, query = back.headers["Location"].partition("?")
        browser.redeem(target, query, verifier)
        answer = browser.ask_for_cookies()
        assert (answer.status_code, answer.json()["field"]) == (403, "cognito:groups")


def test_without_self_sign_up_there_is_no_form_for_it(tmp_path: Path) -> None:
    with on_air("default", tmp_path) as live:
        url, _ = live.browser.authorization()
        page = live.browser.followed(live.browser.get(url))
        assert "Create an account" not in page.text
        assert live.browser.get(page.url.replace("/login", "/signup")).status_code == 404


def test_a_rotated_refresh_token_is_accepted_for_a_minute_and_the_session_is_no_longer(
    tmp_path: Path,
) -> None:
    stream = Stream.model_validate({"viewers": {"rotate_refresh_tokens": True, "session_hours": 1}})
    with stream_on_air(stream, tmp_path) as live:
        browser, clock = live.browser, live.account.clock
        browser.sign_in(EMAIL, live.account.mailbox[EMAIL], new_password=PASSWORD)
        first = browser.tokens["refresh_token"]
        second = _refreshed(browser, first)["refresh_token"]
        assert second != first
        clock.skip(50)
        assert _refreshed(browser, first)["refresh_token"] not in (first, second)
        clock.skip(20)
        assert _refreshed(browser, first) == {"error": "invalid_grant"}
        third = _refreshed(browser, second)["refresh_token"]
        clock.skip(3600)
        assert _refreshed(browser, third) == {"error": "invalid_grant"}


def _refreshed(browser: Browser, token: str) -> dict[str, str]:
    settings = browser.settings()
    form = {
        "grant_type": "refresh_token",
        "client_id": settings["clientId"],
        "refresh_token": token,
    }
    url = f"https://{settings['signInHost']}/oauth2/token"
    return dict(browser.ask("POST", url, data=form).json())


WITH_PASSKEYS = ["PASSWORD", "WEB_AUTHN"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"EmailConfiguration": {"EmailSendingAccount": "DEVELOPER"}}, "requires SourceArn"),
        ({"EmailConfiguration": {}}, "requires EmailSendingAccount DEVELOPER"),
        (
            {"AdminCreateUserConfig": {"InviteMessageTemplate": {"EmailMessage": "Welcome!"}}},
            "lacks a placeholder",
        ),
        (
            {"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["WEB_AUTHN"]}}},
            "must have PASSWORD",
        ),
        (
            {
                "Policies": {
                    "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}
                },
                "MfaConfiguration": "ON",
                "EnabledMfas": ["SOFTWARE_TOKEN_MFA"],
            },
            "MFA cannot be required",
        ),
        ({"UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"}}, "requires the plan PLUS"),
    ],
)
def test_a_user_pool_that_cognito_would_not_create_is_refused(
    built: Path, change: dict[str, object], said: str
) -> None:
    template = document(assemble(load(STREAMS["subscribers"])))
    template["Resources"]["UserPool"]["Properties"] |= change
    with Account() as account:
        copy_code(account, built)
        with pytest.raises(Rejected, match=said):
            deployed(account, template, given(template))
