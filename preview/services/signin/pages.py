"""Cognito managed login pages, imitated: plain forms with labels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from preview.services.signin.look import Look

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{head}</title>
<link rel="icon" href="data:,">
<style>{style}</style>
</head>
<body>
<main>
{logo}<h1>{title}</h1>
{content}
<footer><strong>Not AWS's own page.</strong> This is the preview's imitation of Amazon Cognito
managed login, on this machine. AWS's own page looks different.</footer>
</main>
</body>
</html>
"""
FORM = """{alert}{note}<form method="post" action="{action}">
{fields}
<button>{button}</button>
</form>"""
FIELD = """<p><label for="{name}">{label}</label><input
 id="{name}" name="{name}" type="{type}" autocomplete="{autocomplete}" required{more}></p>"""
ALERT = '<p role="alert" id="problem">{problem}</p>\n'
DESCRIBED = ' aria-invalid="true" aria-describedby="problem"'


def _field(label: str, name: str, type_: str, autocomplete: str) -> Mapping[str, str]:
    """https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#autofill ."""
    return {"label": label, "name": name, "type": type_, "autocomplete": autocomplete}


SIGN_IN = (
    _field("Email address", "username", "email", "username"),
    _field("Password", "password", "password", "current-password"),
)
NEW_PASSWORD = (
    _field("New password", "new_password", "password", "new-password"),
    _field("Confirm password", "confirm_password", "password", "new-password"),
)
SIGN_UP = (
    _field("Email address", "username", "email", "username"),
    *NEW_PASSWORD,
)
CODE = (_field("Code", "code", "text", "one-time-code"),)
ERRORS: Mapping[str, str] = {
    "redirect_mismatch": "The address to return to is not one of the app client's CallbackURLs or"
    " LogoutURLs, or there is no such app client.",
    "invalid_request": "The form is no longer valid. Go back to the page and sign in again.",
}


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page, without its look."""

    title: str
    content: str
    """HTML."""
    failed: bool = False
    """Whether it is shown again, because what the viewer entered is wrong."""

    def html(self, look: Look) -> str:
        """The document."""
        title = escape(self.title)
        return PAGE.format(
            head=f"Error: {title}" if self.failed else title,
            style=look.style_sheet,
            logo=f'<img class="logo" src="{escape(look.logo)}" alt="">\n' if look.logo else "",
            title=title,
            content=self.content,
        )


def sign_in_page(
    action: str, problem: str = "", links: Mapping[str, str] | None = None, sign_up: str = ""
) -> Page:
    """Asks for email address and password, or leads to an identity provider or to sign-up."""
    others = "".join(
        f'<p><a href="{escape(address)}">Continue with {escape(name)}</a></p>\n'
        for name, address in (links or {}).items()
    )
    if sign_up:
        others += f'<p><a href="{escape(sign_up)}">Create an account</a></p>\n'
    return _form("Sign in", action, SIGN_IN, "Sign in", problem, others)


def sign_up_page(action: str, problem: str = "") -> Page:
    """Asks for email address and password of a new account."""
    return _form("Sign up", action, SIGN_UP, "Sign up", problem)


def confirmation_page(action: str, email: str, problem: str = "") -> Page:
    """Asks for the code that was mailed to a new user."""
    note = (
        f"<p>A code was mailed to {escape(email)}: type <kbd>mail {escape(email)}</kbd> in the"
        " preview's console.</p>\n"
    )
    return _form("Confirm your account", action, CODE, "Confirm account", problem, note)


def new_password_page(action: str, problem: str = "") -> Page:
    """Asks for a new password, twice."""
    return _form("Change password", action, NEW_PASSWORD, "Change password", problem)


def app_page(action: str, email: str, key: str, problem: str = "") -> Page:
    """Shows the key for an authenticator app, and asks for the app's code."""
    note = f"<p>Key for the authenticator app:<br><code>{escape(key)}</code></p>\n{_no_app(email)}"
    return _form("Set up authenticator app", action, CODE, "Continue", problem, note)


def code_page(action: str, email: str, problem: str = "") -> Page:
    """Asks for the code from the viewer's authenticator app."""
    return _form("Enter code", action, CODE, "Continue", problem, _no_app(email))


def error_page(error: str) -> Page:
    """Says why there is no form, by the error's code."""
    return Page(title=f"An error occurred: {error}", content=f"<p>{ERRORS.get(error, '')}</p>")


def _no_app(email: str) -> str:
    return (
        f"<p>Without an app, type <kbd>code {escape(email)}</kbd> in the preview's console.</p>\n"
    )


def _form(
    title: str,
    action: str,
    fields: Sequence[Mapping[str, str]],
    button: str,
    problem: str,
    note: str = "",
) -> Page:
    content = FORM.format(
        alert=ALERT.format(problem=escape(problem)) if problem else "",
        note=note,
        action=escape(action),
        fields="\n".join(
            FIELD.format(**field, more=_first(problem) if field is fields[0] else "")
            for field in fields
        ),
        button=button,
    )
    return Page(title=title, content=content, failed=bool(problem))


def _first(problem: str) -> str:
    """The attributes of the first field, which has the focus.

    With an error, screen readers then read it when the page opens.
    """
    return f" autofocus{DESCRIBED if problem else ''}"
