"""Managed login signs in only users that the user pool and the app client allow."""

import base64
import hashlib
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from moto.cognitoidp.models import cognitoidp_backends
from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Request

from preview.errors import NotSupported
from preview.resource import Resource
from preview.services.aws.aws import ACCOUNT_ID, Aws
from preview.services.signin.authenticators import Authenticators
from preview.services.signin.grants import challenge
from preview.services.signin.look import Look
from preview.services.signin.signin import SignIn
from preview.services.signin.tokens import openid_configuration
from tests.preview.browser import App

PAGE = "https://d111111abcdef8.cloudfront.net/"
VERIFIER = "v" * 43
PASSWORD = "Correct-horse-7"
CLIENT = {
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthFlows": ["code"],
    "AllowedOAuthScopes": ["openid", "email"],
    "SupportedIdentityProviders": ["COGNITO"],
    "CallbackURLs": [PAGE],
    "LogoutURLs": [PAGE],
    "AccessTokenValidity": 5,
    "RefreshTokenValidity": 2,
    "TokenValidityUnits": {"AccessToken": "minutes", "RefreshToken": "hours"},
}


class Time:
    """Epoch seconds that a test can change."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0


@pytest.fixture(scope="module")
def aws() -> Iterator[Aws]:
    with Aws(region="us-east-1") as aws:
        yield aws


@pytest.fixture
def pool(aws: Aws) -> str:
    """A user pool with a viewer who has a temporary password."""
    cognito = aws.client("cognito-idp")
    made = cognito.create_user_pool(
        PoolName="viewers",
        UsernameAttributes=["email"],
        Policies={"PasswordPolicy": {"MinimumLength": 12}},
    )["UserPool"]["Id"]
    cognito.admin_create_user(
        UserPoolId=made, Username="viewer@example.com", TemporaryPassword="Temporary-7"
    )
    return str(made)


@pytest.fixture
def time() -> Time:
    return Time()


def sign_in(pool: str, time: Time, **changed: Any) -> SignIn:
    properties = {"MfaConfiguration": "OPTIONAL", "EnabledMfas": ["SOFTWARE_TOKEN_MFA"]}
    properties.update(changed.pop("properties", {}))
    given = {
        "domain": resource("Domain", Domain="live-1", ManagedLoginVersion=2),
        "branded": {"the-client": Look()},
        "clients": {"the-client": CLIENT},
        "authenticators": Authenticators(lambda: time.now),
        **changed,
    }
    the_pool = resource("Pool", **properties)
    the_pool.attributes = {"ProviderURL": f"https://cognito-idp.us-east-1.amazonaws.com/{pool}"}
    return SignIn(
        pool=the_pool,
        moto_pool=cognitoidp_backends[ACCOUNT_ID]["us-east-1"].user_pools[pool],
        clock=lambda: time.now,
        region="us-east-1",
        **given,
    )


def resource(name: str, **properties: Any) -> Resource:
    return Resource(logical_id=name, type=f"AWS::Cognito::{name}", properties=properties)


class Viewer:
    """A viewer's browser at the sign-in host."""

    def __init__(self, sign_in: SignIn) -> None:
        self.sign_in = sign_in
        self.client = Client(Request.application(sign_in.answer))
        self.base = f"https://{sign_in.host}"

    def get(self, path: str, **query: str) -> TestResponse:
        return self.client.get(path, base_url=self.base, query_string=query)

    def post(self, path: str, **form: str) -> TestResponse:
        return self.client.post(path, base_url=self.base, data=form)

    def authorize(self, **changed: str) -> TestResponse:
        asked = {
            "response_type": "code",
            "client_id": "the-client",
            "redirect_uri": PAGE,
            "scope": "openid email",
            "state": "s",
            "nonce": "n",
            "code_challenge": challenge(VERIFIER),
            "code_challenge_method": "S256",
            **changed,
        }
        return self.get("/oauth2/authorize", **asked)

    def log_in(self, name: str, password: str) -> TestResponse:
        return self.post(self.authorize().headers["Location"], username=name, password=password)

    def first_log_in(self) -> str:
        """The code after the first sign-in, with a new password."""
        page = self.log_in("Viewer@Example.com", "Temporary-7")
        answer = self.change(page, PASSWORD)
        return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]

    def change(self, page: TestResponse, new: str, again: str | None = None) -> TestResponse:
        again = new if again is None else again
        return self.submit(page, new_password=new, confirm_password=again)

    def submit(self, page: TestResponse, **form: str) -> TestResponse:
        action = page.text.partition('action="')[2].partition('"')[0].replace("&amp;", "&")
        return self.post(action, **form)

    def redeem(self, code: str, **changed: str) -> TestResponse:
        form = {
            "grant_type": "authorization_code",
            "client_id": "the-client",
            "code": code,
            "redirect_uri": PAGE,
            "code_verifier": VERIFIER,
            **changed,
        }
        return self.post("/oauth2/token", **form)


