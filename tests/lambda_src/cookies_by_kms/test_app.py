"""Responses to viewers with KMS signing, from the sources and from the inline code."""

import json
import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cookies.names import NAMES
from cookies.responses import RETRY_AFTER_SECONDS
from tests.lambda_src.cookies.openssl import decoded, verifies
from tests.lambda_src.cookies.stream import ACCESS_CLAIMS, NOW, event, set_cookies
from tests.lambda_src.cookies.test_answer import api
from tests.lambda_src.cookies_by_kms.kms import GRACE, Function, public_pem, silent, throttled

HOUR = 3600
FAULTS = pytest.mark.parametrize("fault", [throttled, silent, AttributeError])


def key_of(response: object) -> str:
    return set_cookies(response)["CloudFront-Key-Pair-Id"][0]  # type: ignore[arg-type]  # a Response


@pytest.mark.parametrize("name", ["rsa", "ecdsa"])
def test_openssl_accepts_the_signature(function: Function, tmp_path: Path, name: str) -> None:
    function.keys(f"{name}=0")
    cookies = {key: value for key, (value, _) in set_cookies(function()).items()}
    assert tuple(cookies) == NAMES
    assert verifies(
        decoded(cookies["CloudFront-Policy"]),
        decoded(cookies["CloudFront-Signature"]),
        public_key=public_pem(name),
        hash_algorithm=cookies["CloudFront-Hash-Algorithm"],
        folder=tmp_path,
    )
    assert cookies["CloudFront-Key-Pair-Id"] == f"K{name.upper()}"


METHODS = ("GET", "DELETE")
CLAIMS = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from([value, "other"]) for name, value in ACCESS_CLAIMS.items()}
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(METHODS),
    claims=CLAIMS.filter(bool),
    now=st.integers(NOW, NOW + 2 * HOUR),
)
def test_its_responses_match_those_of_the_function_with_a_key_ring(
    function: Function, method: str, claims: dict[str, str], now: int
) -> None:
    """Except for the signature and the key ID."""
    asked = event(method, claims)
    assert _unsigned(function(asked, at=now)) == _unsigned(api(now=now)(asked))


def _unsigned(response: object) -> object:
    text = json.dumps(response)
    return [
        part
        for part in text.split('"')
        if "CloudFront-Signature=" not in part and "CloudFront-Key-Pair-Id=" not in part
    ]


@pytest.mark.parametrize("authorizer", [{}, {"authorizer": None}, {"authorizer": {"claims": None}}])
def test_without_claims_the_response_is_401(
    function: Function, authorizer: dict[str, object]
) -> None:
    """As from the function with a key ring."""
    asked = {**event(), "requestContext": authorizer}
    response = function(asked)
    assert response["statusCode"] == 401
    assert response == api(now=NOW)(asked)
    assert function.kms.asked == 0


def test_kms_is_called_once_for_all_viewers_within_a_step(function: Function) -> None:
    assert [function(at=NOW + second)["statusCode"] for second in range(-299, 1)] == [200] * 300
    assert function.kms.asked == 1
    function(at=NOW + 1)
    assert function.kms.asked == 2


def test_kms_is_not_called_for_those_who_may_not_watch(function: Function) -> None:
    function(event("DELETE"))
    function(event(claims={**ACCESS_CLAIMS, "token_use": "id"}))
    assert function.kms.asked == 0


@FAULTS
def test_without_cached_cookies_a_viewer_gets_503_with_retry_after(
    function: Function, fault: Callable[[], Exception]
) -> None:
    function.kms.fault = fault
    for second in (0, RETRY_AFTER_SECONDS):
        response = function(at=NOW + second)
        assert response["statusCode"] == 503
        assert response["headers"]["Retry-After"] == str(RETRY_AFTER_SECONDS)
    function.kms.fault = None
    assert function(at=NOW + 2 * RETRY_AFTER_SECONDS)["statusCode"] == 200


def test_a_failing_kms_is_not_called_for_every_viewer(function: Function) -> None:
    function.kms.fault = throttled
    for second in range(60):
        assert function(at=NOW + second)["statusCode"] == 503
    assert function.kms.asked == 60 / RETRY_AFTER_SECONDS


