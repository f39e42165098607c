"""Requests that try to get media from a distribution without a valid signature."""

import io
import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.wrappers import Request, Response

from preview.services.edge.edge import Edge
from tests.conftest import Document, of_type
from tests.edge_behaviors import behaviors
from tests.preview.edges import an_edge
from tests.preview.signer import ECDSA_P256, HOST, NOW, PEMS, RSA, policy, signed
from tests.resolve import Stack

MEDIA = b"media bytes"
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE")
POLICIES = ("CachePolicy", "OriginRequestPolicy", "ResponseHeadersPolicy")
LONG = 2_000
POLICY, KEY = "CloudFront-Policy", "CloudFront-Key-Pair-Id"


def _encoded(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode())


TARGETS: Mapping[str, Callable[[str], str]] = {
    "the path": lambda path: path,
    "a dot segment": lambda path: f"/.{path}",
    "dot segments": lambda path: f"/static/..{path}",
    "dot segments through the settings": lambda path: f"/api/config/../..{path}",
    "dot segments at the end": lambda path: f"{path}/x/..",
    "encoded dot segments": lambda path: f"/static/%2e%2e{path}",
    "half encoded dot segments": lambda path: f"/static/.%2E{path}",
    "dot segments encoded twice": lambda path: f"/static/%252e%252e{path}",
    "dot segments in overlong UTF-8": lambda path: f"/static/%c0%ae%c0%ae{path}",
    "dot segments of full width": lambda path: f"/static/%EF%BC%8E%EF%BC%8E{path}",
    "dot segments in another escape": lambda path: f"/static/%u002e%u002e{path}",
    "more dot segments than folders": lambda path: f"/../../..{path}",
    "encoded slashes": lambda path: path[:1] + path[1:].replace("/", "%2F"),
    "slashes encoded twice": lambda path: path[:1] + path[1:].replace("/", "%252f"),
    "slashes of full width": lambda path: path[:1] + path[1:].replace("/", "%EF%BC%8F"),
    "two slashes": lambda path: f"/{path}",
    "many slashes": lambda path: path.replace("/", "///"),
    "backslashes": lambda path: path[:1] + path[1:].replace("/", "\\"),
    "no slash in front": lambda path: path[1:],
    "a backslash in front": lambda path: path.replace("/", "\\"),
    "encoded backslashes": lambda path: f"/static/..%5c{path[1:]}",
    "capital letters": str.upper,
    "encoded letters": lambda path: "/".join(map(_encoded, path.split("/"))),
    "a dot at the end": lambda path: f"{path}.",
    "a slash at the end": lambda path: f"{path}/",
    "a blank at the end": lambda path: f"{path}%20",
    "a null byte at the end": lambda path: f"{path}%00.html",
    "a null byte in front": lambda path: f"/index.html%00{path}",
    "a parameter of the path": lambda path: f"{path};/index.html",
    "a parameter in front": lambda path: f"/api/config;{path}",
    "a parameter in dot segments": lambda path: f"/static/..;{path}",
    "a query": lambda path: f"{path}?/api/config",
    "the path as a query": lambda path: f"/api/config?{path}",
    "a fragment": lambda path: f"{path}#/index.html",
    "the path as a fragment": lambda path: f"/index.html#/..{path}",
    "a line break": lambda path: f"{path}%0d%0aCookie:%20CloudFront-Policy=1",
    "absolute form": lambda path: f"https://{HOST}{path}",
    "absolute form of another host": lambda path: f"https://www.example.com{path}",
    "the origin in the path": lambda path: f"/https://packager.example.com{path}",
    "a very long path": lambda path: f"/{'a/../' * LONG}{path[1:]}",
    "a signed URL without a signature": lambda path: (
        f"{path}?Expires={NOW + 60}&Signature=&Key-Pair-Id={RSA}"
    ),
    "a signed URL with a wrong signature": lambda path: (
        f"{path}?Policy=e30_&Signature=AAAA&Key-Pair-Id={RSA}&Hash-Algorithm=SHA256"
    ),
}
"""Ways to write the target of a request for media, by what is done to the path."""

OTHER = "https://d222222abcdef8.cloudfront.net/*"
"""What another stream's cookies open."""


def valid_cookies(host: str) -> Mapping[str, str]:
    """Cookies for everything at a host; the stream's key is RSA, another stream's ECDSA_P256."""
    return signed(policy(f"https://{host}/*"))


