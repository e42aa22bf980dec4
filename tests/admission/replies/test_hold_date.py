"""Days in a note, as seen from Tuesday, 24 November 2026."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.replies.notes.hold_date import read_hold_date

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("note", "day"),
    [
        ("12月1日まで", date(2026, 12, 1)),
        ("１２月１日（火）まで", date(2026, 12, 1)),
        ("12/1まで", date(2026, 12, 1)),
        ("until 2026-12-01", date(2026, 12, 1)),
        ("2026年12月1日", date(2026, 12, 1)),
        ("2026/12/1", date(2026, 12, 1)),
        ("令和8年12月1日", date(2026, 12, 1)),
        ("1月10日", date(2027, 1, 10)),
        ("30日まで", date(2026, 11, 30)),
        ("5日まで", date(2026, 12, 5)),
        ("3日後", date(2026, 11, 27)),
        ("2週間後", date(2026, 12, 8)),
        ("月末", date(2026, 11, 30)),
        ("12月末", date(2026, 12, 31)),
        ("12月中旬", date(2026, 12, 20)),
        ("来週", date(2026, 11, 30)),
        ("来月", date(2026, 12, 1)),
        ("年度末", date(2027, 3, 31)),
        ("来年度", date(2027, 4, 1)),
        ("年内", date(2026, 12, 28)),
        ("明日", date(2026, 11, 25)),
        ("until 1 Dec", date(2026, 12, 1)),
        ("until December 1, 2027", date(2027, 12, 1)),
        ("until next week", date(2026, 11, 30)),
        ("2020年1月1日", date(2020, 1, 1)),
        ("来週いっぱい", date(2026, 12, 4)),
        ("来週中", date(2026, 12, 4)),
        ("今週いっぱい", date(2026, 11, 27)),
        ("来月いっぱい", date(2026, 12, 31)),
        ("来月末", date(2026, 12, 31)),
        ("12月いっぱい", date(2026, 12, 31)),
        ("今年度いっぱい", date(2027, 3, 31)),
        ("来年度いっぱい", date(2028, 3, 31)),
        ("週明けまで", date(2026, 11, 30)),
        ("再来週", date(2026, 12, 7)),
        ("3日", None),
        ("連休明け", None),
        ("2月30日", None),
        ("13/45", None),
        ("9999999999", None),
        ("上司に確認中", None),
        ("", None),
    ],
)
def test_the_day_of(note: str, day: date | None) -> None:
    assert day == read_hold_date(note, TODAY)


@given(
    st.text(alphabet="0123456789年月日/-.末来週令和元後間 decuntil", max_size=40),
    st.dates(date(1990, 1, 1), date(2090, 1, 1)),
)
def test_any_note_is_read(note: str, today: date) -> None:
    found = read_hold_date(note, today)
    assert found is None or isinstance(found, date)


def test_the_start_of_a_week_is_an_open_day() -> None:
    assert date(2026, 10, 13) == read_hold_date("週明け", date(2026, 10, 8))  # Monday is Sports Day
