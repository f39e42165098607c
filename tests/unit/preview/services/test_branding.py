"""Managed login branding: what Cognito accepts, and what it refuses."""

import base64
from typing import Any

import pytest

from preview.services.signin.branding import look_of, objections
from preview.services.signin.look import Look

SVG = base64.b64encode(b"<svg/>").decode()


def colors(**settings: Any) -> dict[str, Any]:
    """A style with those settings."""
    return {"Settings": settings}


def image(**changes: str) -> dict[str, Any]:
    """A style with one image."""
    asset = {"Category": "FORM_LOGO", "ColorMode": "DARK", "Extension": "SVG", "Bytes": SVG}
    return {"Assets": [{**asset, **changes}]}


@pytest.mark.parametrize(
    "properties",
    [
        {"UseCognitoProvidedValues": True},
        {"UseCognitoProvidedValues": "true"},
        {"UseCognitoProvidedValues": False, **colors(categories={})},
        colors(categories={"global": {"colorSchemeMode": "DARK"}}),
        colors(components={"pageBackground": {"darkMode": {"color": "0f1B2aff"}}}),
        colors(components={"form": {"borderRadius": 8.0, "logo": {"enabled": "true"}}}),
        image(),
        image(Category="FAVICON_SVG"),
    ],
)
def test_a_style_of_known_properties_is_accepted(properties: dict[str, Any]) -> None:
    assert objections(properties) == []


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ({}, "needs either UseCognitoProvidedValues or Settings"),
        ({"UseCognitoProvidedValues": False}, "needs either UseCognitoProvidedValues or Settings"),
        ({"UseCognitoProvidedValues": True, **image()}, "needs either UseCognitoProvidedValues or"),
        (
            colors(components={"pageBackground": {"darkMode": {"backgroundColor": "0f1b2aff"}}}),
            "{property: $.components.pageBackground.darkMode.backgroundColor, errorType: "
            "UnknownProperty}",
        ),
        (colors(colors={}), "{property: $.colors, errorType: UnknownProperty}"),
        (
            colors(components={"pageBackground": {"darkMode": {"color": "#0f1b2a"}}}),
            "{property: $.components.pageBackground.darkMode.color, errorType: InvalidValue}",
        ),
        (
            colors(categories={"global": {"colorSchemeMode": "dark"}}),
            "{property: $.categories.global.colorSchemeMode, errorType: InvalidValue}",
        ),
        (colors(components=[]), "{property: $.components, errorType: InvalidType}"),
        (colors(components={"form": {"borderRadius": "round"}}), "form.borderRadius"),
        (image(Category="FAVICON_ICO"), "FAVICON_ICO must not be SVG."),
        (image(Extension="PNG"), "FORM_LOGO: the image is not PNG."),
        (image(Bytes="<svg/>"), "FORM_LOGO: Bytes must be base64."),
        ({"Assets": image(Bytes=SVG + "A" * 1_200_000)["Assets"] * 2}, "of at most 2,000,000"),
    ],
)
def test_other_styles_are_refused(properties: dict[str, Any], words: str) -> None:
    assert words in " ".join(objections(properties))


def test_the_preview_s_pages_have_the_colors_and_the_logo_of_a_style() -> None:
    components = {
        "pageBackground": {"lightMode": {"color": "ffffffff"}, "darkMode": {"color": "000000ff"}},
        "primaryButton": {
            "lightMode": {"defaults": {"backgroundColor": "b00020ff", "textColor": "fafafaff"}}
        },
    }
    style = {
        **colors(categories={"global": {"colorSchemeMode": "LIGHT"}}, components=components),
        **image(),
    }
    assert look_of(style) == Look(
        accent="#b00020ff",
        on_accent="#fafafaff",
        background="#ffffffff",
        color_scheme="light",
        logo=f"data:image/svg+xml;base64,{SVG}",
    )


@pytest.mark.parametrize(
    "style",
    [
        {"UseCognitoProvidedValues": True},
        colors(categories={}),
        colors(categories={"global": {"colorSchemeMode": "DYNAMIC"}}),
        image(Category="FAVICON_SVG"),
    ],
)
def test_without_colors_and_logo_they_have_the_preview_s(style: dict[str, Any]) -> None:
    assert look_of(style) == Look()
