"""What each cache behavior of the distribution requires of a viewer: nothing, a token, a signature.

A new behavior needs a row in ROWS, a new open method of the API one in OPEN_METHODS. The media need
no row to be protected: whatever is not the page's bucket or the API serves media.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tests.conftest import Document, of_type
from tests.resolve import Stack

Requirement = Literal["open", "token", "signature"]
EVERYTHING_ELSE = "*"
MEDIA = r"(?!/api/)(/[^/*]+)+/\*"
"""A folder of media, and "*"."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """Cache behaviors of one kind."""

    path: str
    """A regular expression of the whole path pattern, in which "*" is escaped."""
    requires: Requirement
    why: str


ROWS = (
    Row(path=r"\*", requires="open", why="the page, where viewers sign in"),
    Row(path="/api/config", requires="open", why="the page's settings, which it shows to all"),
    Row(path=r"/api/\*", requires="token", why="cookies, for the signed-in"),
    Row(path=rf"{MEDIA}(\.m3u8|\.mpd|/Manifest)", requires="signature", why="manifests"),
    Row(path=MEDIA, requires="signature", why="segments"),
)
OPEN_METHODS = {
    ("GET", "config"): "the page's settings, which it shows to all",
    ("DELETE", "cookies"): "a viewer whose sign-in has expired must be able to sign out",
}
"""Methods of the API, and why they require no token."""


@dataclass(frozen=True, kw_only=True)
class Behavior:
    """A cache behavior, as it is in the template."""

    path: str
    origin: str
    """Its ID."""
    is_media: bool
    is_signed: bool


def behaviors(template: Document) -> list[Behavior]:
    """The cache behaviors in their order; the last one matches everything else."""
    stack = Stack(template=template)
    config = stack.properties("Distribution")["DistributionConfig"]
    (distribution,) = of_type(template, "AWS::CloudFront::Distribution").values()
    origins = distribution["DistributionConfig"]["Origins"]
    serving_media = {one["Id"] for one in origins if _serves_media(one)}
    return [
        Behavior(
            path=one.get("PathPattern", EVERYTHING_ELSE),
            origin=one["TargetOriginId"],
            is_media=one["TargetOriginId"] in serving_media,
            is_signed=bool(one.get("TrustedKeyGroups") or one.get("TrustedSigners")),
        )
        for one in (*config["CacheBehaviors"], config["DefaultCacheBehavior"])
    ]


def _serves_media(origin: Document) -> bool:
    """Whatever is neither the page's bucket nor the API, so that a new origin counts as media."""
    return origin["DomainName"] not in (
        {"Fn::GetAtt": ["PageBucket", "RegionalDomainName"]},
        {"Fn::Sub": "${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}"},
    )


def rows_of(path: str) -> list[Row]:
    """The rows about a path pattern: one, if the table is right."""
    return [row for row in ROWS if re.fullmatch(row.path, path)]


def edge_faults(template: Document) -> Iterator[str]:
    """A sentence for each behavior that no row allows, and each open method that is not listed."""
    for one in behaviors(template):
        rows = rows_of(one.path)
        if len(rows) != 1:
            yield f"{one.path} is in {len(rows)} rows of tests/edge_behaviors.py"
        elif one.is_signed != (rows[0].requires == "signature"):
            yield f"{one.path} is in the table as {rows[0].requires}, signed: {one.is_signed}"
        if one.is_media and not one.is_signed:
            yield f"{one.path} serves media without a signature"
    for method, path in open_methods(template):
        if (method, path) not in OPEN_METHODS:
            yield f"{method} {path} of the API requires no token"


def open_methods(template: Document) -> Iterator[tuple[str, str]]:
    """The methods of the API that require no token, with the last part of their path.

    Without the preflight requests of browsers, which never have a token and are answered by API
    Gateway itself. Source: WHATWG Fetch Standard, "CORS-preflight fetch".
    """
    paths = of_type(template, "AWS::ApiGateway::Resource")
    for method in of_type(template, "AWS::ApiGateway::Method").values():
        if (method["HttpMethod"], method["Integration"]["Type"]) == ("OPTIONS", "MOCK"):
            continue
        if method["AuthorizationType"] != "COGNITO_USER_POOLS" or not method.get("AuthorizerId"):
            yield method["HttpMethod"], paths[method["ResourceId"]["Ref"]]["PathPart"]