def invalid_cookies(host: str) -> Mapping[str, Mapping[str, str]]:
    """Cookies that open nothing at a host."""
    own, other = policy(f"https://{host}/*"), policy(OTHER)
    expired = policy(f"https://{host}/*", DateLessThan={"AWS:EpochTime": NOW - 1})
    valid, foreign = signed(own), signed(own, key=ECDSA_P256)
    return {
        "no cookies": {},
        "another stream's cookies": signed(other, key=ECDSA_P256),
        "another stream's cookies for this host": foreign,
        "another stream's cookies of the same key": signed(other),
        "expired cookies": signed(expired),
        "expired cookies with a later time": {**signed(expired), POLICY: valid[POLICY]},
        "a foreign signature in the name of the stream's key": {**foreign, KEY: valid[KEY]},
        "cookies with another hash": {**valid, "CloudFront-Hash-Algorithm": "SHA1"},
        "cookies without a policy": {**valid, POLICY: ""},
        "cookies without a signature": {**valid, "CloudFront-Signature": ""},
    }


@dataclass(frozen=True, kw_only=True)
class Target:
    """A distribution's edge, whose media origins answer with MEDIA, and paths of its media."""

    edge: Edge
    host: str
    paths: tuple[str, ...]

    def answer(self, target: str, method: str, cookies: Mapping[str, str]) -> Response:
        """The edge's response; `target` is what the request line has."""
        sent = "; ".join(f"{name}={value}" for name, value in cookies.items())
        environ = {
            "REQUEST_METHOD": method,
            "REQUEST_URI": target,
            "QUERY_STRING": target.partition("?")[2],
            "HTTP_HOST": self.host,
            "HTTP_COOKIE": sent,
            "REMOTE_ADDR": "203.0.113.7",
            "SERVER_NAME": self.host,
            "SERVER_PORT": "443",
            "wsgi.url_scheme": "https",
            "wsgi.input": io.BytesIO(),
        }
        return self.edge.answer(Request(environ))


def what_is_served(template: Document) -> str:
    """What two distributions have in common if the same requests get through."""
    config = of_type(template, "AWS::CloudFront::Distribution")["Distribution"][
        "DistributionConfig"
    ]
    every = (*config["CacheBehaviors"], config["DefaultCacheBehavior"])
    names = ("PathPattern", "TargetOriginId", "AllowedMethods", "TrustedSigners")
    return json.dumps(
        [
            [{name: one.get(name) for name in names} for one in every],
            config.get("Aliases"),
            sorted(one["Id"] for one in config["Origins"]),
        ]
    )


def target_of(template: Document) -> Target:
    """The edge of the template's distribution, which trusts RSA instead of the stack's key.

    It runs no functions: signatures alone must suffice.
    """
    stack = Stack(template=template)
    config = stack.properties("Distribution")["DistributionConfig"]
    media = {one.origin for one in behaviors(template) if one.is_media}

    def origin(settings: Mapping[str, Any], _: Request) -> Response:
        return Response(MEDIA if settings["Id"] in media else b"")

    every = (*config["CacheBehaviors"], config["DefaultCacheBehavior"])
    for one in every:
        one.pop("FunctionAssociations", None)
    signers = [
        signer
        for one in every
        for signer in (*one.get("TrustedKeyGroups", ()), *one.get("TrustedSigners", ()))
    ]
    keys = {signer: {RSA: PEMS[RSA]} for signer in signers}
    return Target(
        edge=an_edge(
            config,
            key_groups=keys,
            signer_keys=keys,
            policies=dict(_policies(stack)),
            origin=origin,
            clock=lambda: float(NOW),
        ),
        host=config.get("Aliases", [HOST])[0],
        paths=tuple(
            one.path.replace("*", "channel/endpoint/index")
            for one in behaviors(template)
            if one.is_media
        ),
    )


def _policies(stack: Stack) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for kind in POLICIES:
        for title in of_type(dict(stack.template), f"AWS::CloudFront::{kind}"):
            yield stack.value({"Ref": title}), stack.properties(title)[f"{kind}Config"]


def leaks(target: Target) -> Iterator[str]:
    """Each attack that gets media; none, if the distribution keeps its promise."""
    several = invalid_cookies(target.host)
    for path, (how, written), method, (what, cookies) in itertools.product(
        target.paths, TARGETS.items(), METHODS, several.items()
    ):
        response = target.answer(written(path), method, cookies)
        if response.get_data() == MEDIA:
            yield f"{method} {path} as {how} with {what}"
