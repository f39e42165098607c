"""CORS: response headers policies that let pages of other origins play the stream."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, Field
from troposphere import AWSObject, cloudfront

from protected_stream.sections.own_domain import DOMAIN, OwnDomainOptions, Rule
from protected_stream.template.behavior import Content
from protected_stream.template.metadata import why
from protected_stream.template.names import POLICY_NAME_LIMIT, physical_name
from protected_stream.template.options import TOML_LIST, each_once
from protected_stream.template.section import Note
from protected_stream.template.validation_errors import shown

SITE = f"https://{DOMAIN}"
MOST_SITES = 10
LEAST_LABELS = 2
"""Of the domain that a site shares with the stream."""
SECONDS_OF_A_PREFLIGHT = 600
SECONDS_OF_A_YEAR = 31_536_000
MEDIA: tuple[Content, ...] = ("manifests", "segments")
API: tuple[Content, ...] = ("api", "page settings")


def _origin(text: str) -> str:
    if not re.fullmatch(SITE, text):
        raise ValueError(
            'must be an origin in lower case such as "https://www.example.com", without a path, '
            f"port, wildcard or slash at the end; got {shown(text)}"
        )
    return text


Sites = Annotated[
    tuple[
        Annotated[str, AfterValidator(_origin), Field(json_schema_extra={"pattern": f"^{SITE}$"})],
        ...,
    ],
    TOML_LIST,
    each_once("site"),
]


class AllowedSitesOptions(OwnDomainOptions):
    """Names of the stream, and pages elsewhere that may play it."""

    allowed_sites: Sites = Field(
        default=(),
        max_length=MOST_SITES,
        exclude_if=lambda sites: not sites,
        description="origins, such as https://www.example.com, whose pages may play the stream "
        "with the viewer's cookies; each must share a parent domain with the first of `domains`",
    )

    allowed_other_sites: Sites = Field(
        default=(),
        max_length=MOST_SITES,
        exclude_if=lambda sites: not sites,
        description="the same for other sites, such as https://www.example.org; every viewer's "
        "cookies are then `SameSite=None; Partitioned`, which older browsers do not send",
    )

    @property
    def sites(self) -> tuple[str, ...]:
        """The origins of other pages that may play the stream, whatever their site."""
        return (*self.allowed_sites, *self.allowed_other_sites)

    @property
    def site_rules(self) -> tuple[Rule, ...]:
        """Rules that involve several of these lists."""
        return (*self._same_site_rules, *self._other_site_rules)

    @property
    def _other_site_rules(self) -> tuple[Rule, ...]:
        """What is another site, only browsers know: they have the Public Suffix List."""
        key = "delivery.allowed_other_sites"
        own = [site for site in self.allowed_other_sites if site[len("https://") :] in self.domains]
        twice = [site for site in self.allowed_other_sites if site in self.allowed_sites]
        return (
            (not own, key, f"must not name one of domains; got {', '.join(own)}"),
            (not twice, key, f"must not name one of allowed_sites; got {', '.join(twice)}"),
        )

    @property
    def _same_site_rules(self) -> tuple[Rule, ...]:
        key = "delivery.allowed_sites"
        hosts = [site.removeprefix("https://") for site in self.allowed_sites]
        own = [host for host in hosts if host in self.domains]
        far = [
            host
            for host in hosts
            for first in self.domains[:1]
            if _shared_labels(host, first) < LEAST_LABELS
        ]
        return (
            (
                not hosts or bool(self.domains),
                key,
                "needs domains: no other page shares a site with the cloudfront.net name, so "
                "browsers would not send it the cookies, unless you name it in allowed_other_sites",
            ),
            (not own, key, f"must not name one of domains; got {', '.join(own)}"),
            (
                not far,
                key,
                "must share a parent domain with the first of domains, such as www.example.com "
                "with live.example.com, or browsers do not send the cookies, unless you name it "
                f"in allowed_other_sites; got {', '.join(far)}",
            ),
        )


def _shared_labels(one: str, other: str) -> int:
    """How many labels the names have in common, from the end."""
    count = 0
    for left, right in zip(one.split(".")[::-1], other.split(".")[::-1], strict=False):
        if left != right:
            break
        count += 1
    return count


@dataclass(frozen=True, kw_only=True)
class AllowedSites:
    """The policies, if there are such sites."""

    media: cloudfront.ResponseHeadersPolicy | None = None
    api: cloudfront.ResponseHeadersPolicy | None = None

    @property
    def resources(self) -> tuple[AWSObject, ...]:
        """Both."""
        return tuple(one for one in (self.media, self.api) if one is not None)

    def settings(self, content: Content) -> Mapping[str, Any]:
        """The property of the cache behavior of this content; none without sites."""
        policy = {**dict.fromkeys(MEDIA, self.media), **dict.fromkeys(API, self.api)}.get(content)
        return {} if policy is None else {"ResponseHeadersPolicyId": policy.ref()}


def notes_of(options: AllowedSitesOptions) -> tuple[Note, ...]:
    """What the operator must know of pages on other sites."""
    if not options.allowed_other_sites:
        return ()
    names = ", ".join(options.allowed_other_sites)
    return (
        Note(
            "other sites",
            f"every script of {names} reads the media of a viewer who signs in there; cookies are "
            "SameSite=None; Partitioned, which Chrome and Edge before 114, Firefox before 141 and "
            "Safari before 26.2 do not have (docs/embedding.md)",
        ),
    )


def allowed_sites(sites: tuple[str, ...], token_header: str) -> AllowedSites:
    """Policies for media and API: CloudFront adds the headers to requests of these origins only.

    It adds them to each response, after the cache, so that one origin never gets another's copy.
    With cookies, browsers take no wildcard in any of these headers.

    Source: Amazon CloudFront API Reference, ResponseHeadersPolicyCorsConfig; Fetch Standard, "CORS
    protocol and credentials".

    Args:
        sites: the origins.
        token_header: the header of the viewer's token, which pages send to the API.
    """
    if not sites:
        return AllowedSites()
    return AllowedSites(
        media=_policy(
            "MediaHeaders",
            "media",
            CorsConfig=_cors(sites, methods=("GET", "HEAD"), headers=("Range",)),
            CustomHeadersConfig=_kept_apart(),
        ),
        api=_policy(
            "ApiHeaders",
            "api",
            CorsConfig=_cors(sites, methods=("GET", "DELETE"), headers=(token_header,)),
            CustomHeadersConfig=_kept_apart(),
            SecurityHeadersConfig=_security_headers(),
        ),
    )


def _policy(title: str, role: str, **settings: Any) -> cloudfront.ResponseHeadersPolicy:
    return cloudfront.ResponseHeadersPolicy(
        title,
        Metadata=why("pages of the allowed sites may read it with the viewer's cookies"),
        ResponseHeadersPolicyConfig=cloudfront.ResponseHeadersPolicyConfig(
            Name=physical_name(role, limit=POLICY_NAME_LIMIT), **settings
        ),
    )


def _cors(
    sites: Sequence[str], *, methods: Sequence[str], headers: Sequence[str]
) -> cloudfront.CorsConfig:
    """The `Date` is the server's clock, by which a page renews the cookies."""
    return cloudfront.CorsConfig(
        AccessControlAllowCredentials=True,
        AccessControlAllowHeaders=cloudfront.AccessControlAllowHeaders(Items=list(headers)),
        AccessControlAllowMethods=cloudfront.AccessControlAllowMethods(Items=list(methods)),
        AccessControlAllowOrigins=cloudfront.AccessControlAllowOrigins(Items=list(sites)),
        AccessControlExposeHeaders=cloudfront.AccessControlExposeHeaders(Items=["Date"]),
        AccessControlMaxAgeSec=SECONDS_OF_A_PREFLIGHT,
        OriginOverride=True,
    )


