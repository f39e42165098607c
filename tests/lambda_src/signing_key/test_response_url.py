"""ResponseURL: a response is sent as S3 requires and retried, or it is an error."""

import traceback

import pytest

from signing_key import custom_resource
from signing_key.custom_resource import ANSWER_SECONDS, UndeliveredAnswer, deliver
from tests.lambda_src.shared.simulated_time import START, Clock
from tests.lambda_src.signing_key.cloudformation import SIGNATURE, ResponseUrl

ANSWER = b'{"Status": "SUCCESS"}'


def test_a_response_is_sent_with_an_empty_content_type(url: ResponseUrl, clock: Clock) -> None:
    deliver(ANSWER, url.address, sleep=clock.sleep)
    assert (url.bodies, url.headers[0]["Content-Type"]) == ([ANSWER], "")


@pytest.mark.parametrize(
    "script",
    [["500"], ["503", "500"], ["reset"], ["403", "reset", "500"], ["reset", "reset", "reset"]],
)
def test_a_response_that_is_rejected_at_first_is_accepted_once_later(
    url: ResponseUrl, clock: Clock, script: list[str]
) -> None:
    url.script = list(script)
    deliver(ANSWER, url.address, sleep=clock.sleep)
    assert ([ANSWER], len(script) + 1) == (url.bodies, url.tries)


def test_it_does_not_wait_for_an_unresponsive_server(
    url: ResponseUrl, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(custom_resource, "_TIMEOUT_SECONDS", 0.05)
    url.script = ["silent"]
    deliver(ANSWER, url.address, sleep=clock.sleep)
    assert (url.bodies, url.tries) == ([ANSWER], 2)


@pytest.mark.parametrize(
    ("what", "says"),
    [("500", "HTTP status 500"), ("307", "HTTP status 307"), ("reset", "RemoteDisconnected")],
)
def test_a_response_that_is_never_accepted_is_an_error_without_the_url(
    url: ResponseUrl, clock: Clock, what: str, says: str
) -> None:
    url.script = [what] * 99
    with pytest.raises(UndeliveredAnswer, match=f"in 4 attempts; last error: {says}") as caught:
        deliver(ANSWER, url.address, sleep=clock.sleep)
    assert (url.tries, url.bodies) == (4, [])
    assert SIGNATURE not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    "address",
    [
        f"https://[broken/?X-Amz-Signature={SIGNATURE}",
        f"http://127.0.0.1:no-port/?X-Amz-Signature={SIGNATURE}",
        f"http://127.0.0.1:1/?X-Amz-Signature={SIGNATURE}",
        f"https://nowhere.invalid/?X-Amz-Signature={SIGNATURE}",
    ],
)
def test_an_unreachable_url_is_an_error_that_does_not_show_it(clock: Clock, address: str) -> None:
    with pytest.raises(UndeliveredAnswer) as caught:
        deliver(ANSWER, address, sleep=clock.sleep)
    assert caught.value.__cause__ is None
    assert SIGNATURE not in "".join(traceback.format_exception(caught.value))


def test_all_attempts_with_timeouts_and_pauses_fit_in_the_time_for_the_response(
    url: ResponseUrl, clock: Clock
) -> None:
    url.script = ["500"] * 4
    with pytest.raises(UndeliveredAnswer):
        deliver(ANSWER, url.address, sleep=clock.sleep)
    two_timeouts_per_attempt = url.tries * 2 * custom_resource._TIMEOUT_SECONDS
    assert clock.now - START + two_timeouts_per_attempt <= ANSWER_SECONDS
