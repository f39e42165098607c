"""CloudFront edges and viewer requests for tests."""

from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

from preview.services.edge.edge import Edge
from preview.services.edge.request_policies import (
    ALL_VIEWER_EXCEPT_HOST_HEADER,
    CACHING_DISABLED,
    CACHING_OPTIMIZED,
)
from tests.preview.signer import HOST, NOW, PEMS

Policies = Mapping[str, Mapping[str, Any]]
Keys = Mapping[str, Mapping[str, str]]
Origin = Callable[[Mapping[str, Any], Request], Response]


def an_edge(
    config: Mapping[str, Any],
    *,
    key_groups: Keys | None = None,
    signer_keys: Keys | None = None,
    policies: Policies | None = None,
    origin: Origin = lambda *_: Response("good"),
    clock: Callable[[], float],
    country: Callable[[str], str] = lambda _: "",
) -> Edge:
    """An edge with policies of all types in one mapping."""
    policies = policies or {}
    return Edge(
        config=config,
        key_group=(key_groups or {}).__getitem__,
        signer_keys=(signer_keys or {}).__getitem__,
        response_headers=policies.__getitem__,
        cache_policy=policies.__getitem__,
        origin_request_policy=policies.__getitem__,
        origin=origin,
        clock=clock,
        country=country,
    )


def viewer_asks(
    url: str,
    *,
    viewer: str = "203.0.113.7",
    cookies: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    **settings: Any,
) -> Request:
    """A request for a full URL, which is not encoded or normalized."""
    scheme, _, rest = url.partition("://")
    host, _, path = rest.partition("/")
    sent = Headers(headers or {})
    if cookies:
        sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    environ = EnvironBuilder(
        base_url=f"{scheme}://{host}",
        environ_base={"REMOTE_ADDR": viewer},
        headers=sent,
        **settings,
    ).get_environ()
    environ |= {"REQUEST_URI": f"/{path}", "QUERY_STRING": path.partition("?")[2]}
    return Request(environ)


MEDIA = {
    "PathPattern": "/out/v1/*",
    "TargetOriginId": "media",
    "ViewerProtocolPolicy": "https-only",
    "CachePolicyId": CACHING_OPTIMIZED,
    "TrustedKeyGroups": ["group"],
}
API = {
    "PathPattern": "api/*",
    "TargetOriginId": "api",
    "ViewerProtocolPolicy": "https-only",
    "AllowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
    "CachePolicyId": CACHING_DISABLED,
    "OriginRequestPolicyId": ALL_VIEWER_EXCEPT_HOST_HEADER,
}
PAGE = {
    "TargetOriginId": "page",
    "ViewerProtocolPolicy": "redirect-to-https",
    "CachePolicyId": CACHING_OPTIMIZED,
}


def origin(name: str, **settings: Any) -> dict[str, Any]:
    https = {"OriginProtocolPolicy": "https-only"}
    domain = f"{name}.example.com"
    return {"Id": name, "DomainName": domain, "CustomOriginConfig": https, **settings}


CONFIG: Mapping[str, Any] = {
    "Enabled": True,
    "DefaultRootObject": "index.html",
    "Origins": [origin("media"), origin("api"), origin("page")],
    "CacheBehaviors": [MEDIA, API],
    "DefaultCacheBehavior": PAGE,
}


class World:
    """An edge whose origins return `answer` and record their requests."""

    def __init__(self, config: Mapping[str, Any] = CONFIG, **policies: Mapping[str, Any]) -> None:
        self.now = float(NOW)
        self.asked: list[Request] = []
        self.answer: Callable[[Request], Response] = lambda _: Response("good")
        self.groups = {"group": dict(PEMS)}
        self.edge = an_edge(
            config,
            key_groups=self.groups,
            signer_keys={"self": PEMS},
            policies=policies,
            origin=self._origin,
            clock=lambda: self.now,
        )

    def _origin(self, settings: Mapping[str, Any], request: Request) -> Response:
        assert settings["Id"]
        self.asked.append(request)
        return self.answer(request)

    def get(self, path: str, *, scheme: str = "https", **settings: Any) -> Response:
        """The edge's response; `path` includes the query string, as the viewer sends it."""
        return self.edge.answer(viewer_asks(f"{scheme}://{HOST}{path}", **settings))


def behaving(**changed: Any) -> dict[str, Any]:
    """The distribution with a changed default behavior."""
    return {**CONFIG, "CacheBehaviors": [], "DefaultCacheBehavior": {**PAGE, **changed}}


def request_policy(**behaviors: str) -> dict[str, Any]:
    names = {"Header": "Headers", "Cookie": "Cookies", "QueryString": "QueryStrings"}
    return {
        f"{plural}Config": {
            f"{name}Behavior": behaviors.get(name, "none").split(":")[0],
            plural: behaviors.get(name, "none").split(":")[1:],
        }
        for name, plural in names.items()
    }
