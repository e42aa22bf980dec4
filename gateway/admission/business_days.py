"""Business days of the office: no weekends, no national holidays, not 29 December to 3 January.

Act on Holidays of Administrative Organs, article 1. A day is a day in Tokyo; the office's own closings are an
argument.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import jpholiday

from gateway.memoize import memoize

# Japan has had no daylight saving time since 1952, so a fixed offset is sufficient.
TOKYO = timezone(timedelta(hours=9), "Asia/Tokyo")
_DAY = timedelta(days=1)
_SATURDAY = 5


def is_business_day(day: date, closings: frozenset[date] = frozenset()) -> bool:
    """Return whether the office works on `day` (a date in Tokyo)."""
    year_end = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    if day.weekday() >= _SATURDAY or year_end or day in closings:
        return False
    return not _is_holiday(day)


@memoize(maxsize=512, why="each application needs a due date, and the calendar is slow")
def _is_holiday(day: date) -> bool:
    return bool(jpholiday.is_holiday(day))


def add_business_days(day: date, count: int, closings: frozenset[date] = frozenset()) -> date:
    """Return the `count`-th business day after `day`, which is not counted; `day` itself if `count` is 0.

    Raises ValueError for a negative count.
    """
    if count < 0:
        raise ValueError("the number of business days must not be negative")
    for _ in range(count):
        day += _DAY
        while not is_business_day(day, closings):
            day += _DAY
    return day


def tokyo_date(moment: datetime) -> date:
    """Return the date in Tokyo at `moment`. Raises ValueError for a naive time."""
    if moment.tzinfo is None:
        raise ValueError("the time has no time zone")
    return moment.astimezone(TOKYO).date()


def due_date(received_at: datetime, count: int, closings: frozenset[date] = frozenset()) -> date:
    """Return the date in Tokyo of the `count`-th business day after receipt.

    Raises ValueError for a naive time.
    """
    return add_business_days(tokyo_date(received_at), count, closings)