@FAULTS
def test_cached_cookies_bridge_until_a_quarter_of_their_lifetime_is_left(
    function: Function, fault: Callable[[], Exception]
) -> None:
    ends = json.loads(function()["body"])["expires"]
    function.kms.fault = fault
    bridged = [function(at=NOW + 60 * minute) for minute in range(1, 46)]
    assert {one["statusCode"] for one in bridged} == {200}
    assert {json.loads(one["body"])["expires"] for one in bridged} == {ends}
    assert function(at=ends - HOUR // 4 + 1)["statusCode"] == 503


def test_while_bridging_kms_is_called_twice_a_minute(function: Function) -> None:
    function()
    function.kms.fault, before = throttled, function.kms.asked
    for second in range(1, 601):
        function(at=NOW + second)
    assert function.kms.asked - before == 20


def test_bridging_ends_when_kms_signs_again(function: Function) -> None:
    function()
    function.kms.fault = throttled
    function(at=NOW + 1)
    function.kms.fault = None
    ends = json.loads(function(at=NOW + 31)["body"])["expires"]
    assert ends == NOW + HOUR + 300


@pytest.mark.parametrize("before", [0, 2, 10, 29])
def test_kms_is_called_when_bridging_ends(function: Function, before: int) -> None:
    """A failure shortly before does not delay viewers beyond their Retry-After."""
    until = json.loads(function()["body"])["expires"] - HOUR // 4
    function.kms.fault = throttled
    assert function(at=until - before)["statusCode"] == 200
    function.kms.fault = None
    again = max(RETRY_AFTER_SECONDS - before, 1)
    for second in range(1, again):
        assert function(at=until + second)["statusCode"] == 503
    assert function(at=until + again)["statusCode"] == 200


def test_a_new_key_signs_when_every_edge_location_has_had_time_to_get_it(
    function: Function,
) -> None:
    function.keys(f"ecdsa={NOW}", "rsa=0")
    assert key_of(function(at=NOW + GRACE - 1)) == "KRSA"
    assert key_of(function(at=NOW + GRACE)) == "KECDSA"
    assert function.kms.signed == ["rsa", "ecdsa"]


def test_the_first_key_of_a_stack_signs_immediately(function: Function) -> None:
    function.keys(f"rsa={NOW}")
    assert key_of(function()) == "KRSA"


@pytest.mark.parametrize("code", ["DisabledException", "KMSInvalidStateException"])
def test_an_older_key_signs_if_a_newer_one_is_disabled_or_about_to_be_deleted(
    function: Function, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    """CloudFront trusts it as long as the template has it."""
    caplog.set_level(logging.WARNING)
    function.keys(f"ecdsa={NOW}", "rsa=0")
    function.kms.unusable["ecdsa"] = code
    for second in range(60):
        assert key_of(function(at=NOW + GRACE + second)) == "KRSA"
    # for two steps; the other key was asked once
    assert function.kms.signed == ["rsa", "rsa"]
    assert function.kms.asked == 3
    (record,) = caplog.records
    assert record.levelname == "ERROR"
    assert json.loads(record.message) == {
        "event": "key cannot sign",
        "key": "KECDSA",
        "reason": code,
    }


def test_a_key_that_edge_locations_may_lack_never_signs_in_place_of_a_disabled_one(
    function: Function,
) -> None:
    function.keys(f"ecdsa={NOW}", "rsa=0")
    function.kms.unusable["rsa"] = "DisabledException"
    assert function()["statusCode"] == 503
    assert function.kms.signed == []


def test_an_older_key_is_not_tried_when_kms_throttles(function: Function) -> None:
    """It would double the calls that are too many."""
    function.keys(f"ecdsa={NOW}", "rsa=0")
    function.kms.fault = throttled
    assert function(at=NOW + GRACE)["statusCode"] == 503
    assert function.kms.asked == 1


@pytest.mark.parametrize("ahead", [HOUR, 24 * HOUR])
def test_a_clock_that_was_ahead_does_not_keep_kms_from_being_called(
    function: Function, ahead: int
) -> None:
    function.kms.fault = throttled
    assert function(at=NOW + ahead)["statusCode"] == 503
    function.kms.fault = None
    assert function()["statusCode"] == 200


def test_cookies_signed_by_a_clock_that_was_ahead_are_not_given_to_viewers(
    function: Function,
) -> None:
    """They would open the stream for longer than cookies do."""
    function(at=NOW + 24 * HOUR)
    function.kms.fault = throttled
    assert function()["statusCode"] == 503


def test_the_reason_for_a_signing_failure_is_in_the_log(
    function: Function, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    function.kms.fault = throttled
    function()
    (record,) = caplog.records
    assert record.levelname == "ERROR"
    assert json.loads(record.message) == {"event": "unavailable", "reason": "ThrottlingException"}


def test_a_rejected_viewer_is_in_the_log(
    function: Function, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    function(event(claims={**ACCESS_CLAIMS, "token_use": "id"}))
    (line,) = caplog.messages
    assert json.loads(line) == {"event": "refused", "status": 403, "field": "token_use"}
