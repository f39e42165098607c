"""Cognito managed login: a minimal version, on top of moto's user pool.

https://docs.aws.amazon.com/cognito/latest/developerguide/managed-login-endpoints.html
"""

import hmac
import secrets
import uuid
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from moto.cognitoidp.exceptions import InvalidPasswordException
from moto.cognitoidp.models import CognitoIdpUser, CognitoIdpUserPool
from werkzeug.wrappers import Request, Response

from preview.errors import NotSupported
from preview.resource import Resource
from preview.services.signin.authenticators import Authenticators
from preview.services.signin.federation import EXTERNAL, RETURN_PATH, Failed, Federation, Fetch
from preview.services.signin.grants import Grants
from preview.services.signin.look import Look
from preview.services.signin.pages import (
    Page,
    app_page,
    code_page,
    confirmation_page,
    error_page,
    new_password_page,
    sign_in_page,
    sign_up_page,
)
from preview.services.signin.sign_ups import UNCONFIRMED, Refused, SignUps
from preview.services.signin.tokens import SignedIn

SESSION = "cognito"
SESSION_SECONDS = 3600
INCORRECT = "Incorrect username or password."
WRONG_CODE = "The code is incorrect or was already used."
APP = "SOFTWARE_TOKEN_MFA"
OWN = "COGNITO"
"""The name that stands for the pool's own accounts."""


def check_domain(domain: Resource) -> None:
    """Raises NotSupported for a setting of a domain that the preview does not support."""
    if "CustomDomainConfig" in domain.properties:
        raise NotSupported(f"{domain.logical_id}: the preview does not support CustomDomainConfig.")


def check_pool(pool: Resource) -> None:
    """Raises NotSupported for a setting of a user pool that the preview does not support."""
    factors = pool.properties.get("EnabledMfas", [])
    if pool.properties.get("MfaConfiguration", "OFF") == "ON" and factors != [APP]:
        raise NotSupported(f"{pool.logical_id}: the preview supports only {APP} as EnabledMfas.")


