"""Cognito managed login pages: plain forms with labels."""

from html import escape

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<h1>{title}</h1>
{alert}{note}
<form method="post" action="{action}">
{fields}
<p><button>{button}</button></p>
</form>
</html>
"""
FIELD = '<p><label>{label}<br><input name="{name}" type="{kind}" required></label></p>'
CODE = [("Code", "code", "text")]


def sign_in_page(action: str, problem: str = "") -> str:
    """Asks for email address and password."""
    fields = [("Email address", "username", "email"), ("Password", "password", "password")]
    return _page("Sign in", action, fields, "Sign in", problem)


def new_password_page(action: str, problem: str = "") -> str:
    """Asks for a new password, twice."""
    fields = [
        ("New password", "new_password", "password"),
        ("Confirm password", "confirm_password", "password"),
    ]
    return _page("Change password", action, fields, "Change password", problem)


def app_page(action: str, email: str, key: str, problem: str = "") -> str:
    """Shows the key for an authenticator app, and asks for the app's code."""
    note = f"<p>Key for the authenticator app: <code>{escape(key)}</code></p>{_no_app(email)}"
    return _page("Set up authenticator app", action, CODE, "Continue", problem, note)


def code_page(action: str, email: str, problem: str = "") -> str:
    """Asks for the code from the viewer's authenticator app."""
    return _page("Enter code", action, CODE, "Continue", problem, _no_app(email))


def _no_app(email: str) -> str:
    return f"<p>Without an app, type <kbd>code {escape(email)}</kbd> in the preview's console.</p>"


def _page(
    title: str,
    action: str,
    fields: list[tuple[str, str, str]],
    button: str,
    problem: str,
    note: str = "",
) -> str:
    return PAGE.format(
        title=title,
        note=note,
        alert=f'<p role="alert">{escape(problem)}</p>' if problem else "",
        action=escape(action),
        fields="\n".join(
            FIELD.format(label=label, name=name, kind=kind) for label, name, kind in fields
        ),
        button=button,
    )
