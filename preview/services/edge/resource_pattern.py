"""CloudFront policy resource: the URLs that it matches.

"When you use a wildcard character in the URL in the policy, the wildcard matching applies only
within the boundaries of the section that contains the wildcard": protocol, domain, path, query.
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-creating-signed-url-custom-policy.html
The page on signed cookies does not mention sections; they are assumed to apply there, too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from preview.services.edge.wildcards import matches

RESOURCE = re.compile(r"(?:(https?|http\*|\*)://|(?=\*))([^/]*)(?:/(.*))?", re.DOTALL)
"""`http://`, `https://`, or `*://`, in older pages `http*://`; or a domain that begins with *."""


@dataclass(frozen=True, kw_only=True)
class ResourcePattern:
    """A resource, split into its sections."""

    protocol: str
    domain: str
    rest: str | None
    """Path and query, without the first slash; None if the resource ends with the domain."""

    def covers(self, url: str) -> bool:
        """Whether the full URL matches, section by section."""
        protocol, _, address = url.partition("://")
        domain, _, rest = address.partition("/")
        if not matches(self.protocol, protocol) or not matches(self.domain, domain):
            return False
        if self.rest is None and self.domain.endswith("*"):
            return True  # "A trailing asterisk in the domain section implies" path and query
        path, question_mark, query = rest.partition("?")
        return any(
            matches(path_pattern, path) and matches(query_pattern, f"{question_mark}{query}")
            for path_pattern, query_pattern in _readings(self.rest or "")
        )


def resource_pattern(text: str) -> ResourcePattern:
    """Parses a resource; raises ValueError if its beginning is invalid."""
    if not (found := RESOURCE.fullmatch(text)):
        raise ValueError(text)
    protocol, domain, rest = found.groups()
    return ResourcePattern(protocol=protocol or "*", domain=domain, rest=rest)


def _readings(rest: str) -> Iterator[tuple[str, str]]:
    """Paths and queries: each question mark can begin the query or be a wildcard.

    "A trailing asterisk in the path section implies an asterisk in the query string section."
    """
    yield rest, "*" if rest.endswith("*") else ""
    for found in re.finditer(r"\?", rest):
        yield rest[: found.start()], rest[found.start() :]
