"""What a member asks of the desk or tells it: one line, and nothing beside it but courtesy."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.replies.commands.queries import MAX_ABSENCE, Query, read_days, read_query
from tests.support.replies import CONTEXT, ROWS

TODAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("一覧", Query("list")),
        ("一覧をお願いします。", Query("list")),
        ("ヘルプ", Query("help")),
        ("定型", Query("help")),
        ("状況 K7QM-4T", Query("status", "K7QM-4T")),
        ("状況: k7qm-4t", Query("status", "K7QM-4T")),
        ("status K7QM-4T", Query("status", "K7QM-4T")),
        ("お疲れさまです。\n検索 見本市\n佐藤 一郎", Query("search", "見本市")),
        ("検索　手書 花子", Query("search", "手書 花子")),
        ("戻りました。", Query("back")),
    ],
)
def test_read(text: str, query: Query) -> None:
    assert query == read_query(text, CONTEXT)


@pytest.mark.parametrize(
    "text",
    [
        "一覧?",
        "一覧は不要です",
        "> 一覧",
        "状況",  # of which case, only the letter that is answered knows
        "状況 K7QM-4T はどうですか?",
        "検索",
        "不在です。",
        "私は12月1日は不在でした",
        "戻りましたら連絡します",
        "まだ戻りません",
        "一覧\n戻りました",
        "戻りました。承認します。",
        "検索 見本市。却下します。",
        "申請したいです。\n一覧",
        "-- \n戻りました",
    ],
)
def test_anything_else_is_no_query(text: str) -> None:
    assert read_query(text, CONTEXT) is None


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("不在 12月1日-5日", (date(2026, 12, 1), date(2026, 12, 5))),
        ("不在：１２月１日～５日", (date(2026, 12, 1), date(2026, 12, 5))),
        ("不在 12月30日から1月3日まで", (date(2026, 12, 30), date(2027, 1, 3))),
        ("不在 12/1-12/5", (date(2026, 12, 1), date(2026, 12, 5))),
        ("不在 12月1日", (date(2026, 12, 1), date(2026, 12, 1))),
        ("不在 13月1日", None),
        ("不在 12月1日-11月30日", None),  # nearly a year
        ("不在 11月31日", None),
    ],
)
def test_days_of_an_absence(text: str, days: tuple[date, date] | None) -> None:
    query = read_query(text, CONTEXT)
    assert query is not None
    assert "away" == query.kind
    assert days == read_days(query.text, TODAY)


@given(st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.text("0123456789月日/-~ ", max_size=20))
def test_an_absence_never_began_before_today_and_ends(today: date, text: str) -> None:
    days = read_days(text, today)
    assert days is None or (today <= days[0] <= days[1] and days[1] - days[0] <= MAX_ABSENCE)


@given(
    st.sampled_from(["一覧", "状況 K7QM-4T", "検索 見本市", "不在 12月1日", "戻りました"]),
    st.sampled_from([row["body"] for row in ROWS if row["expected"] != "none"]),
)
def test_a_word_of_decision_beside_it_makes_it_no_query(line: str, beside: str) -> None:
    """Whoever decides in the same mail is asked what is meant."""
    found = read_query(f"{line}\n\n{beside}", CONTEXT)
    assert found is None or not _has_own_decision(beside)


def _has_own_decision(text: str) -> bool:
    return any(not line.lstrip().startswith((">", "＞", "|")) for line in text.split("\n") if line.strip())
