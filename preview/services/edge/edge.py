"""CloudFront distribution, from a viewer's request to the response.

Good responses are cached for the cache policy's minimum TTL only, so that changes show at once.
Errors are cached as in CloudFront. Both because one viewer's response may reach another.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.wrappers import Request, Response

from preview.services.edge import distribution, response_headers
from preview.services.edge.behavior import Behavior, behavior, known
from preview.services.edge.countries import is_admitted
from preview.services.edge.edge_function import EdgeFunction
from preview.services.edge.error_cache import seconds_cached
from preview.services.edge.generated_responses import (
    blocked,
    from_another_country,
    generated_response,
    malformed,
    refused,
)
from preview.services.edge.origin_request import origin_request
from preview.services.edge.response_cache import MISS, ResponseCache, seconds_kept
from preview.services.edge.signatures import public_key
from preview.services.edge.signed_requests import refusal
from preview.services.edge.viewer_request import ViewerRequest, page_request, viewer_request
from preview.services.web_acl import Asked, WebAcl

Settings = Mapping[str, Any]
NO_FUNCTIONS: Mapping[str, EdgeFunction] = {}


@dataclass(frozen=True, kw_only=True)
class Edge:
    """One distribution; raises NotSupported for unsupported settings.

    The callables raise KeyError if there is no such resource.
    """

    config: Settings
    """`DistributionConfig`, resolved."""
    key_group: Callable[[str], Mapping[str, str]]
    """A key group's public keys (PEM) by key pair ID; called for every request: keys rotate."""
    signer_keys: Callable[[str], Mapping[str, str]]
    """The same for an account number, or for "self"."""
    response_headers: Callable[[str], Settings]
    """`ResponseHeadersPolicyConfig` by policy ID."""
    cache_policy: Callable[[str], Settings]
    """`CachePolicyConfig` by policy ID, except for managed policies."""
    origin_request_policy: Callable[[str], Settings]
    """`OriginRequestPolicyConfig` by policy ID, except for managed policies."""
    origin: Callable[[Settings, Request], Response]
    """The response of an origin, given its settings, to CloudFront's request."""
    clock: Callable[[], float]
    """Epoch seconds."""
    country: Callable[[str], str] = lambda _: ""
    """The country (ISO 3166-1) of a viewer's IP address; "" if it is not known."""
    web_acl: Callable[[str], WebAcl | None] = lambda _: None
    """A web ACL by ARN; None if its rules are not known, as it is the operator's."""
    function: Callable[[str], EdgeFunction] = NO_FUNCTIONS.__getitem__
    """A published CloudFront Function by its ARN."""
    _behaviors: tuple[Behavior, ...] = field(init=False, repr=False)
    _cache: ResponseCache = field(default_factory=ResponseCache, init=False, repr=False)

    def __post_init__(self) -> None:
        distribution.check(self.config)
        origins = {origin["Id"]: origin for origin in self.config["Origins"]}
        resolved = tuple(
            behavior(
                settings,
                origins=origins,
                cache_policy=self.cache_policy,
                origin_request_policy=self.origin_request_policy,
                response_headers_policy=self.response_headers,
                function=self.function,
            )
            for settings in distribution.behaviors(self.config)
        )
        object.__setattr__(self, "_behaviors", resolved)  # the dataclass is frozen

    def answer(self, request: Request) -> Response:
        """The response to the viewer; `request` has the viewer's scheme, host, and IP address."""
        viewer = viewer_request(request)
        if not viewer.path.startswith("/"):
            return malformed()
        if (status := self._blocked(viewer)) is not None:
            return blocked(status)
        if not is_admitted(self.config, self.country(request.remote_addr or "")):
            return from_another_country()
        path = viewer.path
        if path == "/":
            # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DefaultRootObject.html
            path = f"/{self.config.get('DefaultRootObject', '')}"
        responsible = self._responsible(path)
        response = (
            generated_response(viewer, responsible)
            or _functions_response(viewer, responsible)
            or self._unsigned(viewer, responsible)
        )
        if response is None:
            response = self._origins_answer(replace(viewer, path=path), responsible)
        elif response.status_code >= 400:
            response = self._custom_error(response, viewer)
        if request.method == "HEAD":
            response.response = []
        return response

    def _blocked(self, viewer: ViewerRequest) -> int | None:
        """The status of the response, if the web ACL blocks the request."""
        acl = self.web_acl(self.config.get("WebACLId", ""))
        if acl is None:
            return None
        return acl.refusal(
            Asked(
                path=viewer.path,
                headers=dict(viewer.http.headers),
                address=viewer.http.remote_addr or "",
            )
        )

    def _responsible(self, path: str) -> Behavior:
        """The first behavior that matches; the default, which is last, always matches."""
        return next(one for one in self._behaviors if one.fits(path))

    def _unsigned(self, viewer: ViewerRequest, responsible: Behavior) -> Response | None:
        """A 403 if the behavior requires signed cookies or URLs, and they are not valid."""
        if not responsible.is_restricted:
            return None
        keys: dict[str, str] = {}
        for group in responsible.settings.get("TrustedKeyGroups", ()):
            keys |= known(self.key_group, group)
        for account in responsible.settings.get("TrustedSigners", ()):
            keys |= known(self.signer_keys, account)
        found = refusal(
            url=viewer.url(viewer.http.scheme),
            method=viewer.http.method,
            cookies=viewer.cookies,
            viewer=viewer.http.remote_addr or "",
            now=self.clock(),
            keys={key_id: public_key(pem) for key_id, pem in keys.items()},
        )
        return refused(found) if found else None

    def _origins_answer(self, viewer: ViewerRequest, responsible: Behavior) -> Response:
        """The origin's response, or its copy, with the response headers policy applied."""
        key = responsible.key_of(viewer)
        response = self._cache.get(key, now=self.clock())
        if response is None:
            response = self._fetched(viewer, responsible)
            seconds = self._seconds(response, responsible)
            response = self._custom_error(response, viewer)
            if seconds and viewer.http.method in responsible.cached_methods:
                self._cache.put(key, response, now=self.clock(), seconds=seconds)
        response_headers.applied(
            responsible.response_headers, response.headers, viewer.http.headers
        )
        return response

    def _seconds(self, response: Response, responsible: Behavior) -> float:
        """How long the response is cached."""
        if response.status_code < 400:
            return seconds_kept(response, shortest=responsible.shortest)
        named = self._named(response.status_code)
        return seconds_cached(response, named=named, longest=responsible.longest)

    def _fetched(self, viewer: ViewerRequest, responsible: Behavior) -> Response:
        """The origin's response, without cookies if the behavior does not forward cookies.

        https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Cookies.html
        """
        request = origin_request(
            viewer,
            origin=responsible.origin,
            selected=responsible.forwarded,
            is_restricted=responsible.is_restricted,
        )
        response = self.origin(responsible.origin, request)
        if not responsible.forwarded.has_cookies():
            response.headers.remove("Set-Cookie")
        is_error = response.status_code >= 400
        response.headers["X-Cache"] = "Error from cloudfront" if is_error else MISS
        return response

    def _named(self, status: int) -> Settings | None:
        """The CustomErrorResponses entry for a status."""
        entries = self.config.get("CustomErrorResponses", ())
        return next((one for one in entries if int(one["ErrorCode"]) == status), None)

    def _custom_error(self, response: Response, viewer: ViewerRequest) -> Response:
        """The distribution's custom error page; if fetching the page fails, that error.

        https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/GeneratingCustomErrorResponses.html
        """
        named = self._named(response.status_code)
        if not named or not named.get("ResponsePagePath"):
            return response
        path = named["ResponsePagePath"]
        page = self._fetched(page_request(viewer, path), self._responsible(path))
        if page.status_code < 400:
            page.status_code = int(named["ResponseCode"])
            page.headers["X-Cache"] = "Error from cloudfront"
        return page


def _functions_response(viewer: ViewerRequest, responsible: Behavior) -> Response | None:
    """What the function at viewer-request answers itself.

    AWS does not document whether CloudFront checks signatures before it or after it.
    """
    return responsible.function.answer(viewer) if responsible.function else None