def test_a_viewer_signs_in_for_the_first_time(pool: str, time: Time) -> None:
    viewer = Viewer(sign_in(pool, time))
    answer = viewer.redeem(viewer.first_log_in())
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    tokens = answer.get_json()
    key = cognitoidp_backends[ACCOUNT_ID]["us-east-1"].user_pools[pool].json_web_key
    access, identity = (
        jwt.decode(tokens[name], KeySet([key]), ["RS256"]).claims
        for name in ("access_token", "id_token")
    )
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 300)
    assert (access["token_use"], access["client_id"]) == ("access", "the-client")
    assert (access["scope"], access["exp"] - access["iat"]) == ("openid email", 300)
    assert access["iat"] == time.now
    assert (identity["token_use"], identity["nonce"]) == ("id", "n")
    assert identity["email"] == "viewer@example.com"


@pytest.mark.parametrize(
    ("readable", "expected"),
    [
        (None, {"email", "email_verified"}),
        (["email"], {"email"}),
        (["name"], set()),
    ],
)
def test_the_id_token_has_only_attributes_that_the_client_may_read(
    pool: str, time: Time, readable: list[str] | None, expected: set[str]
) -> None:
    client = {**CLIENT, **({"ReadAttributes": readable} if readable else {})}
    viewer = Viewer(sign_in(pool, time, clients={"the-client": client}))
    token = viewer.redeem(viewer.first_log_in()).get_json()["id_token"]
    key = cognitoidp_backends[ACCOUNT_ID]["us-east-1"].user_pools[pool].json_web_key
    claims = jwt.decode(token, KeySet([key]), ["RS256"]).claims
    assert claims.keys() & {"email", "email_verified"} == expected


def test_a_client_with_a_secret_must_send_it(pool: str, time: Time) -> None:
    """A page has no secret: it gets no tokens."""
    client = {**CLIENT, "GenerateSecret": True}
    viewer = Viewer(sign_in(pool, time, clients={"the-client": client}))
    answer = viewer.redeem(viewer.first_log_in())
    assert (answer.status_code, answer.get_json()) == (400, {"error": "invalid_client"})


@pytest.mark.parametrize(
    "changed",
    [
        {"code_verifier": "w" * 43},
        {"code_verifier": ""},
        {"redirect_uri": "https://elsewhere.example/"},
        {"client_id": "nobody"},
        {"grant_type": "password"},
    ],
)
def test_a_code_is_valid_only_for_its_request(
    pool: str, time: Time, changed: dict[str, str]
) -> None:
    viewer = Viewer(sign_in(pool, time))
    assert viewer.redeem(viewer.first_log_in(), **changed).status_code == 400
    assert viewer.redeem("another").status_code == 400


