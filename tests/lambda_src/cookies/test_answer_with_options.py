"""Responses with options: cookies for one address, and in the body, in every signing mode."""

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, cast

import pytest

from cookies import answer_with_options
from cookies.answer import Unavailable
from cookies.key_source import KeySource
from cookies.names import NAMES
from cookies.responses import Response
from cookies.signed_cookies import SignedCookies
from cookies.signer import signer
from cookies_by_kms_with_options.binding_kms_signer import BindingKmsSigner
from tests.lambda_src.cookies.openssl import decoded
from tests.lambda_src.cookies.stream import ENVIRONMENT, NOW, Clock, event, set_cookies
from tests.lambda_src.cookies_by_kms.kms import ARN, GRACE, Function, Kms, silent
from tests.lambda_src.inlined import inlined
from tests.lambda_src.shared.key_pairs import key_ring

BOTH = {"BIND_IP": "true", "COOKIES_IN_BODY": "true"}
ALL = {**BOTH, "OTHER_SITES": "true"}
VIEWER, EDGE = "203.0.113.7", "130.176.0.9"
Api = Callable[..., Response]


def with_a_key_ring(variables: Mapping[str, str]) -> Api:
    """The function of the other modes, with these variables."""
    keys = KeySource(
        read=key_ring, signer_of=partial(signer, hash_algorithm="SHA256"), clock=Clock()
    )
    source = SignedCookies(environment=ENVIRONMENT, current_signer=keys.signer)
    return lambda asked: answer_with_options.answer_with_options(asked, source, NOW, variables)


def with_kms(variables: Mapping[str, str]) -> Api:
    """The function of `kms` mode, from its sources."""
    return Function(
        answer=lambda asked, source, now: answer_with_options.answer_with_options(
            asked, source, now, variables
        ),
        signer=BindingKmsSigner,
    )


def with_kms_inlined(variables: Mapping[str, str]) -> Api:
    """The same, as it is in the template."""
    code: Any = inlined("cookies_by_kms_with_options")
    return Function(
        answer=lambda asked, source, now: code.answer_with_options(asked, source, now, variables),
        signer=code.BindingKmsSigner,
    )


each = pytest.mark.parametrize("function", [with_a_key_ring, with_kms, with_kms_inlined])


def asked(forwarded: str | None, method: str = "GET") -> dict[str, Any]:
    """A request with this X-Forwarded-For."""
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return {**event(method), "headers": headers}


def conditions(response: Response) -> dict[str, Any]:
    """The conditions of the cookies' policy."""
    policy = json.loads(decoded(set_cookies(response)["CloudFront-Policy"][0]))
    return cast("dict[str, Any]", policy["Statement"][0]["Condition"])


@each
def test_without_variables_it_is_the_plain_answer(function: Callable[..., Api]) -> None:
    response = function({})(asked(None))
    assert response["statusCode"] == 200
    assert json.loads(response["body"]).keys() == {"expires", "renewAfter"}
    assert conditions(response).keys() == {"DateLessThan"}


@each
@pytest.mark.parametrize("variables", [BOTH, ALL])
def test_the_body_has_the_cookies_that_the_headers_set(
    function: Callable[..., Api], variables: dict[str, str]
) -> None:
    response = function(variables)(asked(f"{VIEWER}, {EDGE}"))
    body = json.loads(response["body"])
    assert body["cookies"] == {name: value for name, (value, _) in set_cookies(response).items()}
    assert body.keys() == {"expires", "renewAfter", "cookies"}


@each
@pytest.mark.parametrize("forged", ["", "198.51.100.9, ", "198.51.100.9,::1,"])
def test_cookies_are_for_the_address_that_cloudfront_saw(
    function: Callable[..., Api], forged: str
) -> None:
    api = function(BOTH)
    for viewer in (VIEWER, "203.0.113.8", VIEWER):
        response = api(asked(f"{forged}{viewer}, {EDGE}"))
        assert conditions(response)["IpAddress"] == {"AWS:SourceIp": f"{viewer}/32"}