def _kept_apart() -> cloudfront.CustomHeadersConfig:
    """A browser's copy of what the stream's own page has fetched has no CORS headers.

    Source: RFC 9111, section 4.1 (Vary); Fetch Standard, "CORS protocol and HTTP caches".
    """
    header = cloudfront.CustomHeader(Header="Vary", Value="Origin", Override=True)
    return cloudfront.CustomHeadersConfig(Items=[header])


def _security_headers() -> cloudfront.SecurityHeadersConfig:
    """Those of CloudFront's managed policy, in whose place this one is.

    Source: Amazon CloudFront Developer Guide, "Use managed response headers policies",
    SecurityHeadersPolicy.
    """
    return cloudfront.SecurityHeadersConfig(
        ContentTypeOptions=cloudfront.ContentTypeOptions(Override=True),
        FrameOptions=cloudfront.FrameOptions(FrameOption="SAMEORIGIN", Override=False),
        ReferrerPolicy=cloudfront.ReferrerPolicy(
            ReferrerPolicy="strict-origin-when-cross-origin", Override=False
        ),
        StrictTransportSecurity=cloudfront.StrictTransportSecurity(
            AccessControlMaxAgeSec=SECONDS_OF_A_YEAR, Override=False
        ),
        XSSProtection=cloudfront.XSSProtection(Protection=True, ModeBlock=True, Override=False),
    )
