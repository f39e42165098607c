"""Cognito managed login branding: the settings and images that Cognito accepts.

The settings are those of the only document that AWS has published: the example of
update-managed-login-branding in the AWS CLI Command Reference. That Cognito names each property
that it does not know, with "UnknownProperty", is from public reports of requests, not from AWS.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from typing import Any

from preview.services.signin.look import Look

Tree = Mapping[str, Any]

COLOR = re.compile("[0-9A-Fa-f]{8}")
"""With its opacity, and without #."""
CHOICES = {
    "colorSchemeMode": ("LIGHT", "DARK", "DYNAMIC"),
    "formInclusion": ("IN", "OUT"),
    "location": ("START", "CENTER", "END"),
    "position": ("TOP", "BOTTOM"),
}
MOST_BYTES = 2_000_000
"""Of a request: "a 2-megabyte request-size limit"."""
MEDIA_TYPES = {
    "ICO": "image/x-icon",
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "SVG": "image/svg+xml",
    "WEBP": "image/webp",
}
SIGNATURES = {
    "ICO": b"\x00\x00\x01\x00",
    "JPEG": b"\xff\xd8\xff",
    "PNG": b"\x89PNG",
    "SVG": b"<",
    "WEBP": b"RIFF",
}


def _each(names: str, parts: Any) -> Tree:
    return dict.fromkeys(names.split(), parts)


def _modes(parts: Tree) -> Tree:
    return _each("darkMode lightMode", parts)


def _colors(names: str) -> Tree:
    return _each(names, COLOR)


ENABLED: Tree = {"enabled": bool}
BUTTON = _modes(_each("active defaults hover", _colors("backgroundColor borderColor textColor")))
LINK = _modes(_each("defaults hover", _colors("textColor")))
BAR: Tree = {
    **_modes({"background": _colors("color"), **_colors("borderColor")}),
    "backgroundImage": ENABLED,
    "logo": {"enabled": bool, "location": str},
}
ITEM = _colors("itemBackgroundColor itemBorderColor itemTextColor")
STATUS = _each("error success warning", _colors("backgroundColor borderColor indicatorColor"))
KNOWN: Tree = {
    "categories": {
        "auth": {"authMethodOrder": list, "federation": {"interfaceStyle": str, "order": list}},
        "form": {
            "displayGraphics": bool,
            "instructions": ENABLED,
            "languageSelector": ENABLED,
            "location": {"horizontal": str, "vertical": str},
            "sessionTimerDisplay": str,
        },
        "global": {
            "colorSchemeMode": str,
            "pageFooter": ENABLED,
            "pageHeader": ENABLED,
            "spacingDensity": str,
        },
        "signUp": {"acceptanceElements": list},
    },
    "componentClasses": {
        "buttons": {"borderRadius": float},
        "divider": _modes(_colors("borderColor")),
        "dropDown": {
            "borderRadius": float,
            **_modes(
                _each(
                    "defaults hover match",
                    _colors("itemBackgroundColor itemBorderColor itemTextColor"),
                )
            ),
        },
        "focusState": _modes(_colors("borderColor")),
        "idpButtons": {"icons": ENABLED},
        "input": {
            "borderRadius": float,
            **_modes(
                {"defaults": _colors("backgroundColor borderColor"), **_colors("placeholderColor")}
            ),
        },
        "inputDescription": _modes(_colors("textColor")),
        "inputLabel": _modes(_colors("textColor")),
        "link": LINK,
        "optionControls": _modes(
            {
                "defaults": _colors("backgroundColor borderColor"),
                "selected": _colors("backgroundColor foregroundColor"),
            }
        ),
        "statusIndicator": _modes({**STATUS, "pending": _colors("indicatorColor")}),
    },
    "components": {
        "alert": {
            "borderRadius": float,
            **_modes({"error": _colors("backgroundColor borderColor")}),
        },
        "favicon": {"enabledTypes": list},
        "form": {
            "backgroundImage": ENABLED,
            "borderRadius": float,
            **_modes(_colors("backgroundColor borderColor")),
            "logo": {"enabled": bool, "formInclusion": str, "location": str, "position": str},
        },
        "idpButton": {"custom": dict, "standard": BUTTON},
        "pageBackground": {**_modes(_colors("color")), "image": ENABLED},
        "pageFooter": BAR,
        "pageHeader": BAR,
        "pageText": _modes(_colors("bodyColor descriptionColor headingColor")),
        "phoneNumberSelector": {"displayType": str},
        "primaryButton": _modes(
            {
                **_each("active defaults hover", _colors("backgroundColor textColor")),
                "disabled": _colors("backgroundColor borderColor"),
            }
        ),
        "secondaryButton": BUTTON,
    },
}


