"""Cards of the diagram: what is drawn as one box, what is in it, and where it is.

The first row is the way of the video, from the camera to the viewer; below it, each card is near
those that it acts on. A resource that no rule knows is in the card "More resources".
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from protected_stream.reading.connections import CUSTOM, Connection, connections
from protected_stream.reading.references import names_in

Document = Mapping[str, Any]


class Place(NamedTuple):
    """What a card shows, and its column and row in the grid."""

    title: str
    service: str
    column: int
    row: int
    color: str


VIDEO, EDGE, CODE, IDENTITY, STORE, OUTSIDE = (
    "#c2410c",
    "#6d28d9",
    "#b45309",
    "#be123c",
    "#15803d",
    "#475569",
)
PLACES: Mapping[str, Place] = {
    "camera": Place("Camera", "your encoder", 0, 0, OUTSIDE),
    "medialive": Place("MediaLive", "AWS Elemental MediaLive", 1, 0, VIDEO),
    "mediapackage": Place("MediaPackage", "AWS Elemental MediaPackage v2", 2, 0, VIDEO),
    "origin": Place("Your origin", "on the air already", 2, 0, OUTSIDE),
    "cloudfront": Place("CloudFront", "Amazon CloudFront", 3, 0, EDGE),
    "viewer": Place("Viewer", "browser or player", 4, 0, OUTSIDE),
    "account": Place("Your account", "other AWS services", 0, 1, OUTSIDE),
    "guard": Place("Channel guard", "AWS Lambda, EventBridge", 1, 1, CODE),
    "page": Place("Page", "Amazon S3", 2, 1, STORE),
    "api": Place("API", "Amazon API Gateway", 3, 1, EDGE),
    "cognito": Place("Sign-in", "Amazon Cognito", 4, 1, IDENTITY),
    "more": Place("More resources", "", 0, 2, OUTSIDE),
    "key-function": Place("Key function", "AWS Lambda", 1, 2, CODE),
    "keys": Place("Keys and secrets", "", 2, 2, IDENTITY),
    "cookies": Place("Cookies function", "AWS Lambda", 3, 2, CODE),
    "waf": Place("Web ACL", "AWS WAF", 4, 2, IDENTITY),
    "functions": Place("More functions", "AWS Lambda", 1, 3, CODE),
    "operations": Place("Operations", "CloudWatch, SNS, Scheduler", 2, 3, OUTSIDE),
    "logs": Place("Access logs", "Amazon S3", 3, 3, STORE),
    "domain": Place("Domain", "Route 53, Certificate Manager", 4, 3, EDGE),
}
TYPES = {
    "AWS::MediaLive::": "medialive",
    "AWS::MediaConnect::": "medialive",
    "AWS::MediaPackageV2::": "mediapackage",
    "AWS::CloudFront::PublicKey": "keys",
    "AWS::CloudFront::KeyGroup": "keys",
    "AWS::CloudFront::": "cloudfront",
    "AWS::ApiGateway::": "api",
    "AWS::Cognito::": "cognito",
    "AWS::SecretsManager::": "keys",
    "AWS::KMS::": "keys",
    "AWS::WAFv2::": "waf",
    "AWS::Route53::": "domain",
    "AWS::CertificateManager::": "domain",
    "AWS::Logs::Delivery": "logs",
    "AWS::Logs::MetricFilter": "operations",
    "AWS::CloudWatch::": "operations",
    "AWS::SNS::": "operations",
    "AWS::SQS::": "operations",
    "AWS::Scheduler::": "operations",
    "AWS::SSM::": "operations",
}
"""The card of a type by how the type begins; the first that fits counts."""
KEY_SERVICES = {
    "AWS::SecretsManager::": "Secrets Manager",
    "AWS::KMS::": "AWS KMS",
    "AWS::CloudFront::": "CloudFront",
}
GUARDS = ("Custom::ChannelGuard", "Custom::OnAir")
KEY_MAKERS = ("Custom::SigningKeyPair", "Custom::PublicKeyPem")
STARTERS: Mapping[str, str] = {
    **dict.fromkeys(GUARDS, "guard"),
    **dict.fromkeys(KEY_MAKERS, "key-function"),
    "AWS::ApiGateway::Method": "cookies",
    "AWS::Events::Rule": "operations",
}
"""The card of a function by the types that start it; the first that does counts."""
NAMES = {
    "@camera": "camera",
    "@viewer": "viewer",
    "@web ACL": "waf",
    "@medialive": "medialive",
    "@mediapackagev2": "mediapackage",
    "@cloudfront": "cloudfront",
    "@trusted signer": "keys",
    "@delivery": "logs",
}
"""The card of what is outside of the template, if the picture has that card."""
UNSEEN = (
    *CUSTOM,  # they are in the card's connections
    "AWS::ApiGateway::Deployment",
    "AWS::CloudFront::OriginAccessControl",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Lambda::Permission",
    "AWS::MediaPackageV2::OriginEndpointPolicy",
    "AWS::S3::BucketPolicy",
    "AWS::SNS::TopicPolicy",
)
"""Types that would only lengthen the list: their policies are drawn as connections."""
SAID = {
    "@cloudformation": "CloudFormation: this stack",
    "@ssm": "Systems Manager parameters",
    "@web ACL": "a web ACL of yours",
    "@delivery": "CloudWatch Logs delivery",
    "@trusted signer": "key pair of the root user",
    "@xray": "X-Ray",
}


@dataclass(frozen=True)
class Card:
    """One box."""

    key: str
    place: Place
    resources: Mapping[str, str]
    """The template's resources in it, with their types."""
    outside: tuple[str, ...]
    """Names of what is not in the template."""
    inner: tuple[Connection, ...] = ()
    """Connections within the card."""

    @property
    def service(self) -> str:
        """The AWS services in it; of a card whose services differ, those that it has."""
        if self.key != "keys":
            return self.place.service
        kinds = tuple(self.resources.values())
        found = (
            name
            for start, name in KEY_SERVICES.items()
            if any(kind.startswith(start) for kind in kinds)
        )
        return ", ".join(found)

    @property
    def contents(self) -> str:
        """What is in it, in words."""
        shown = (kind for kind in self.resources.values() if not kind.startswith(UNSEEN))
        counted = Counter(map(noun, shown))
        return ", ".join(
            (
                *(
                    one if count == 1 else f"{count} {plural(one)}"
                    for one, count in counted.items()
                ),
                *(said(one) for one in self.outside if one[1:] != self.key),
            )
        )