@each
@pytest.mark.parametrize(
    "forwarded", [None, "", VIEWER, f"2001:db8::7, {EDGE}", f"{VIEWER}, , {EDGE}"]
)
def test_without_such_an_address_there_are_no_cookies(
    function: Callable[..., Api], forwarded: str | None
) -> None:
    response = function(BOTH)(asked(forwarded))
    assert response["statusCode"] == 403
    assert "multiValueHeaders" not in response
    assert json.loads(response["body"])["field"] == "X-Forwarded-For"


@each
def test_signing_out_needs_no_address(function: Callable[..., Api]) -> None:
    response = function(BOTH)(asked(None, "DELETE"))
    assert (response["statusCode"], response["body"]) == (204, "")


@each
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_for_other_sites_cookies_are_partitioned_and_former_ones_go(
    function: Callable[..., Api], method: str
) -> None:
    """First the former ones: a browser without partitions has one place for both."""
    plain = function({})(asked(None, method))["multiValueHeaders"]["Set-Cookie"]
    lines = function({"OTHER_SITES": "true"})(asked(None, method))["multiValueHeaders"][
        "Set-Cookie"
    ]
    ends = f"; Path={ENVIRONMENT.media_path}; Secure; HttpOnly; SameSite="
    assert lines[:4] == [f"{name}={ends}Strict; Max-Age=0" for name in NAMES]
    assert len(plain) == 4
    assert [line.split(ends)[1] for line in lines[4:]] == [
        line.split(ends)[1].replace("Strict", "None; Partitioned") for line in plain
    ]
    assert [line.split("=")[0] for line in lines[4:]] == [*NAMES]


def test_a_refused_viewer_gets_no_cookies_for_other_sites() -> None:
    refused = {**asked(None), "requestContext": {}}
    assert "multiValueHeaders" not in with_a_key_ring({"OTHER_SITES": "true"})(refused)


def test_a_refused_viewer_gets_no_cookies_in_the_body() -> None:
    refused = {**asked(f"{VIEWER}, {EDGE}"), "requestContext": {}}
    assert with_a_key_ring(BOTH)(refused)["statusCode"] == 401


@pytest.fixture
def kms() -> Kms:
    """Simulated KMS."""
    return Kms()


def bound(kms: Kms, keys: str) -> BindingKmsSigner:
    """A signer for one viewer."""
    variables = {
        "KEYS": keys,
        "GRACE_SECONDS": str(GRACE),
        "COOKIE_SECONDS": "3600",
        "STEP_SECONDS": "300",
        "MEDIA_URL": ENVIRONMENT.media_url,
        "CLIENT_ID": ENVIRONMENT.client_id,
    }
    signs = BindingKmsSigner(kms=cast("Any", kms), variables=variables)
    return signs.bound_to(VIEWER)


def test_kms_signs_for_each_viewer_and_an_outage_is_not_bridged_with_the_cookies_of_another(
    kms: Kms,
) -> None:
    signs = bound(kms, f"KRSA={ARN}rsa=RSASSA_PKCS1_V1_5_SHA_256=0")
    signs.cookies(NOW)
    signs.cookies(NOW)
    assert kms.asked == 2
    kms.fault = silent
    with pytest.raises(Unavailable):
        signs.cookies(NOW)


def test_a_disabled_key_is_replaced_by_an_older_one(kms: Kms) -> None:
    kms.unusable = {"ecdsa": "DisabledException"}
    signs = bound(
        kms, f"KECDSA={ARN}ecdsa=ECDSA_SHA_256=0 KRSA={ARN}rsa=RSASSA_PKCS1_V1_5_SHA_256=0"
    )
    cookies, _ = signs.cookies(NOW)
    assert cookies["CloudFront-Key-Pair-Id"] == "KRSA"