class SignIn:
    """The managed login of one user pool domain."""

    def __init__(
        self,
        *,
        domain: Resource,
        pool: Resource,
        moto_pool: CognitoIdpUserPool,
        clients: Mapping[str, Mapping[str, Any]],
        branded: Mapping[str, Look],
        authenticators: Authenticators,
        clock: Callable[[], float],
        region: str,
    ) -> None:
        """The sign-in of a user pool.

        Args:
            domain: the AWS::Cognito::UserPoolDomain.
            pool: its AWS::Cognito::UserPool.
            moto_pool: moto's user pool, with the users.
            clients: the properties of its app clients, by ID.
            branded: the looks of the app clients with a managed login branding, by ID; the pages
                have the first.
            authenticators: its viewers' authenticator apps.
            clock: the time in epoch seconds.
            region: the user pool's Region.

        Raises:
            NotSupported: the preview does not support a setting of the domain or the user pool.
        """
        check_domain(domain)
        check_pool(pool)
        self._mfa = pool.properties.get("MfaConfiguration", "OFF")
        self.host = _host(domain.properties["Domain"], region)
        self._managed = int(domain.properties.get("ManagedLoginVersion", 1)) == 2
        self._grants = Grants(
            pool=moto_pool, clients=clients, issuer=pool.attributes["ProviderURL"], clock=clock
        )
        self._federation = Federation(providers={}, pool=moto_pool, host=self.host)
        self._look = next(iter(branded.values()), Look())
        self._lower = not pool.properties.get("UsernameConfiguration", {}).get("CaseSensitive")
        self._pool, self._clients, self._branded = moto_pool, clients, branded
        self._clock, self._authenticators = clock, authenticators
        self._sessions: dict[str, tuple[CognitoIdpUser, int]] = {}
        self._changing: dict[str, CognitoIdpUser] = {}
        self._proving: dict[str, CognitoIdpUser] = {}
        self._confirming: dict[str, CognitoIdpUser] = {}
        self._sign_ups = SignUps(pool=pool, moto_pool=moto_pool)

    def federate(self, providers: Mapping[str, Resource], fetch: Fetch) -> None:
        """Lets users sign in elsewhere, too.

        Args:
            providers: the pool's AWS::Cognito::UserPoolIdentityProvider, by name.
            fetch: requests a URL of a provider.
        """
        self._federation = Federation(
            providers=providers, pool=self._pool, host=self.host, fetch=fetch
        )

    def mail_to(self, mailbox: dict[str, str]) -> None:
        """Puts what is mailed to new users there, by address."""
        self._sign_ups.mailbox = mailbox

    def answer(self, request: Request) -> Response:
        """The response of the user pool domain."""
        endpoint = ENDPOINTS.get((request.method, request.path))
        if endpoint is None:
            return Response("Not found", status=404)
        response = endpoint(self, request)
        if response.mimetype == "text/html" and response.status_code != 302:
            back = urlsplit(request.args.get("redirect_uri", ""))
            origin = f"{back.scheme}://{back.netloc}" if back.netloc else ""
            response.headers["Content-Security-Policy"] = self._look.content_security_policy(origin)
        return response

    def _authorize(self, request: Request) -> Response:
        # https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
        wrong = self._objection(request.args)
        if wrong is not None:
            return wrong
        if name := self._provider(request.args):
            return self._elsewhere(name, request.args)
        user, auth_time = self._sessions.get(request.cookies.get(SESSION, ""), (None, 0))
        if user is None or self._clock() >= auth_time + SESSION_SECONDS or not user.enabled:
            return self._redirected(f"/login?{urlencode(request.args)}")
        return self._with_code(request.args, user, auth_time)

    def _objection(self, asked: Mapping[str, str]) -> Response | None:
        """The error response to an invalid sign-in request; None if it is valid."""
        client = self._clients.get(asked.get("client_id", ""))
        uri = asked.get("redirect_uri", "")
        if client is None or uri not in client.get("CallbackURLs", []):
            return self._redirected(f"/error?{urlencode({'error': 'redirect_mismatch'})}")
        flows = client.get("AllowedOAuthFlows", [])
        errors = {
            "unauthorized_client": asked.get("response_type") not in flows
            or not client.get("AllowedOAuthFlowsUserPoolClient")
            or not client.get("SupportedIdentityProviders")
            or asked.get("identity_provider", "COGNITO") not in _providers(client),
            "invalid_scope": not set(_scopes(asked)) <= set(client.get("AllowedOAuthScopes", [])),
            "invalid_request": asked.get("code_challenge_method", "S256") != "S256",
        }
        for error, is_so in errors.items():
            if is_so:
                answer = urlencode({"error": error, **_state(asked)})
                return self._redirected(f"{uri}?{answer}")
        return None

    def _login_form(self, request: Request) -> Response:
        wrong = self._objection(request.args)
        if wrong is not None:
            return wrong
        if self._managed and request.args["client_id"] not in self._branded:
            # https://docs.aws.amazon.com/cognito/latest/developerguide/managed-login-branding.html
            return Response("Login pages unavailable. Please contact an administrator.", status=403)
        return self._sign_in_page(request)

    def _sign_in_page(self, request: Request, problem: str = "") -> Response:
        names = [one for one in _providers(self._clients[request.args["client_id"]]) if one != OWN]
        links = {
            name: f"/oauth2/authorize?{urlencode({**request.args, 'identity_provider': name})}"
            for name in names
        }
        sign_up = f"/signup?{urlencode(request.args)}" if self._sign_ups.are_open else ""
        return self._page(sign_in_page(request.full_path, problem, links, sign_up))

    def _sign_up_form(self, request: Request) -> Response:
        wrong = self._objection(request.args)
        if wrong is None and self._sign_ups.are_open:
            return self._page(sign_up_page(request.full_path))
        return wrong or Response("Not found", status=404)

    def _sign_up(self, request: Request) -> Response:
        page = self._sign_up_form(request)
        if page.status_code != 200:
            return page
        try:
            user = self._sign_ups.begin(request.args["client_id"], request.form)
        except Refused as reason:
            return self._page(sign_up_page(request.full_path, str(reason)))
        return self._ask_to_confirm(request.args, user)

    def _ask_to_confirm(self, asked: Mapping[str, str], user: CognitoIdpUser) -> Response:
        self._sign_ups.send_code(user)
        ticket = secrets.token_urlsafe()
        self._confirming[ticket] = user
        action = _with_ticket("/confirmUser", asked, ticket)
        return self._page(confirmation_page(action, self._name(user)))

    def _confirm(self, request: Request) -> Response:
        user = self._halfway(self._confirming, request)
        if isinstance(user, Response):
            return user
        if not self._sign_ups.confirms(user, request.form.get("code", "")):
            page = confirmation_page(request.full_path, self._name(user), WRONG_CODE)
            return self._page(page)
        self._confirming.pop(request.args["ticket"], None)
        return self._password_known(request.args, user)

    def _provider(self, asked: Mapping[str, str]) -> str:
        """The identity provider that is asked for; "" for the pool's own accounts.

        https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
        """
        name = asked.get("identity_provider", OWN)
        return "" if name == OWN else name

    def _elsewhere(self, name: str, asked: Mapping[str, str]) -> Response:
        try:
            return self._redirected(self._federation.begin(name, asked))
        except Failed as reason:
            return self._page(error_page(str(reason)), status=400)

    def _returned(self, request: Request) -> Response:
        try:
            user, asked = self._federation.finish(request.args, self._clients)
        except Failed as reason:
            return self._page(error_page(str(reason)), status=400)
        return self._signed_in(asked, user)

    def _login(self, request: Request) -> Response:
        """Unknown users, disabled users, and wrong passwords get the same response."""
        wrong = self._objection(request.args)
        if wrong is not None:
            return wrong
        user = self._user(request.form.get("username", ""))
        password = request.form.get("password", "")
        known = user is not None and user.enabled and bool(user.password)
        if (
            user is None
            or not known
            or not hmac.compare_digest(password.encode(), str(user.password).encode())
        ):
            return self._sign_in_page(request, INCORRECT)
        if user.status == UNCONFIRMED:
            return self._ask_to_confirm(request.args, user)
        if user.status == "FORCE_CHANGE_PASSWORD":
            ticket = secrets.token_urlsafe()
            self._changing[ticket] = user
            action = _with_ticket("/changePassword", request.args, ticket)
            return self._page(new_password_page(action))
        return self._password_known(request.args, user)

    def _change_password(self, request: Request) -> Response:
        user = self._halfway(self._changing, request)
        if isinstance(user, Response):
            return user
        new = request.form.get("new_password", "")
        problem = "" if new == request.form.get("confirm_password") else "Passwords do not match."
        try:
            self._pool.backend.admin_set_user_password(
                self._pool.id, self._name(user), new if not problem else "", permanent=True
            )
        except InvalidPasswordException as error:
            return self._page(new_password_page(request.full_path, problem or str(error.message)))
        self._changing.pop(request.args["ticket"], None)
        return self._password_known(request.args, user)

    def _halfway(
        self, tickets: Mapping[str, CognitoIdpUser], request: Request
    ) -> CognitoIdpUser | Response:
        """The user of the request's ticket; or the error response, if the ticket is not valid."""
        wrong = self._objection(request.args)
        user = tickets.get(request.args.get("ticket", ""))
        if wrong is None and user is not None and user.enabled:
            return user
        return wrong or self._redirected("/error?error=invalid_request")

    def _password_known(self, asked: Mapping[str, str], user: CognitoIdpUser) -> Response:
        """Asks for the second factor; if MFA is optional, only users who have set up an app.

        https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa-totp.html
        """
        has_app = self._authenticators.is_set_up(self._name(user))
        if self._mfa != "ON" and not (self._mfa == "OPTIONAL" and has_app):
            return self._signed_in(asked, user)
        ticket = secrets.token_urlsafe()
        self._proving[ticket] = user
        return self._code_form(_with_ticket("/mfa", asked, ticket), user)

    def _code_form(self, action: str, user: CognitoIdpUser, problem: str = "") -> Response:
        name = self._name(user)
        if self._authenticators.is_set_up(name):
            return self._page(code_page(action, name, problem))
        return self._page(app_page(action, name, self._authenticators.key(name), problem))

    def _prove(self, request: Request) -> Response:
        user = self._halfway(self._proving, request)
        if isinstance(user, Response):
            return user
        if not self._authenticators.accepts(self._name(user), request.form.get("code", "")):
            return self._code_form(request.full_path, user, WRONG_CODE)
        self._proving.pop(request.args["ticket"], None)
        return self._signed_in(request.args, user)

    def _signed_in(self, asked: Mapping[str, str], user: CognitoIdpUser) -> Response:
        now = int(self._clock())
        session = secrets.token_urlsafe()
        self._sessions[session] = (user, now)
        response = self._with_code(asked, user, now)
        response.set_cookie(SESSION, session, secure=True, httponly=True, samesite="Lax")
        return response

    def _with_code(self, asked: Mapping[str, str], user: CognitoIdpUser, at: int) -> Response:
        who = SignedIn(
            user=user,
            client_id=asked["client_id"],
            scope=" ".join(_scopes(asked)),
            auth_time=at,
            nonce=asked.get("nonce"),
            origin_jti=str(uuid.uuid4()),
        )
        answer = urlencode({"code": self._grants.code(who, asked), **_state(asked)})
        return self._redirected(f"{asked['redirect_uri']}?{answer}")

    def _logout(self, request: Request) -> Response:
        # https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html
        client = self._clients.get(request.args.get("client_id", ""), {})
        target = request.args.get("logout_uri", "")
        self._sessions.pop(request.cookies.get(SESSION, ""), None)
        known = target in client.get("LogoutURLs", [])
        response = self._redirected(target if known else "/error?error=redirect_mismatch")
        response.delete_cookie(SESSION, secure=True, httponly=True, samesite="Lax")
        return response

    def _error_page(self, request: Request) -> Response:
        return self._page(error_page(request.args.get("error", "")), status=400)

    def _user(self, name: str) -> CognitoIdpUser | None:
        wanted = name.lower() if self._lower else name
        for user in self._pool.users.values():
            if user.status == EXTERNAL:
                continue
            there = self._name(user)
            if wanted == (there.lower() if self._lower else there):
                return user
        return None

    def _name(self, user: CognitoIdpUser) -> str:
        attributes = {one["Name"]: one["Value"] for one in user.attributes}
        return str(attributes.get("email", user.username))

    def _page(self, page: Page, status: int = 200) -> Response:
        return Response(
            page.html(self._look), status=status, content_type="text/html; charset=utf-8"
        )

    def _redirected(self, location: str) -> Response:
        return Response(status=302, headers={"Location": location})


