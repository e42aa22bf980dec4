"""Mails an hour: so many at once, then so many an hour, each key for itself, in bounded memory."""

from __future__ import annotations

import pytest

from gateway.net.smtp.limits.rate_limit import RateLimiter
from tests.support.clock import MonotonicClock


@pytest.fixture
def clock() -> MonotonicClock:
    return MonotonicClock(0.0)


def test_so_many_at_once_and_one_more_as_time_goes_on(clock: MonotonicClock) -> None:
    pace = RateLimiter(4, clock=clock)
    assert [True] * 4 + [False] * 2 == [pace.allow("a") for _ in range(6)]
    clock.now_s = 899.0
    assert not pace.allow("a")
    clock.now_s = 900.0
    assert [True, False] == [pace.allow("a"), pace.allow("a")]
    clock.now_s = 900.0 + 3600.0
    assert [True] * 4 + [False] == [pace.allow("a") for _ in range(5)]


def test_refused_ones_are_not_counted(clock: MonotonicClock) -> None:
    pace = RateLimiter(1, clock=clock)
    assert pace.allow("a")
    for second in range(0, 3600, 60):
        clock.now_s = float(second)
        assert not pace.allow("a")
    clock.now_s = 3600.0
    assert pace.allow("a")


def test_each_key_has_its_own(clock: MonotonicClock) -> None:
    pace = RateLimiter(1, clock=clock)
    assert [True, True, False] == [pace.allow(key) for key in ("a", "b", "a")]


def test_nought_is_no_limit() -> None:
    pace = RateLimiter(0)
    assert all(pace.allow("a") for _ in range(10_000))


def test_a_stream_of_new_keys_takes_no_memory_and_forgets_the_quiet_first(clock: MonotonicClock) -> None:
    pace = RateLimiter(1, clock=clock, max_keys=100)
    for number in range(1000):
        clock.now_s += 0.001
        assert pace.allow(str(number))
        assert len(pace._whole_at) <= 101
    assert not pace.allow("999")
    clock.now_s += 3600.0
    for number in range(101):
        assert pace.allow(f"new {number}")
    assert len(pace._whole_at) <= 101
