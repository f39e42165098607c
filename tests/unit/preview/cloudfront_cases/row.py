"""One row of the table, and the sentence of the documentation that it follows."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.unit.preview.cloudfront_cases.setting import NOW, VIEWER

GUIDE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"


@dataclass(frozen=True, kw_only=True)
class Row:
    """A request and CloudFront's answer to its signature, with the sentence that says so.

    Attributes:
        name: A short sentence of its own.
        url: The whole URL as the viewer sends it.
        cookies: The request's cookies, by name.
        viewer: The viewer's address, IPv4 or IPv6.
        at: The moment of the request in epoch seconds.
        allowed: Whether CloudFront serves or forwards the request; otherwise it answers 403.
        sentence: AWS's sentence, as near to the letter as can be.
        source: The page on which the sentence stands.
    """

    name: str
    method: str = "GET"
    url: str
    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)
    viewer: str = VIEWER
    at: int = NOW
    allowed: bool
    sentence: str
    source: str


@dataclass(frozen=True)
class Saying:
    """A sentence of the developer guide and the page it stands on."""

    page: str
    sentence: str

    def row(
        self,
        name: str,
        url: str,
        cookies: Mapping[str, str] | None = None,
        *,
        allowed: bool,
        method: str = "GET",
        viewer: str = VIEWER,
        at: int = NOW,
    ) -> Row:
        """A row that follows this sentence."""
        return Row(
            name=name,
            method=method,
            url=url,
            cookies=cookies or {},
            viewer=viewer,
            at=at,
            allowed=allowed,
            sentence=self.sentence,
            source=f"{GUIDE}{self.page}.html",
        )
