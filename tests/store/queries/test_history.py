"""The figures that the database keeps give the same report as the cases themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from gateway.admission.business_days import TOKYO
from gateway.admission.case.model import JournalEntry, Letter, OutgoingLetter, State
from gateway.reports.statistics import Report, build_report
from gateway.store.protocol import Transaction
from gateway.store.queries.history import HistoryReader
from gateway.store.sqlite.source import SqliteSource
from gateway.store.sqlite.store import SqliteStore
from tests.store.filled import demo
from tests.support.factories import NOW, SATO, case

SINCE, UNTIL = date(2020, 1, 1), date(2030, 1, 1)


def reports(path: Path, since: date = SINCE, until: date = UNTIL) -> tuple[Report, Report]:
    """By the cases, and by the figures."""
    reader = HistoryReader(SqliteSource(path))
    begin, end = (
        datetime(day.year, day.month, day.day, tzinfo=TOKYO) for day in (since, until + timedelta(days=1))
    )
    plain, fast = reader.cases_opened(begin, end), reader.figures(since, until)
    reader.close()
    return build_report(plain, since, until, open_days=3), build_report(fast, since, until, open_days=3)


def test_a_database_that_was_brought_up_to_date_tells_the_same(tmp_path: Path) -> None:
    by_cases, by_figures = reports(demo(tmp_path / "gateway.db"))
    assert by_cases == by_figures
    assert by_cases.funnel[0][1] > 10


@pytest.mark.parametrize("state", State)
async def test_what_happens_is_counted_as_it_happens(store: SqliteStore, state: State) -> None:
    """Across the end of a day in Japan, which is 15:00 UTC."""

    def work(tx: Transaction) -> None:
        for hours in (0, 5, 14, 30):
            at = NOW + timedelta(hours=hours)
            saved = tx.save(case(State.UNDER_REVIEW, number=f"N{hours}", opened_at=at, id=0))
            request = OutgoingLetter(Letter.REVIEW_REQUEST, SATO, {"number": saved.number})
            tx.enqueue(saved, [request], at + timedelta(hours=hours), None)
            tx.save(replace(saved, state=state, decided_by=str(SATO), reason="対象外です"))
            names = ("invitation.handed", "decision.revoke") if hours % 2 else ("invitation.handed",)
            lines = [JournalEntry(name, SATO) for name in names]
            tx.journal(lines, at + timedelta(days=2), saved.id, None)

    await store.transact(work)
    by_cases, by_figures = reports(store.path)
    assert by_cases == by_figures
    assert ((state.value, 4),) == by_figures.ends
    day = NOW.astimezone(TOKYO).date()
    by_cases, by_figures = reports(store.path, day, day)
    assert by_cases == by_figures
