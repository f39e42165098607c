"""Cognito managed login in the brand of the page."""

import base64
from collections.abc import Callable
from typing import Any

import pytest

from preview.services.signin.branding import look_of, objections
from protected_stream import assemble
from protected_stream.config import Stream, load
from protected_stream.page.colors import TEXT_CONTRAST, contrast
from protected_stream.reading.summary import summary
from protected_stream.reading.written import Written
from protected_stream.template.emit import document, documents
from tests.conftest import CHECKOUT, STREAMS, Document, of_type

HAFENFEST = CHECKOUT / "tests" / "unit" / "brands" / "hafenfest.toml"
LIGHT = {"accent": "#b00020", "background": "#ffffff"}


def branding(template: Document) -> Document:
    """The properties of the branding."""
    (properties,) = of_type(template, "AWS::Cognito::ManagedLoginBranding").values()
    return properties


def values(settings: Any, name: str) -> set[str]:
    """All values of that property in the settings."""
    if not isinstance(settings, dict):
        return set()
    own = {settings[name]} if isinstance(settings.get(name), str) else set()
    return own.union(*(values(inner, name) for inner in settings.values()))


@pytest.mark.parametrize(
    "page",
    [
        {},
        {"title": "Derby", "show_title": "Final", "language": "de"},
        {"help_link": "https://example.com/"},
        {"accent": "#7CC4FF", "background": "#0D1014"},
    ],
)
def test_a_page_without_a_look_of_its_own_changes_no_template(
    template_of: Callable[..., Document], default: Document, page: dict[str, str]
) -> None:
    assert template_of(page=page) == default


@pytest.mark.parametrize(
    ("path", "scheme", "kinds"),
    [
        (STREAMS["branded"], "DARK", {"FORM_LOGO": "SVG", "FAVICON_SVG": "SVG"}),
        (HAFENFEST, "LIGHT", {"FORM_LOGO": "PNG", "FAVICON_ICO": "ICO"}),
    ],
)
def test_the_sign_in_page_has_the_colors_logo_and_favicon(
    path: Any, scheme: str, kinds: dict[str, str]
) -> None:
    stream = load(path)
    properties = branding(document(assemble(stream)))
    assert "UseCognitoProvidedValues" not in properties
    settings = properties["Settings"]
    assert settings["categories"]["global"] == {"colorSchemeMode": scheme}
    mode = f"{scheme.lower()}Mode"
    button = settings["components"]["primaryButton"][mode]["defaults"]
    assert button["backgroundColor"] == f"{stream.page.accent[1:]}ff"
    assert settings["components"]["pageBackground"] == {
        mode: {"color": f"{stream.page.background[1:]}ff"},
        "image": {"enabled": False},
    }
    assert settings["components"]["form"]["logo"]["enabled"] is True
    assets = properties["Assets"]
    assert {asset["Category"]: asset["Extension"] for asset in assets} == kinds
    assert {asset["ColorMode"] for asset in assets} == {scheme}
    brand = stream.page.brand
    assert [base64.b64decode(asset["Bytes"]) for asset in assets] == [
        image.content for image in (brand.logo, brand.favicon) if image
    ]


def test_a_brand_without_images_shows_none_of_an_earlier_brand(
    template_of: Callable[..., Document],
) -> None:
    """An update keeps what it does not name."""
    properties = branding(template_of(page=LIGHT))
    assert not properties.get("Assets")
    components = properties["Settings"]["components"]
    assert components["form"]["logo"] == {"enabled": False}
    assert components["pageBackground"]["image"] == {"enabled": False}
    assert components["favicon"] == {"enabledTypes": ["ICO", "SVG"]}


@pytest.mark.parametrize("background", ["#ffffff", "#777777", "#0d1014", "#000080"])
def test_texts_of_the_sign_in_page_can_be_read(
    template_of: Callable[..., Document], background: str
) -> None:
    accent = "#111111" if background in {"#ffffff", "#777777"} else "#ffcc00"
    settings = branding(template_of(page={"accent": accent, "background": background}))["Settings"]
    text = settings["components"]["pageText"]
    on_the_page = {
        *values(settings["componentClasses"], "textColor"),
        *(
            color
            for kind in ("body", "description", "heading")
            for color in values(text, f"{kind}Color")
        ),
    }
    assert on_the_page
    assert [
        color for color in on_the_page if contrast(f"#{color[:6]}", background) < TEXT_CONTRAST
    ] == []


@pytest.mark.parametrize("path", [STREAMS["branded"], HAFENFEST])
def test_cognito_accepts_the_branding(path: Any) -> None:
    properties = branding(document(assemble(load(path))))
    assert objections(properties) == []


def test_the_summary_shows_what_the_images_take(tmp_path: Any) -> None:
    page = {"logo": str(STREAMS["branded"].parent / "brand" / "logo.svg")}
    template = document(assemble(Stream.model_validate({"page": page})))
    (asset,) = branding(template)["Assets"]
    said = summary(Written(document=template, size=1, folder=tmp_path, region="any"))
    line = f"  sign-in     logo and favicon are {len(asset['Bytes']):,} bytes of the template"
    assert line in said.splitlines()


def test_the_summary_says_when_images_are_why_a_bucket_is_needed(tmp_path: Any) -> None:
    """With functions inline, a template that fits in the request needs none."""
    logo = tmp_path / "logo.svg"
    drawing = "<path d='M0 0'/>" * 2000
    logo.write_text(f"<svg xmlns='http://www.w3.org/2000/svg'>{drawing}</svg>")
    stream = {"signing": {"mode": "kms"}, "page": {"logo": str(logo)}}
    made = documents(assemble(Stream.model_validate(stream)))
    size = len(made.json.encode())
    said = summary(Written(document=made.document, size=size, folder=tmp_path, region="any"))
    assert "of the template, which therefore needs a bucket: it is larger than 51,200" in said
    assert "--no-fail-on-empty-changeset --s3-bucket ArtifactBucket" in said


@pytest.mark.parametrize("path", [STREAMS["branded"], HAFENFEST])
def test_the_preview_shows_the_sign_in_page_in_the_brand(path: Any) -> None:
    page = load(path).page
    shown = look_of(branding(document(assemble(load(path)))))
    assert (shown.accent, shown.background) == (f"{page.accent}ff", f"{page.background}ff")
    assert all(getattr(shown, name) for name in ("card", "text", "quiet", "line", "on_accent"))
    assert page.logo
    assert shown.logo.endswith(base64.b64encode(page.logo.content).decode())