def _host(domain: str, region: str) -> str:
    """The host of a domain: only a custom one has dots.

    https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain.html
    """
    return domain if "." in domain else f"{domain}.auth.{region}.amazoncognito.com"


def _providers(client: Mapping[str, Any]) -> list[str]:
    return list(client.get("SupportedIdentityProviders", []))


def _scopes(asked: Mapping[str, str]) -> list[str]:
    return asked.get("scope", "").split()


def _state(asked: Mapping[str, str]) -> dict[str, str]:
    return {"state": asked["state"]} if "state" in asked else {}


def _with_ticket(path: str, asked: Mapping[str, str], ticket: str) -> str:
    return f"{path}?{urlencode({**asked, 'ticket': ticket})}"


ENDPOINTS: Mapping[tuple[str, str], Callable[[SignIn, Request], Response]] = {
    ("GET", "/oauth2/authorize"): SignIn._authorize,
    ("GET", "/login"): SignIn._login_form,
    ("POST", "/login"): SignIn._login,
    ("GET", "/signup"): SignIn._sign_up_form,
    ("POST", "/signup"): SignIn._sign_up,
    ("POST", "/confirmUser"): SignIn._confirm,
    ("POST", "/changePassword"): SignIn._change_password,
    ("POST", "/mfa"): SignIn._prove,
    ("POST", "/oauth2/token"): lambda sign_in, request: sign_in._grants.token(request),
    ("POST", "/oauth2/revoke"): lambda sign_in, request: sign_in._grants.revoke(request),
    ("GET", RETURN_PATH): SignIn._returned,
    ("GET", "/logout"): SignIn._logout,
    ("GET", "/error"): SignIn._error_page,
}
