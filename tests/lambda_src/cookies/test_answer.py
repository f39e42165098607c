"""Responses to viewers."""

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pytest

from cookies.answer import answer
from cookies.key_source import KeySource
from cookies.names import NAMES
from cookies.responses import Response
from cookies.signed_cookies import SignedCookies
from cookies.signer import signer
from shared.key_ring import InvalidKeyRing, KeyRing
from tests.lambda_src.cookies.openssl import decoded
from tests.lambda_src.cookies.stream import (
    ACCESS_CLAIMS,
    ENVIRONMENT,
    MEDIA_PATH,
    MEDIA_URL,
    NOW,
    Clock,
    event,
    set_cookies,
)
from tests.lambda_src.shared.key_pairs import key_ring, p256, signing_key

ATTRIBUTES = [f"Path={MEDIA_PATH}", "Secure", "HttpOnly", "SameSite=Strict"]


def out_of_reach() -> KeyRing:
    raise InvalidKeyRing("The secret is still empty.")


def ecdsa_ring() -> KeyRing:
    return key_ring(signing_key(p256()))


def api(
    *, read: Callable[[], KeyRing] = key_ring, now: float = NOW, clock: Clock | None = None
) -> Callable[[Mapping[str, Any]], Response]:
    """The function at this time, with a key ring from `read`."""
    stopped = clock or Clock(now)
    keys = KeySource(read=read, signer_of=partial(signer, hash_algorithm="SHA256"), clock=stopped)
    source = SignedCookies(environment=ENVIRONMENT, current_signer=keys.signer)
    return lambda asked: answer(asked, source, int(stopped()))


def test_a_signed_in_viewer_gets_the_four_cookies_with_their_attributes() -> None:
    response = api()(event())
    cookies = set_cookies(response)
    assert response["statusCode"] == 200
    assert tuple(cookies) == NAMES
    assert [attributes for _, attributes in cookies.values()] == [ATTRIBUTES] * 4
    assert cookies["CloudFront-Key-Pair-Id"][0] == "K2JCJMDEHXQW5F"
    assert cookies["CloudFront-Hash-Algorithm"][0] == "SHA256"


def test_the_body_says_when_the_cookies_expire_and_when_to_renew_them() -> None:
    """NOW + 3600 s is a multiple of 300 s; one second later, it is the next multiple."""
    ends = [json.loads(api(now=now)(event())["body"]) for now in (NOW, NOW + 0.9, NOW + 1.0)]
    assert ends == [
        {"expires": NOW + 3600, "renewAfter": NOW + 2880},
        {"expires": NOW + 3600, "renewAfter": NOW + 2880},
        {"expires": NOW + 3900, "renewAfter": NOW + 1 + 3119},
    ]


@pytest.mark.parametrize("now", [NOW, NOW + 1, NOW + 299.5, NOW + 300])
def test_the_policy_expires_when_the_body_says(now: float) -> None:
    response = api(now=now)(event())
    policy = json.loads(decoded(set_cookies(response)["CloudFront-Policy"][0]))
    (statement,) = policy["Statement"]
    assert statement["Resource"] == MEDIA_URL
    ends = statement["Condition"]["DateLessThan"]["AWS:EpochTime"]
    assert ends == json.loads(response["body"])["expires"]


def test_viewers_within_a_step_share_a_signature_and_the_next_step_has_its_own() -> None:
    """ECDSA signatures are random, so equal ones were created once."""
    clock = Clock()
    one_container = api(read=ecdsa_ring, clock=clock)
    signatures = []
    for seconds in (1, 150, 300, 301):
        clock.now = NOW + seconds
        cookies = set_cookies(one_container(event()))
        signatures.append(cookies["CloudFront-Signature"][0])
    assert len(set(signatures[:3])) == 1
    assert signatures[3] != signatures[0]


def test_each_cookie_is_small_enough_for_every_browser() -> None:
    """RFC 6265 section 6.1: at least 4096 bytes per cookie, name and attributes included."""
    lines = api()(event())["multiValueHeaders"]["Set-Cookie"]
    assert max(len(line) for line in lines) < 1024


