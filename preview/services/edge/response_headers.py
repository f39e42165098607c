"""CloudFront response headers policies, with CORS.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from werkzeug.datastructures import Headers

from preview.errors import NotSupported

KNOWN = frozenset({"Comment", "CorsConfig", "CustomHeadersConfig", "Name"}) | {
    "RemoveHeadersConfig",
    "SecurityHeadersConfig",
}
CORS_HEADERS = (
    "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Headers",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Origin",
    "Access-Control-Expose-Headers",
    "Access-Control-Max-Age",
)
Settings = Mapping[str, Any]


def _transport_security(settings: Settings) -> str:
    parts = [f"max-age={settings['AccessControlMaxAgeSec']}"]
    parts += ["includeSubDomains"] if settings.get("IncludeSubdomains") else []
    parts += ["preload"] if settings.get("Preload") else []
    return "; ".join(parts)


def _xss_protection(settings: Settings) -> str:
    parts = ["1" if settings["Protection"] else "0"]
    parts += ["mode=block"] if settings.get("ModeBlock") else []
    parts += [f"report={settings['ReportUri']}"] if settings.get("ReportUri") else []
    return "; ".join(parts)


SECURITY_HEADERS: Mapping[str, tuple[str, Callable[[Settings], str]]] = {
    "ContentSecurityPolicy": ("Content-Security-Policy", lambda one: one["ContentSecurityPolicy"]),
    "ContentTypeOptions": ("X-Content-Type-Options", lambda _: "nosniff"),
    "FrameOptions": ("X-Frame-Options", lambda one: one["FrameOption"]),
    "ReferrerPolicy": ("Referrer-Policy", lambda one: one["ReferrerPolicy"]),
    "StrictTransportSecurity": ("Strict-Transport-Security", _transport_security),
    "XSSProtection": ("X-XSS-Protection", _xss_protection),
}

# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html
MANAGED_RESPONSE_HEADERS_POLICIES: Mapping[str, Settings] = {
    "67f7725c-6f97-4210-82d7-5512b31e9d03": {
        "Name": "Managed-SecurityHeadersPolicy",
        "SecurityHeadersConfig": {
            "ContentTypeOptions": {"Override": True},
            "FrameOptions": {"FrameOption": "SAMEORIGIN", "Override": False},
            "ReferrerPolicy": {
                "ReferrerPolicy": "strict-origin-when-cross-origin",
                "Override": False,
            },
            "StrictTransportSecurity": {"AccessControlMaxAgeSec": 31_536_000, "Override": False},
            "XSSProtection": {"Protection": True, "ModeBlock": True, "Override": False},
        },
    },
}


def check(policy: Settings) -> None:
    """Raises NotSupported for unsupported settings, such as Server-Timing."""
    for name, value in policy.items():
        if name not in KNOWN and value and value != {"Enabled": False}:
            raise NotSupported(f"the preview does not support ResponseHeadersPolicyConfig.{name}")
    for origin in _items(policy.get("CorsConfig", {}), "AllowOrigins"):
        if "*" in origin:
            raise NotSupported(f"the preview does not support the allowed origin {origin}")
    for name in policy.get("SecurityHeadersConfig", {}):
        if name not in SECURITY_HEADERS:
            raise NotSupported(f"the preview does not support SecurityHeadersConfig.{name}")


def applied(policy: Settings, headers: Headers, asked: Headers) -> None:
    """Removes the origin's headers that the policy names, then adds the policy's own.

    With Override, the policy's header replaces the origin's; without it, the origin's stays.

    Args:
        policy: the policy.
        headers: those of the response, which change.
        asked: those of the viewer's request.
    """
    if "CorsConfig" in policy:
        _share(policy["CorsConfig"], headers, asked)
    for removed in policy.get("RemoveHeadersConfig", {}).get("Items", ()):
        headers.remove(removed["Header"])
    for name, value, override in _added(policy):
        if override or name not in headers:
            headers[name] = value


def _added(policy: Settings) -> Iterator[tuple[str, str, bool]]:
    for name, settings in policy.get("SecurityHeadersConfig", {}).items():
        header, value = SECURITY_HEADERS[name]
        yield header, value(settings), settings["Override"]
    for custom in policy.get("CustomHeadersConfig", {}).get("Items", ()):
        yield custom["Header"], custom["Value"], custom["Override"]


def _share(cors: Settings, headers: Headers, asked: Headers) -> None:
    """CORS headers for a request of an allowed origin; none for others.

    "CloudFront adds these headers to HTTP responses that it sends for CORS requests": those with an
    Origin.
    https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ResponseHeadersPolicyCorsConfig.html
    """
    if cors["OriginOverride"]:
        for name in CORS_HEADERS:
            headers.remove(name)
    elif any(name in headers for name in CORS_HEADERS):
        return
    origin = asked.get("Origin")
    if origin not in _items(cors, "AllowOrigins"):
        return
    is_preflight = "Access-Control-Request-Method" in asked
    for name, value in (
        ("Access-Control-Allow-Origin", origin),
        *_credentials(cors),
        *(_of_preflights(cors) if is_preflight else _of_others(cors)),
    ):
        if value:
            headers[name] = value


def _credentials(cors: Settings) -> Iterator[tuple[str, str]]:
    if cors["AccessControlAllowCredentials"] in (True, "true"):
        yield "Access-Control-Allow-Credentials", "true"


def _of_preflights(cors: Settings) -> Iterator[tuple[str, str]]:
    yield "Access-Control-Allow-Headers", ", ".join(_items(cors, "AllowHeaders"))
    yield "Access-Control-Allow-Methods", ", ".join(_items(cors, "AllowMethods"))
    yield "Access-Control-Max-Age", str(cors.get("AccessControlMaxAgeSec", ""))


def _of_others(cors: Settings) -> Iterator[tuple[str, str]]:
    yield "Access-Control-Expose-Headers", ", ".join(_items(cors, "ExposeHeaders"))


def _items(cors: Settings, name: str) -> tuple[str, ...]:
    return tuple(cors.get(f"AccessControl{name}", {}).get("Items", ()))
