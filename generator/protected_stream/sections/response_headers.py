"""CloudFront response headers policy: the page's security headers."""

from collections.abc import Mapping
from typing import Any

from troposphere import AWSHelperFn, Sub, cloudfront

from protected_stream.template.metadata import why
from protected_stream.template.names import POLICY_NAME_LIMIT, physical_name

SECONDS_OF_A_YEAR = 31_536_000


def response_headers(sign_in_hosts: tuple[AWSHelperFn, ...]) -> cloudfront.ResponseHeadersPolicy:
    """The page's headers: it may connect only to its own host and to the sign-in hosts.

    Source: Amazon CloudFront Developer Guide, "Understand response headers policies".
    """
    return cloudfront.ResponseHeadersPolicy(
        "PageHeaders",
        Metadata=why("the page runs only its own code and calls only sign-in hosts"),
        ResponseHeadersPolicyConfig=cloudfront.ResponseHeadersPolicyConfig(
            Name=physical_name("page", limit=POLICY_NAME_LIMIT),
            SecurityHeadersConfig=cloudfront.SecurityHeadersConfig(
                ContentSecurityPolicy=cloudfront.ContentSecurityPolicy(
                    ContentSecurityPolicy=_content_security_policy(sign_in_hosts), Override=True
                ),
                ContentTypeOptions=cloudfront.ContentTypeOptions(Override=True),
                FrameOptions=cloudfront.FrameOptions(FrameOption="DENY", Override=True),
                ReferrerPolicy=cloudfront.ReferrerPolicy(
                    ReferrerPolicy="no-referrer", Override=True
                ),
                StrictTransportSecurity=cloudfront.StrictTransportSecurity(
                    AccessControlMaxAgeSec=SECONDS_OF_A_YEAR, Override=True
                ),
            ),
        ),
    )


def _content_security_policy(sign_in_hosts: tuple[AWSHelperFn, ...]) -> AWSHelperFn:
    """Everything comes from the page's own host; it also connects to the sign-in hosts only.

    Source: Content Security Policy Level 3, https://www.w3.org/TR/CSP3/.
    """
    hosts: Mapping[str, Any] = {f"Host{index}": host for index, host in enumerate(sign_in_hosts)}
    to_hosts = "".join(f" https://${{{name}}}" for name in hosts)
    directives = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "connect-src": "'self'" + to_hosts,
        "img-src": "'self' data: blob:",
        "media-src": "'self' blob:",
        "worker-src": "'self' blob:",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return Sub("; ".join(f"{name} {value}" for name, value in directives.items()), **hosts)