@pytest.mark.parametrize(
    ("request_event", "status"),
    [
        (event(), 200),
        (event("DELETE", claims=None), 204),
        (event(claims=None), 401),
        (event(claims=ACCESS_CLAIMS | {"token_use": "id"}), 403),
    ],
)
def test_no_response_is_cached_and_bodies_are_json(
    request_event: dict[str, object], status: int
) -> None:
    response = api()(request_event)
    assert response["statusCode"] == status
    assert response["headers"]["Cache-Control"] == "no-store"
    assert response["isBase64Encoded"] is False
    if status == 204:
        assert (response["body"], "Content-Type" in response["headers"]) == ("", False)
    else:
        assert isinstance(json.loads(response["body"]), dict)
        assert response["headers"]["Content-Type"] == "application/json"


def refusal(response: Response) -> tuple[int, str]:
    """The status and the field; an error has no cookies and has a message."""
    assert "multiValueHeaders" not in response
    body = json.loads(response["body"])
    assert body["message"].endswith(".")
    return response["statusCode"], body["field"]


CLAIMS = "requestContext.authorizer.claims"


@pytest.mark.parametrize(
    ("context", "refused"),
    [
        ({}, (401, CLAIMS)),
        ({"authorizer": None}, (401, CLAIMS)),
        ({"authorizer": {}}, (401, CLAIMS)),
        ({"authorizer": {"claims": None}}, (401, CLAIMS)),
        ({"authorizer": {"claims": {}}}, (401, CLAIMS)),
        ({"authorizer": {"claims": {"sub": "x"}}}, (403, "token_use")),
        ({"authorizer": {"claims": ACCESS_CLAIMS | {"token_use": "id"}}}, (403, "token_use")),
        ({"authorizer": {"claims": ACCESS_CLAIMS | {"client_id": "x"}}}, (403, "client_id")),
    ],
)
def test_a_viewer_without_the_right_claims_gets_an_error_with_the_field(
    context: dict[str, object], refused: tuple[int, str]
) -> None:
    assert refusal(api()(event() | {"requestContext": context})) == refused


def test_signing_out_deletes_the_same_four_cookies() -> None:
    response = api()(event("DELETE", claims=None))
    assert response["statusCode"] == 204
    assert set_cookies(response) == dict.fromkeys(NAMES, ("", [*ATTRIBUTES, "Max-Age=0"]))


@pytest.mark.parametrize(
    "request_event",
    [
        event("DELETE"),
        event("DELETE", claims={"token_use": "id"}),
        {"httpMethod": "DELETE"},
        event("DELETE") | {"requestContext": "not read"},
    ],
)
def test_signing_out_reads_neither_claims_nor_secret(request_event: dict[str, object]) -> None:
    assert api(read=out_of_reach)(request_event)["statusCode"] == 204


def test_without_keys_the_viewer_gets_503_with_retry_after(
    caplog: pytest.LogCaptureFixture,
) -> None:
    response = api(read=out_of_reach)(event())
    assert (response["statusCode"], response["headers"]["Retry-After"]) == (503, "5")
    assert "multiValueHeaders" not in response
    assert set(json.loads(response["body"])) == {"message"}
    (record,) = caplog.records
    assert record.levelname == "ERROR"
    assert json.loads(record.message) == {
        "event": "unavailable",
        "reason": "The secret is still empty.",
    }


def test_the_secret_is_not_read_for_a_rejected_viewer() -> None:
    response = api(read=out_of_reach)(event(claims=ACCESS_CLAIMS | {"client_id": "x"}))
    assert refusal(response) == (403, "client_id")


@pytest.mark.parametrize(
    ("request_event", "line"),
    [
        (event(claims=None), {"event": "refused", "status": 401, "field": CLAIMS}),
        (
            event(claims=ACCESS_CLAIMS | {"token_use": "id"}),
            {"event": "refused", "status": 403, "field": "token_use"},
        ),
    ],
)
def test_an_error_is_one_log_line_with_status_and_field(
    request_event: dict[str, object],
    line: dict[str, object],
    caplog: pytest.LogCaptureFixture,
) -> None:
    api()(request_event)
    assert [json.loads(message) for message in caplog.messages] == [line]


@pytest.mark.parametrize("request_event", [event(), event("DELETE", claims=None)])
def test_success_is_not_logged(
    request_event: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    api()(request_event)
    assert caplog.messages == []