def test_a_code_is_redeemed_once_and_in_time(pool: str, time: Time) -> None:
    viewer = Viewer(sign_in(pool, time))
    code = viewer.first_log_in()
    assert [viewer.redeem(code).status_code for _ in range(2)] == [200, 400]
    again = viewer.authorize()
    code = parse_qs(urlsplit(again.headers["Location"]).query)["code"][0]
    time.now += 300
    assert viewer.redeem(code).status_code == 400


def test_a_session_lasts_an_hour(pool: str, time: Time) -> None:
    viewer = Viewer(sign_in(pool, time))
    viewer.first_log_in()
    time.now += 3_599
    assert viewer.authorize().headers["Location"].startswith(f"{PAGE}?code=")
    time.now += 1
    assert viewer.authorize().headers["Location"].startswith("/login?")


def test_signing_out_ends_the_session(pool: str, time: Time) -> None:
    viewer = Viewer(sign_in(pool, time))
    viewer.first_log_in()
    gone = viewer.get("/logout", client_id="the-client", logout_uri=PAGE)
    assert gone.headers["Location"] == PAGE
    assert viewer.authorize().headers["Location"].startswith("/login?")
    elsewhere = viewer.get("/logout", client_id="the-client", logout_uri="https://x.example/")
    assert elsewhere.headers["Location"].startswith("/error?")


@pytest.mark.parametrize(
    ("name", "password"),
    [("viewer@example.com", "Wrong-horse-77"), ("nobody@example.com", PASSWORD), ("", "")],
)
def test_unknown_viewers_and_wrong_passwords_get_the_same_error(
    pool: str, time: Time, name: str, password: str
) -> None:
    page = Viewer(sign_in(pool, time)).log_in(name, password)
    assert "Incorrect username or password." in page.text


@pytest.mark.parametrize(
    ("new", "again"), [("short", "short"), ("alllowercase-77", "alllowercase-77"), (PASSWORD, "x")]
)
def test_a_new_password_meets_the_policy_and_is_typed_twice(
    pool: str, time: Time, new: str, again: str
) -> None:
    viewer = Viewer(sign_in(pool, time))
    page = viewer.change(viewer.log_in("viewer@example.com", "Temporary-7"), new, again)
    assert 'role="alert"' in page.text
    assert viewer.change(page, PASSWORD).status_code == 302


def test_a_disabled_viewer_cannot_sign_in_or_refresh(aws: Aws, pool: str, time: Time) -> None:
    viewer = Viewer(sign_in(pool, time))
    refresh = viewer.redeem(viewer.first_log_in()).get_json()["refresh_token"]
    form = {"grant_type": "refresh_token", "client_id": "the-client", "refresh_token": refresh}
    assert viewer.post("/oauth2/token", **form).status_code == 200
    aws.client("cognito-idp").admin_disable_user(UserPoolId=pool, Username="viewer@example.com")
    assert viewer.post("/oauth2/token", **form).status_code == 400
    assert viewer.authorize().headers["Location"].startswith("/login?")
    assert "Incorrect" in viewer.log_in("viewer@example.com", PASSWORD).text


def test_a_refresh_token_expires_and_can_be_revoked(pool: str, time: Time) -> None:
    viewer = Viewer(sign_in(pool, time))
    refresh = viewer.redeem(viewer.first_log_in()).get_json()["refresh_token"]
    form = {"grant_type": "refresh_token", "client_id": "the-client", "refresh_token": refresh}
    time.now += 7_199
    assert viewer.post("/oauth2/token", **form).status_code == 200
    viewer.post("/oauth2/revoke", token=refresh, client_id="the-client")
    assert viewer.post("/oauth2/token", **form).status_code == 400


