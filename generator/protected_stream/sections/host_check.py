"""CloudFront Functions at viewer-request: the stream answers at its own domain only.

CloudFront keeps answering at the distribution's cloudfront.net name, with the TLS policy of its
default certificate. A behavior has one function for viewer-request, so each source here is composed
of all that such a behavior checks.

Source: Amazon CloudFront Developer Guide, "Customize at the edge with CloudFront Functions" and
"Restrictions on edge functions".
"""

from collections.abc import Mapping
from dataclasses import dataclass

from troposphere import AWSObject, cloudfront

from protected_stream.package_files import sources
from protected_stream.template.behavior import Content
from protected_stream.template.metadata import why
from protected_stream.template.names import physical_name

RUNTIME = "cloudfront-js-2.0"
NAME_LIMIT = 64
MOST_BYTES = 10_240
"""Of a function's code. Source: Amazon CloudFront Developer Guide, "Quotas"."""
PAGE, OTHERS = "page", "media_and_api"


@dataclass(frozen=True, kw_only=True)
class HostCheck:
    """The functions, if the stream has a domain of its own."""

    page: cloudfront.Function | None = None
    others: cloudfront.Function | None = None

    @property
    def resources(self) -> tuple[AWSObject, ...]:
        """Both."""
        return tuple(one for one in (self.page, self.others) if one is not None)

    def settings(self, content: Content) -> Mapping[str, object]:
        """The property of the cache behavior of this content; none without a domain."""
        function = self.page if content == "page" else self.others
        if function is None:
            return {}
        association = cloudfront.FunctionAssociation(
            EventType="viewer-request", FunctionARN=function.get_att("FunctionARN")
        )
        return {"FunctionAssociations": [association]}


def host_check(domains: tuple[str, ...]) -> HostCheck:
    """The page redirects every other name to the first domain; everything else refuses it."""
    if not domains:
        return HostCheck()
    return HostCheck(
        page=_function("PageFunction", PAGE, domains[0], "every other name leads to the first"),
        others=_function("MediaAndApiFunction", OTHERS, domains[0], "no other name is served"),
    )


def source(name: str, domain: str) -> str:
    """The code of a function, with what it shares with the others."""
    parts = [(sources("edge_src") / f"{part}.js").read_text("utf-8") for part in ("host", name)]
    return "\n".join(parts).replace("{{host}}", domain)


def _function(title: str, name: str, domain: str, reason: str) -> cloudfront.Function:
    """A changed source is another function, so that a change reaches each behavior at once."""
    code = source(name, domain)
    return cloudfront.Function(
        title,
        Metadata=why(reason),
        Name=physical_name(name.replace("_", "-"), limit=NAME_LIMIT, create_only={"code": code}),
        AutoPublish=True,
        FunctionCode=code,
        FunctionConfig=cloudfront.FunctionConfig(Comment=reason, Runtime=RUNTIME),
    )
