"""Cookie expiry and renewal times."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cookies.lifetime import expiry, renewal

times = st.integers(0, 2**40)
lengths = st.integers(1, 10**6)


@pytest.mark.parametrize(
    ("now", "expires"),
    [
        (0, 3600),
        (1, 3900),
        (299, 3900),
        (300, 3900),
        (301, 4200),
        (1_800_000_000, 1_800_003_600),
        (1_800_000_001, 1_800_003_900),
        (1_800_000_299, 1_800_003_900),
        (1_800_000_300, 1_800_003_900),
    ],
)
def test_an_hour_is_rounded_up_to_five_minutes(now: int, expires: int) -> None:
    assert expiry(now, cookie_seconds=3600, step_seconds=300) == expires


def test_a_step_of_one_second_rounds_nothing() -> None:
    assert expiry(1234, cookie_seconds=60, step_seconds=1) == 1294


@given(now=times, cookie_seconds=lengths, step_seconds=lengths)
def test_cookies_last_at_least_their_lifetime_and_less_than_a_step_longer(
    now: int, cookie_seconds: int, step_seconds: int
) -> None:
    expires = expiry(now, cookie_seconds=cookie_seconds, step_seconds=step_seconds)
    assert expires % step_seconds == 0
    assert cookie_seconds <= expires - now < cookie_seconds + step_seconds


@given(step=st.integers(2 * 10**6, 10**7), cookie_seconds=lengths, step_seconds=st.integers(2, 900))
def test_all_requests_within_a_step_get_the_same_expiry(
    step: int, cookie_seconds: int, step_seconds: int
) -> None:
    end = step * step_seconds
    last = end - cookie_seconds
    first = last - step_seconds + 1
    expiries = [
        expiry(now, cookie_seconds=cookie_seconds, step_seconds=step_seconds)
        for now in (first - 1, first, last, last + 1)
    ]
    assert expiries == [end - step_seconds, end, end, end + step_seconds]


@pytest.mark.parametrize(
    ("now", "expires", "renew_after"),
    [
        (0, 3600, 2880),
        (1000, 4600, 3880),
        (0, 3899, 3119),  # 3119.2
        (0, 4, 3),  # 3.2
        (0, 1, 0),
    ],
)
def test_renewal_is_due_after_four_fifths(now: int, expires: int, renew_after: int) -> None:
    assert renewal(now, expires) == renew_after


@given(now=times, life=lengths)
def test_renewal_is_due_before_the_expiry_and_never_in_the_past(now: int, life: int) -> None:
    renew_after = renewal(now, now + life)
    assert now <= renew_after < now + life
    assert 0 <= 0.8 * life - (renew_after - now) < 1