@pytest.mark.parametrize(
    ("changed", "location"),
    [
        ({"redirect_uri": "https://x.example/"}, "/error?error=redirect_mismatch"),
        ({"client_id": "nobody"}, "/error?error=redirect_mismatch"),
        ({"response_type": "token"}, f"{PAGE}?error=unauthorized_client&state=s"),
        ({"scope": "openid phone"}, f"{PAGE}?error=invalid_scope&state=s"),
        ({"code_challenge_method": "plain"}, f"{PAGE}?error=invalid_request&state=s"),
    ],
)
def test_a_request_that_the_client_does_not_allow_is_rejected(
    pool: str, time: Time, changed: dict[str, str], location: str
) -> None:
    assert Viewer(sign_in(pool, time)).authorize(**changed).headers["Location"] == location


@pytest.mark.parametrize(
    "without",
    [
        {"AllowedOAuthFlowsUserPoolClient": False},
        {"AllowedOAuthFlows": ["implicit"]},
        {"SupportedIdentityProviders": ["Google"]},
    ],
)
def test_a_client_without_managed_login_is_rejected(
    pool: str, time: Time, without: dict[str, Any]
) -> None:
    viewer = Viewer(sign_in(pool, time, clients={"the-client": {**CLIENT, **without}}))
    assert "error=unauthorized_client" in viewer.authorize().headers["Location"]


def test_without_a_branding_managed_login_is_unavailable(pool: str, time: Time) -> None:
    viewer = Viewer(sign_in(pool, time, branded={}))
    page = viewer.client.get(viewer.authorize().headers["Location"], base_url=viewer.base)
    assert (page.status_code, "Login pages unavailable" in page.text) == (403, True)


@pytest.mark.parametrize(
    "changed",
    [
        {"properties": {"MfaConfiguration": "ON", "EnabledMfas": ["SMS_MFA"]}},
        {"domain": resource("Domain", Domain="x", CustomDomainConfig={})},
    ],
)
def test_an_unsupported_setting_is_rejected(pool: str, time: Time, changed: dict[str, Any]) -> None:
    with pytest.raises(NotSupported):
        sign_in(pool, time, **changed)


REQUIRED = {"MfaConfiguration": "ON"}


def app(page: TestResponse) -> App:
    """The authenticator app of a viewer who has typed in the page's key."""
    return App(page.text.partition("<code>")[2].partition("</code>")[0])


def test_a_required_second_factor_is_set_up_once_and_then_always_required(
    pool: str, time: Time
) -> None:
    viewer = Viewer(sign_in(pool, time, properties=REQUIRED))
    page = viewer.change(viewer.log_in("viewer@example.com", "Temporary-7"), PASSWORD)
    its_app = app(page)
    for wrong in ("", "12345", "1234567", "\N{SUPERSCRIPT TWO}", "000000"):
        page = viewer.submit(page, code=wrong)
        assert 'role="alert"' in page.text
        assert app(page).shown(time.now) == its_app.shown(time.now)
    code = its_app.shown(time.now)
    assert viewer.submit(page, code=code).headers["Location"].startswith(f"{PAGE}?code=")
    page = Viewer(viewer.sign_in).log_in("viewer@example.com", PASSWORD)
    assert "<code>" not in page.text
    page = viewer.submit(page, code=code)
    assert "was already used" in page.text
    time.now += 30
    assert viewer.submit(page, code=its_app.shown(time.now)).status_code == 302


def test_a_code_is_accepted_for_another_30_seconds_but_never_early(pool: str, time: Time) -> None:
    viewer = Viewer(sign_in(pool, time, properties=REQUIRED))
    page = viewer.change(viewer.log_in("viewer@example.com", "Temporary-7"), PASSWORD)
    its_app = app(page)
    for late, status in ((-30, 200), (60, 200), (30, 302)):
        assert viewer.submit(page, code=its_app.shown(time.now - late)).status_code == status


def test_the_second_factor_needs_a_changed_password_first(pool: str, time: Time) -> None:
    viewer = Viewer(sign_in(pool, time, properties=REQUIRED))
    page = viewer.log_in("viewer@example.com", "Temporary-7")
    action = page.text.partition('action="')[2].partition('"')[0].replace("&amp;", "&")
    answer = viewer.post(action.replace("/changePassword", "/mfa"), code="123456")
    assert answer.headers["Location"].startswith("/error?")


