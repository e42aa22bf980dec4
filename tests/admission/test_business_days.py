"""Open days: every labelled row, and the rules of counting."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.business_days import TOKYO, add_business_days, due_date, is_business_day
from tests.support.paths import DATA

CASES = DATA / "bizdays.tsv"
ROWS = list(csv.DictReader(CASES.read_text(encoding="utf-8").splitlines(), delimiter="\t"))
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["received_jst"])
def test_labelled_day(row: dict[str, str]) -> None:
    day = date.fromisoformat(row["received_jst"])
    assert row["open_day"] == ("yes" if is_business_day(day) else "no")
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=TOKYO)
    expected = [row["plus1"], row["plus2"], row["plus3"]]
    assert expected == [due_date(noon, count).isoformat() for count in (1, 2, 3)]


@pytest.mark.parametrize(
    ("received_at", "expected"),
    [
        # 2026-11-22T16:00Z is already the holiday of the 23rd in Tokyo; one second before 15:00Z is not.
        (datetime(2026, 11, 22, 16, tzinfo=UTC), date(2026, 11, 24)),
        (datetime(2026, 11, 19, 14, 59, 59, tzinfo=UTC), date(2026, 11, 20)),
        (datetime(2026, 11, 19, 15, tzinfo=UTC), date(2026, 11, 24)),
    ],
)
def test_the_day_of_receipt_is_a_day_in_tokyo(received_at: datetime, expected: date) -> None:
    assert expected == due_date(received_at, 1)


def test_own_closings_are_not_open() -> None:
    closings = frozenset({date(2026, 11, 24)})
    assert not is_business_day(date(2026, 11, 24), closings)
    assert date(2026, 11, 25) == add_business_days(date(2026, 11, 20), 1, closings)


def test_nothing_to_count_is_the_same_day() -> None:
    assert date(2026, 11, 23) == add_business_days(date(2026, 11, 23), 0)


def test_counting_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="must not be negative"):
        add_business_days(date(2026, 11, 23), -1)


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        due_date(datetime(2026, 11, 23), 1)  # noqa: DTZ001 - the naive time is the case


@given(DAYS, st.integers(1, 15))
def test_the_due_date_is_open_and_the_count_is_exact(day: date, count: int) -> None:
    due = add_business_days(day, count)
    between = [day + timedelta(days=n) for n in range(1, (due - day).days + 1)]
    assert is_business_day(due)
    assert count == sum(is_business_day(each) for each in between)


@given(DAYS)
def test_weekends_and_the_turn_of_the_year_are_closed(day: date) -> None:
    if day.weekday() >= 5 or (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3):
        assert not is_business_day(day)
