"""A CloudFront distribution, from a viewer's request to the response."""

from collections.abc import Mapping
from typing import Any

import pytest
from werkzeug.wrappers import Response

from preview.errors import Rejected
from tests.preview.edges import API, CONFIG, MEDIA, World, behaving
from tests.preview.signer import HOST, policy, signed

SIGNED = signed(policy())


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/api/cookies", "api"),
        ("/api", "page"),
        ("/API/cookies", "page"),
        ("//api//cookies", "api"),
        ("/x/../api/cookies", "api"),
        ("/api/../x", "page"),
        ("/%61pi/cookies", "api"),
        ("/api%2Fcookies", "page"),
        ("/x?/api/cookies", "page"),
        ("/out/v1/a", "media"),
    ],
)
def test_the_first_behavior_whose_pattern_matches_is_used(path: str, name: str) -> None:
    world = World()
    assert world.get(path, cookies=SIGNED).status_code == 200
    assert [request.host for request in world.asked] == [f"{name}.example.com"]


def test_the_order_of_behaviors_matters() -> None:
    open_first = {**CONFIG, "CacheBehaviors": [{**API, "PathPattern": "*"}, MEDIA]}
    assert World(open_first).get("/out/v1/a").status_code == 200
    assert World().get("/out/v1/a").status_code == 403


def test_the_root_is_the_default_root_object() -> None:
    world = World()
    world.get("/")
    world.get("/folder/")
    assert [request.path for request in world.asked] == ["/index.html", "/folder/"]


@pytest.mark.parametrize(
    ("policy_name", "method", "expected"),
    [
        ("allow-all", "GET", 200),
        ("https-only", "GET", 403),
        ("redirect-to-https", "GET", 301),
        ("redirect-to-https", "POST", 307),
    ],
)
def test_the_viewer_protocol_policy_applies_to_http(
    policy_name: str, method: str, expected: int
) -> None:
    world = World(behaving(ViewerProtocolPolicy=policy_name))
    response = world.get("/a?b=c", scheme="http", method=method)
    assert response.status_code == expected
    if expected in {301, 307}:
        assert response.headers["Location"] == f"https://{HOST}/a?b=c"


def test_methods_that_are_not_allowed_are_rejected() -> None:
    world = World()
    assert world.get("/a", method="POST").status_code == 403
    assert world.get("/api/a", method="POST", data=b"{}").status_code == 200
    assert world.get("/a", method="GET", data=b"body").status_code == 403
    assert [request.get_data() for request in world.asked] == [b"{}"]


def test_head_has_no_body() -> None:
    world = World()
    response = world.get("/a", method="HEAD")
    assert (response.status_code, response.get_data()) == (200, b"")
    assert world.asked[0].method == "HEAD"


def test_a_refusal_is_cloudfronts_xml() -> None:
    response = World().get("/out/v1/a")
    assert response.status_code == 403
    assert response.headers["Content-Type"].startswith("text/xml")
    assert response.headers["Server"] == "CloudFront"
    assert response.headers["X-Cache"] == "Error from cloudfront"
    assert response.get_data(as_text=True) == (
        '<?xml version="1.0" encoding="UTF-8"?><Error><Code>MissingKey</Code>'
        "<Message>Missing Key-Pair-Id query parameter or cookie value</Message></Error>"
    )


@pytest.mark.parametrize("signers", [{"TrustedKeyGroups": ["group"]}, {"TrustedSigners": ["self"]}])
def test_signed_cookies_allow_access_to_a_restricted_behavior_until_they_expire(
    signers: Mapping[str, Any],
) -> None:
    world = World({**CONFIG, "CacheBehaviors": [{**MEDIA, "TrustedKeyGroups": [], **signers}]})
    assert world.get("/out/v1/a", cookies=SIGNED).status_code == 200
    world.now += 3600
    assert world.get("/out/v1/a", cookies=SIGNED).status_code == 403


def test_the_first_of_two_cookies_with_the_same_name_is_used() -> None:
    """A browser sends the cookie of the longer path first (RFC 6265, section 5.4)."""
    valid = "; ".join(f"{name}={value}" for name, value in SIGNED.items())
    stale = "CloudFront-Signature=stale"
    for header, expected in ((f"{valid}; {stale}", 200), (f"{stale}; {valid}", 403)):
        assert World().get("/out/v1/a", headers={"Cookie": header}).status_code == expected


def test_keys_are_looked_up_for_every_request() -> None:
    world = World()
    assert world.get("/out/v1/a", cookies=SIGNED).status_code == 200
    world.groups["group"].clear()
    assert b"Unknown Key" in world.get("/out/v1/a", cookies=SIGNED).get_data()
    del world.groups["group"]
    with pytest.raises(Rejected, match="group"):
        world.get("/out/v1/a", cookies=SIGNED)


def test_options_requests_need_no_signature() -> None:
    """As CloudFront does: a restricted behavior should not allow OPTIONS."""
    world = World({**CONFIG, "CacheBehaviors": [MEDIA | {"AllowedMethods": API["AllowedMethods"]}]})
    assert world.get("/out/v1/a", method="OPTIONS").status_code == 200


@pytest.mark.parametrize(("path", "expected"), [("/a", None), ("/api/a", "session=1")])
def test_cookies_are_set_only_if_cookies_are_forwarded(path: str, expected: str | None) -> None:
    world = World()
    world.answer = lambda _: Response("good", headers={"Set-Cookie": "session=1"})
    assert world.get(path).headers.get("Set-Cookie") == expected


HEADERS_POLICY = {
    "Name": "page",
    "SecurityHeadersConfig": {
        "ContentSecurityPolicy": {"ContentSecurityPolicy": "default-src 'none'", "Override": True},
        "ContentTypeOptions": {"Override": True},
        "FrameOptions": {"FrameOption": "DENY", "Override": False},
        "ReferrerPolicy": {"ReferrerPolicy": "no-referrer", "Override": True},
        "StrictTransportSecurity": {
            "AccessControlMaxAgeSec": 60,
            "IncludeSubdomains": True,
            "Override": True,
        },
        "XSSProtection": {"Protection": True, "ModeBlock": True, "Override": True},
    },
    "CustomHeadersConfig": {"Items": [{"Header": "X-Own", "Value": "1", "Override": False}]},
    "RemoveHeadersConfig": {"Items": [{"Header": "x-powered-by"}]},
}


def test_the_response_headers_policy_is_applied_to_responses_from_the_origin() -> None:
    world = World(behaving(ResponseHeadersPolicyId="headers"), headers=HEADERS_POLICY)
    sent = {"X-Frame-Options": "SAMEORIGIN", "Referrer-Policy": "origin", "X-Powered-By": "it"}
    world.answer = lambda _: Response("good", headers=sent)
    headers = world.get("/a").headers
    assert {name: headers.get(name) for name in (*sent, "X-Own", "X-Content-Type-Options")} == {
        "X-Frame-Options": "SAMEORIGIN",
        "Referrer-Policy": "no-referrer",
        "X-Powered-By": None,
        "X-Own": "1",
        "X-Content-Type-Options": "nosniff",
    }
    assert headers["Strict-Transport-Security"] == "max-age=60; includeSubDomains"
    assert headers["X-XSS-Protection"] == "1; mode=block"
    assert "X-Own" not in world.get("/a", method="POST").headers