def test_a_viewer_disabled_during_sign_in_is_rejected(aws: Aws, pool: str, time: Time) -> None:
    viewer = Viewer(sign_in(pool, time, properties=REQUIRED))
    first, second = (viewer.log_in("viewer@example.com", "Temporary-7") for _ in range(2))
    page = viewer.change(first, PASSWORD)
    aws.client("cognito-idp").admin_disable_user(UserPoolId=pool, Username="viewer@example.com")
    for answer in (
        viewer.submit(page, code=app(page).shown(time.now)),
        viewer.change(second, PASSWORD),
    ):
        assert answer.headers["Location"].startswith("/error?")


def test_an_optional_second_factor_is_required_if_set_up(pool: str, time: Time) -> None:
    apps = Authenticators(lambda: time.now)
    viewer = Viewer(sign_in(pool, time, properties=REQUIRED, authenticators=apps))
    page = viewer.change(viewer.log_in("viewer@example.com", "Temporary-7"), PASSWORD)
    viewer.submit(page, code=app(page).shown(time.now))
    later = Viewer(sign_in(pool, time, authenticators=apps))
    assert "Enter code" in later.log_in("viewer@example.com", PASSWORD).text
    assert Viewer(sign_in(pool, time)).log_in("viewer@example.com", PASSWORD).status_code == 302


def test_input_is_escaped(pool: str, time: Time) -> None:
    viewer = Viewer(sign_in(pool, time))
    query = urlencode({"state": '"><script>'})
    page = viewer.client.get(
        f"{viewer.authorize().headers['Location']}&{query}", base_url=viewer.base
    )
    assert "<script>" not in page.text


def test_the_pool_publishes_where_its_endpoints_are() -> None:
    document = openid_configuration("https://issuer.example/pool", "login.example")
    assert document["jwks_uri"] == "https://issuer.example/pool/.well-known/jwks.json"
    assert document["authorization_endpoint"] == "https://login.example/oauth2/authorize"


def test_a_page_says_that_it_is_not_awss_and_loads_nothing_else(pool: str, time: Time) -> None:
    viewer = Viewer(sign_in(pool, time))
    page = viewer.client.get(viewer.authorize().headers["Location"], base_url=viewer.base)
    before = page.text.partition("<form")[0]
    assert "Not AWS's own page." in page.text
    assert re.findall(r"<(?:script|iframe|img)|https?://|url\(", before) == []
    (style,) = re.findall("<style>(.*)</style>", before, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert page.headers["Content-Security-Policy"].split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "img-src data:",
        f"form-action 'self' {PAGE.rstrip('/')}",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]


def test_an_error_is_announced_with_the_field_that_has_the_focus(pool: str, time: Time) -> None:
    viewer = Viewer(sign_in(pool, time))
    right = viewer.client.get(viewer.authorize().headers["Location"], base_url=viewer.base)
    wrong = viewer.log_in("viewer@example.com", "wrong")
    assert "problem" not in right.text
    assert '<p role="alert" id="problem">Incorrect username or password.</p>' in wrong.text
    (first,) = re.findall("<input[^>]+autofocus[^>]*>", wrong.text)
    assert 'name="username"' in first
    assert 'aria-describedby="problem"' in first
    assert "<title>Error: Sign in</title>" in wrong.text


def test_an_error_page_says_what_is_wrong(pool: str, time: Time) -> None:
    viewer = Viewer(sign_in(pool, time))
    page = viewer.get("/error", error="redirect_mismatch")
    assert page.status_code == 400
    assert "An error occurred: redirect_mismatch" in page.text
    assert "CallbackURLs" in page.text
    assert "<script>" not in viewer.get("/error", error="<script>").text
