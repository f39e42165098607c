"""The look of the sign-in pages: one place for colors and a logo."""

import base64
import hashlib

from preview.services.signin.look import Look
from preview.services.signin.pages import sign_in_page

LOGO = "data:image/png;base64,iVBORw0KGgo="


def test_chosen_colors_replace_the_previews_in_both_modes() -> None:
    plain, chosen = Look().style_sheet, Look(accent="#a2195b", background="#f7e9f0").style_sheet
    assert chosen.startswith(plain)
    assert chosen.removeprefix(plain) == ":root { --accent: #a2195b; --background: #f7e9f0; }\n"


def test_the_policy_permits_the_style_sheet_of_the_look() -> None:
    look = Look(accent="#a2195b")
    digest = base64.b64encode(hashlib.sha256(look.style_sheet.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in look.content_security_policy("https://x.example")
    assert digest not in Look().content_security_policy("https://x.example")


def test_a_logo_is_part_of_the_page() -> None:
    page = sign_in_page("/login")
    assert f'<img class="logo" src="{LOGO}" alt="">' in page.html(Look(logo=LOGO))
    assert "<img" not in page.html(Look())