def objections(properties: Mapping[str, Any]) -> list[str]:
    """What Cognito would refuse in a style's properties, one sentence each."""
    own = [properties[name] for name in ("Settings", "Assets") if properties.get(name)]
    is_provided = properties.get("UseCognitoProvidedValues") in (True, "true")
    if is_provided == bool(own):
        return ["a style needs either UseCognitoProvidedValues or Settings, but not both."]
    assets = properties.get("Assets") or []
    found = [sentence for asset in assets for sentence in _asset(asset)]
    settings = ", ".join(_unknown(properties.get("Settings") or {}, KNOWN, "$"))
    if settings:
        found.append(f"Invalid settings provided. Validation errors: [{settings}]")
    size = sum(len(asset.get("Bytes", "")) for asset in assets)
    if size > MOST_BYTES:
        found.append(f"the images have {size:,} bytes, of at most {MOST_BYTES:,}.")
    return found


def _unknown(given: Any, known: Any, path: str) -> Iterator[str]:
    """The properties that are unknown, or have a value of another type."""
    if not isinstance(known, Mapping):
        if not _fits(given, known, path.rpartition(".")[2]):
            yield f"{{property: {path}, errorType: InvalidValue}}"
    elif not isinstance(given, Mapping):
        yield f"{{property: {path}, errorType: InvalidType}}"
    else:
        for name, value in given.items():
            if name in known:
                yield from _unknown(value, known[name], f"{path}.{name}")
            else:
                yield f"{{property: {path}.{name}, errorType: UnknownProperty}}"


def _fits(value: Any, kind: Any, name: str) -> bool:
    """Whether a value is what the property needs; CloudFormation may give numbers as strings."""
    if kind is COLOR:
        return isinstance(value, str) and COLOR.fullmatch(value) is not None
    if kind is bool:
        return value in (True, False, "true", "false")
    if kind is float:
        return re.fullmatch(r"\d+(\.\d+)?", str(value)) is not None
    return isinstance(value, kind) and (value in CHOICES[name] if name in CHOICES else True)


def _asset(asset: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with an image, besides what its schema says."""
    category, extension = asset["Category"], asset["Extension"]
    if category.startswith("FAVICON_") and category != f"FAVICON_{extension}":
        yield f"{category} must not be {extension}."
    try:
        content = base64.b64decode(asset.get("Bytes", ""), validate=True)
    except binascii.Error:
        yield f"{category}: Bytes must be base64."
        return
    if not content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(SIGNATURES[extension]):
        yield f"{category}: the image is not {extension}."


LOOK: Mapping[str, str] = {
    "accent": "components.primaryButton.{mode}.defaults.backgroundColor",
    "on_accent": "components.primaryButton.{mode}.defaults.textColor",
    "background": "components.pageBackground.{mode}.color",
    "card": "components.form.{mode}.backgroundColor",
    "text": "components.pageText.{mode}.headingColor",
    "quiet": "components.pageText.{mode}.descriptionColor",
    "line": "componentClasses.input.{mode}.defaults.borderColor",
}
"""Where the colors of the preview's pages are in the settings."""


def look_of(properties: Mapping[str, Any]) -> Look:
    """The look of the preview's pages with a style: its colors, if it has one scheme, and logo."""
    settings = properties.get("Settings") or {}
    scheme = str(_at(settings, "categories.global.colorSchemeMode")).lower()
    colors = {
        name: f"#{color}"
        for name, path in LOOK.items()
        if (color := _at(settings, path.format(mode=f"{scheme}Mode")))
    }
    logos = [
        f"data:{MEDIA_TYPES[asset['Extension']]};base64,{asset['Bytes']}"
        for asset in properties.get("Assets") or ()
        if asset["Category"] == "FORM_LOGO" and asset.get("Bytes")
    ]
    return Look(
        color_scheme=scheme if scheme in {"dark", "light"} else "",
        logo="".join(logos[:1]),
        **colors,
    )


def _at(settings: Any, path: str) -> Any:
    """The value at a path; empty if there is none."""
    for name in path.split("."):
        settings = settings.get(name, "") if isinstance(settings, Mapping) else ""
    return settings
