"""Groups: only their members get cookies."""

import json

import pytest

from cookies.groups import CLAIM, for_members
from cookies.responses import Response, refused, signed_in, signed_out
from tests.lambda_src.cookies.stream import ACCESS_CLAIMS, MEDIA_PATH, event

GROUPS = ("subscribers", "editors")
COOKIES = signed_in({"CloudFront-Policy": "p"}, path=MEDIA_PATH, expires=2, renew_after=1)


@pytest.mark.parametrize(
    "claim",
    ["subscribers", "editors", "a,editors", "editors,b", "a, editors", "[editors]", "[a editors]"],
)
def test_a_member_of_one_of_the_groups_gets_the_cookies(claim: str) -> None:
    assert for_members(COOKIES, event(claims=ACCESS_CLAIMS | {CLAIM: claim}), GROUPS) is COOKIES


@pytest.mark.parametrize(
    "claim",
    [
        None,
        "",
        "[]",
        "other",
        "Subscribers",
        "subscribers2",
        "not-subscribers",
        "sub,scribers",
        '["subscribers"]',
        "subscribers;editors",
    ],
)
def test_everybody_else_is_refused_without_cookies(claim: str | None) -> None:
    claims = ACCESS_CLAIMS if claim is None else ACCESS_CLAIMS | {CLAIM: claim}
    response = for_members(COOKIES, event(claims=claims), GROUPS)
    assert response["statusCode"] == 403
    assert json.loads(response["body"])["field"] == CLAIM
    assert "multiValueHeaders" not in response


@pytest.mark.parametrize(
    ("method", "response"),
    [
        ("DELETE", signed_out(path=MEDIA_PATH)),
        ("GET", refused(401, field="claims", message="Sign in first.")),
    ],
)
def test_other_responses_are_the_same_for_everybody(method: str, response: Response) -> None:
    assert for_members(response, event(method, claims=None), GROUPS) is response
