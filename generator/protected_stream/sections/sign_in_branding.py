"""Cognito managed login branding: the sign-in page in the brand of the viewer page."""

import base64
from collections.abc import Mapping
from typing import Any

from troposphere import AWSHelperFn, cognito

from protected_stream.page.brand import Brand
from protected_stream.page.colors import DEFAULT_ACCENT, DEFAULT_BACKGROUND, palette
from protected_stream.template.metadata import why

EXTENSIONS = {"ico": "ICO", "jpg": "JPEG", "png": "PNG", "svg": "SVG"}
Settings = Mapping[str, Any]


def sign_in_branding(
    pool_id: AWSHelperFn, client: cognito.UserPoolClient, brand: Brand
) -> cognito.ManagedLoginBranding:
    """The style of the sign-in page: the brand's, or Cognito's if the page has its own look."""
    return cognito.ManagedLoginBranding(
        "SignInBranding",
        # without a branding, version 2 of the login shows "Login pages unavailable"
        Metadata=why("managed login shows no page without a branding"),
        UserPoolId=pool_id,
        ClientId=client.ref(),
        **(_style(brand) if _has_a_look(brand) else {"UseCognitoProvidedValues": True}),
    )


def _has_a_look(brand: Brand) -> bool:
    colors = (brand.accent, brand.background) != (DEFAULT_ACCENT, DEFAULT_BACKGROUND)
    return colors or brand.logo is not None or brand.favicon is not None


def _style(brand: Brand) -> Mapping[str, Any]:
    """What differs from Cognito's style; what is left out keeps Cognito's values.

    The only published description of the document is an example. Cognito refuses unknown
    properties.

    Source: AWS CLI Command Reference, update-managed-login-branding (example); Amazon Cognito API
    Reference, UpdateManagedLoginBranding and DescribeManagedLoginBranding (ReturnMergedResources).
    """
    colors = palette(brand.accent, brand.background)
    scheme = colors["color-scheme"]
    return {
        "Settings": {
            "categories": {
                "form": {"displayGraphics": False},
                "global": {"colorSchemeMode": scheme.upper()},
            },
            "componentClasses": _in_mode(scheme, _classes(colors)),
            "components": {
                **_in_mode(scheme, _components(colors)),
                **_with_images(brand, _in_mode(scheme, _surfaces(colors))),
            },
        },
        "Assets": _assets(brand, scheme.upper()),
    }


def _in_mode(scheme: str, parts: Mapping[str, Settings]) -> dict[str, dict[str, Settings]]:
    """Each part's colors for that color scheme; the page has only one."""
    return {name: {f"{scheme}Mode": colors} for name, colors in parts.items()}


def _classes(colors: Mapping[str, str]) -> Mapping[str, Settings]:
    """Parts that are in several places."""
    on_ground = {
        "backgroundColor": _hex8(colors["--ground"]),
        "borderColor": _hex8(colors["--quiet"]),
    }
    return {
        "divider": {"borderColor": _hex8(colors["--line"])},
        "focusState": {"borderColor": _hex8(colors["--accent"])},
        "input": {"defaults": on_ground, "placeholderColor": _hex8(colors["--quiet"])},
        "inputDescription": {"textColor": _hex8(colors["--quiet"])},
        "inputLabel": {"textColor": _hex8(colors["--text"])},
        "link": {
            "defaults": {"textColor": _hex8(colors["--link"])},
            "hover": {"textColor": _hex8(colors["--text"])},
        },
        "optionControls": {
            "defaults": on_ground,
            "selected": {
                "backgroundColor": _hex8(colors["--accent"]),
                "foregroundColor": _hex8(colors["--on-accent"]),
            },
        },
    }


def _components(colors: Mapping[str, str]) -> Mapping[str, Settings]:
    """The buttons and the texts."""
    primary = {
        "backgroundColor": _hex8(colors["--accent"]),
        "textColor": _hex8(colors["--on-accent"]),
    }
    secondary = {
        "backgroundColor": _hex8(colors["--ground"]),
        "borderColor": _hex8(colors["--link"]),
        "textColor": _hex8(colors["--link"]),
    }
    return {
        "pageText": {
            "bodyColor": _hex8(colors["--text"]),
            "descriptionColor": _hex8(colors["--quiet"]),
            "headingColor": _hex8(colors["--text"]),
        },
        "primaryButton": {"active": primary, "defaults": primary, "hover": primary},
        "secondaryButton": {"active": secondary, "defaults": secondary, "hover": secondary},
    }


def _surfaces(colors: Mapping[str, str]) -> Mapping[str, Settings]:
    """The form and the page behind it, which have images besides colors."""
    return {
        "form": {
            "backgroundColor": _hex8(colors["--ground"]),
            "borderColor": _hex8(colors["--line"]),
        },
        "pageBackground": {"color": _hex8(colors["--ground"])},
    }


def _with_images(
    brand: Brand, surfaces: Mapping[str, Mapping[str, Settings]]
) -> Mapping[str, Settings]:
    """The same with the brand's images, or without Cognito's.

    An update keeps what it does not name, so what the brand lacks is turned off.
    """
    logo = {"enabled": True, "formInclusion": "IN", "location": "CENTER", "position": "TOP"}
    icons = [EXTENSIONS[brand.favicon.suffix]] if brand.favicon else list(FAVICONS)
    return {
        "favicon": {"enabledTypes": icons},
        "form": {**surfaces["form"], "logo": logo if brand.logo else {"enabled": False}},
        "pageBackground": {**surfaces["pageBackground"], "image": {"enabled": False}},
    }


FAVICONS = {"ICO": "FAVICON_ICO", "SVG": "FAVICON_SVG"}
"""Categories of favicons, by their kind."""


def _assets(brand: Brand, mode: str) -> list[cognito.AssetType]:
    """The logo and the favicon.

    Source: Amazon Cognito API Reference, AssetType.
    """
    images = {"FORM_LOGO": brand.logo}
    if brand.favicon:
        images[FAVICONS[EXTENSIONS[brand.favicon.suffix]]] = brand.favicon
    return [
        cognito.AssetType(
            Category=category,
            ColorMode=mode,
            Extension=EXTENSIONS[image.suffix],
            Bytes=base64.b64encode(image.content).decode(),
        )
        for category, image in images.items()
        if image
    ]


def _hex8(color: str) -> str:
    """The color as managed login writes it: with its opacity, without #."""
    return f"{color.removeprefix('#')}ff"
