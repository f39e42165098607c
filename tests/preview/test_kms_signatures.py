"""Cookies that KMS signs, with a deployed stream."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lambda_src.cookies.openssl import decoded, verifies
from tests.preview.faults import SILENCE, failing
from tests.preview.signed_streams import EMAIL, PASSWORD, Live, on_air

MINUTE, HOUR = 60, 3600
SIGN = "kms:Sign"
FAULTS = pytest.mark.parametrize("code", ["ThrottlingException", "KMSInternalException", SILENCE])


@pytest.fixture(scope="module", params=["kms", "kms-ecdsa"])
def live(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Live]:
    with on_air(request.param, tmp_path_factory.mktemp(request.param)) as live:
        live.browser.sign_in(EMAIL, live.account.mailbox[EMAIL], new_password=PASSWORD)
        yield live


@pytest.fixture
def fresh(live: Live) -> Live:
    """No recent signatures: earlier cookies have expired, and the viewer is signed in."""
    live.account.clock.skip(2 * HOUR)
    live.browser.sign_in(EMAIL, PASSWORD)
    return live


def asked(live: Live) -> int:
    """The number of kms:Sign calls."""
    return sum(call.action == SIGN for call in live.account.aws.calls)


def test_openssl_verifies_them_with_the_registered_key(fresh: Live, tmp_path: Path) -> None:
    assert fresh.browser.ask_for_cookies().status_code == 200
    cookies = {one.name: str(one.value) for one in fresh.browser.session.cookies}
    registered = fresh.account.client("cloudfront").get_public_key(
        Id=cookies["CloudFront-Key-Pair-Id"]
    )
    assert verifies(
        decoded(cookies["CloudFront-Policy"]),
        decoded(cookies["CloudFront-Signature"]),
        public_key=registered["PublicKey"]["PublicKeyConfig"]["EncodedKey"],
        hash_algorithm=cookies["CloudFront-Hash-Algorithm"],
        folder=tmp_path,
    )


def test_a_hundred_viewers_in_a_step_need_one_call(fresh: Live) -> None:
    """One container serves them; another would call KMS again."""
    before = asked(fresh)
    statuses = [fresh.browser.ask_for_cookies().status_code for _ in range(100)]
    assert statuses == 100 * [200]
    calls = asked(fresh) - before
    print(f"{calls} KMS calls for 100 viewers of one container")
    assert 1 <= calls <= 2  # the step may end while they ask


@FAULTS
def test_without_earlier_cookies_the_viewer_must_retry(fresh: Live, code: str | None) -> None:
    with failing(fresh.account.aws, SIGN, code):
        refused = fresh.browser.ask_for_cookies()
    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "5"
    fresh.account.clock.skip(5)
    assert fresh.browser.ask_for_cookies().status_code == 200


@FAULTS
def test_earlier_cookies_bridge_the_gap(fresh: Live, code: str | None) -> None:
    first = fresh.browser.ask_for_cookies().json()["expires"]
    fresh.account.clock.skip(40 * MINUTE)
    fresh.browser.sign_in(EMAIL, PASSWORD)
    with failing(fresh.account.aws, SIGN, code):
        bridged = fresh.browser.ask_for_cookies()
    assert (bridged.status_code, bridged.json()["expires"]) == (200, first)
    assert [fresh.browser.get(address).status_code for address in fresh.media] == [200] * 3


def test_a_key_pending_deletion_does_not_sign(fresh: Live) -> None:
    """Scheduling the deletion by hand results in a 503, until the deletion is canceled."""
    kms, key = fresh.account.client("kms"), fresh.stack.outputs["SigningKeyArn"].rpartition("/")[2]
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    assert fresh.browser.ask_for_cookies().status_code == 503
    kms.cancel_key_deletion(KeyId=key)
    kms.enable_key(KeyId=key)
    fresh.account.clock.skip(5)
    assert fresh.browser.ask_for_cookies().status_code == 200