@dataclass(frozen=True)
class Picture:
    """Cards, and the connections between them."""

    cards: tuple[Card, ...]
    links: Mapping[tuple[str, str], tuple[Connection, ...]] = field(default_factory=dict)
    """Connections by the two cards that they are between, in the order of PLACES."""
    homes: Mapping[str, str] = field(default_factory=dict)
    """The card of each name."""


def picture_of(document: Document) -> Picture:
    """The cards and connections of an emitted template."""
    found = connections(document)
    homes = dict(_homes(document))
    for one in found:
        for name in (one.source, one.target):
            if name not in homes:
                homes[name] = _outside_home(name, homes)
    order = list(PLACES)
    links: dict[tuple[str, str], list[Connection]] = {}
    inner: dict[str, list[Connection]] = {}
    for one in found:
        ends = sorted((homes[one.source], homes[one.target]), key=order.index)
        if ends[0] == ends[1]:
            inner.setdefault(ends[0], []).append(one)
        else:
            links.setdefault((ends[0], ends[1]), []).append(one)
    return Picture(
        tuple(_cards(document, homes, inner)),
        {
            pair: tuple(links[pair])
            for pair in sorted(links, key=lambda one: tuple(map(order.index, one)))
        },
        homes,
    )


def _cards(
    document: Document, homes: Mapping[str, str], inner: Mapping[str, list[Connection]]
) -> Iterator[Card]:
    for key, place in PLACES.items():
        names = [name for name, home in homes.items() if home == key]
        if names:
            resources = {
                name: document["Resources"][name]["Type"] for name in names if name[0] != "@"
            }
            outside = tuple(name for name in names if name[0] == "@")
            yield Card(key, place, resources, outside, tuple(inner.get(key, ())))


def _homes(document: Document) -> Iterator[tuple[str, str]]:
    """The card of each resource."""
    resources = document["Resources"]
    functions = dict(_function_homes(document))
    for name, resource in resources.items():
        yield name, _home(document, name, resource, functions)


def _function_homes(document: Document) -> Iterator[tuple[str, str]]:
    """The card of each function, by what starts it."""
    resources = document["Resources"]
    starters: dict[str, set[str]] = {}
    for one in connections(document):
        if one.kind == "trigger":
            starters.setdefault(one.target, set()).add(resources[one.source]["Type"])
    for name, resource in resources.items():
        if resource["Type"] == "AWS::Lambda::Function":
            kinds = starters.get(name, set())
            homes = (home for kind, home in STARTERS.items() if kind in kinds)
            yield name, next(homes, "functions")


def _home(
    document: Document, name: str, resource: Mapping[str, Any], functions: Mapping[str, str]
) -> str:
    kind = resource["Type"]
    if kind.startswith((*CUSTOM, "AWS::Lambda::", "AWS::Events::")):
        return next(
            (functions[one] for one in (name, *sorted(names_in(resource))) if one in functions),
            "operations" if kind.startswith("AWS::Events::") else "more",
        )
    if kind in ("AWS::IAM::Role", "AWS::Logs::LogGroup"):
        return _user_home(document, name, functions)
    if kind.startswith("AWS::S3::"):
        bucket = _bucket(document, name, resource)
        return (
            "page"
            if any(one.source == bucket for one in connections(document) if one.kind == "origin")
            else "logs"
        )
    return next((home for start, home in TYPES.items() if kind.startswith(start)), "more")


def _user_home(document: Document, name: str, functions: Mapping[str, str]) -> str:
    """The card of what uses a role or a log group: of a function, if one does."""
    users = [other for other, one in document["Resources"].items() if name in names_in(one)]
    kinds = [document["Resources"][other]["Type"] for other in users]
    homes = (
        *(functions[other] for other in users if other in functions),
        *(home for kind in kinds for start, home in TYPES.items() if kind.startswith(start)),
        "api" if name.startswith("Api") else "more",
    )
    return homes[0]


def _bucket(document: Document, name: str, resource: Mapping[str, Any]) -> str:
    if resource["Type"] == "AWS::S3::Bucket":
        return name
    return next(
        (
            one
            for one in sorted(names_in(resource))
            if document["Resources"].get(one, {}).get("Type") == "AWS::S3::Bucket"
        ),
        name,
    )


def _outside_home(name: str, homes: Mapping[str, str]) -> str:
    if name.startswith("@origin "):
        return "origin"
    home = NAMES.get(name, "account")
    always = ("@camera", "@viewer", "@web ACL", "@trusted signer")
    return home if name in always or home in homes.values() else "account"


def said(name: str) -> str:
    """The name of a resource, or in words what is outside of the template."""
    return SAID.get(name, name.removeprefix("@"))


def noun(kind: str) -> str:
    """The last part of a type in words, such as "origin endpoint policy"."""
    last = kind.rpartition("::")[2]
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", last).lower()
    return words.replace("rest api", "REST API").replace("web acl", "web ACL")


def plural(word: str) -> str:
    """Of a noun, as in "policies"."""
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}s"
