"""The figures by day give the same report as the cases themselves, counted or due, after whatever happens."""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.admission.application.items.fields import Form
from gateway.admission.business_days import TOKYO, tokyo_date
from gateway.admission.case.model import Case, JournalEntry, Letter, OutgoingLetter, State
from gateway.admission.organisations.codes import parse as parse_code
from gateway.app.composition.indexing import CASES_A_TURN, count_figures
from gateway.mail.address import parse
from gateway.reports.labels import Labels
from gateway.reports.statistics import Report, build_report
from gateway.store.integrity import rules
from gateway.store.privacy.erasure import Eraser
from gateway.store.protocol import Transaction
from gateway.store.protocol.opening import OwnedStore
from gateway.store.queries.history import HistoryReader
from gateway.store.sqlite.source import SqliteSource
from gateway.store.sqlite.store import SqliteStore
from gateway.store.tables.days import counting, totals
from gateway.store.tables.days.totals import (
    Placed,
    Totals,
    TotalsReader,
    load_totals,
)
from tests.store.filled import demo
from tests.store.makers import make_store, place, store
from tests.support.factories import NOW, SATO, case

__all__ = ["make_store", "place", "store"]

SINCE, UNTIL = date(2020, 1, 1), date(2030, 1, 1)
KINDS = Labels(lambda code: parse_code(code).kind.value)
CODES = ("", "131016", "011002", "130001", "nonsense")
REASONS = ("民間企業の方のため", "重複した申請です", "その他")


def count_by_cases(path: Path, since: date, until: date) -> Report:
    reader = HistoryReader(SqliteSource(path))
    begin, end = (
        datetime(day.year, day.month, day.day, tzinfo=TOKYO) for day in (since, until + timedelta(days=1))
    )
    plain = reader.cases_opened(begin, end)
    reader.close()
    return build_report(plain, since, until, open_days=3)


def count_by_totals(path: Path, since: date, until: date) -> Report:
    reader = TotalsReader(SqliteSource(path))
    found = reader.totals(since, until, KINDS)
    reader.close()
    return build_report(found, since, until, open_days=3)


def test_a_database_that_was_brought_up_to_date_tells_the_same(tmp_path: Path) -> None:
    path = demo(tmp_path / "gateway.db")
    by_cases = count_by_cases(path, SINCE, UNTIL)
    assert by_cases == count_by_totals(path, SINCE, UNTIL)
    assert by_cases.funnel[0][1] > 10


@pytest.mark.parametrize("state", State)
async def test_what_happens_is_counted_as_it_happens(state: State, tmp_path: Path) -> None:
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

    opened = SqliteStore(tmp_path / "gateway.db", "gw.example.go.jp")
    opened.open()
    await opened.transact(work)
    day = NOW.astimezone(TOKYO).date()
    for is_counted in (False, True):
        if is_counted:
            await count_figures(opened, KINDS.kind_of).work_once()
        for since, until in ((SINCE, UNTIL), (day, day)):
            assert count_by_cases(opened.path, since, until) == count_by_totals(opened.path, since, until)
    assert ((state.value, 4),) == count_by_totals(opened.path, SINCE, UNTIL).ends
    opened.close()


# --- stories -----------------------------------------------------------------------------------


@dataclass
class Story:
    """What happens to some cases; a store may do each step again from the start."""

    erased: dict[int, Placed] = field(default_factory=dict)

    def open(self, tx: Transaction, of: int, by: int) -> None:
        form = Form(name="田中", organisation="見本町", category="local", code=CODES[by % len(CODES)])
        count = len(self._list_ids(tx))
        at = NOW + timedelta(hours=7 * by, minutes=count)
        who = parse(f"p{count}@town.mihon.lg.jp")
        tx.save(case(number=f"N{count}", form=form, opened_at=at, applicant=who, id=0))

    def change(self, tx: Transaction, of: int, by: int) -> None:
        state = list(State)[by % len(State)]
        decided = str(SATO) if by % 2 else ""
        reason = REASONS[by % len(REASONS)] if state is State.DECLINED else ""
        tx.save(replace(self._load(tx, of), state=state, decided_by=decided, reason=reason))

    def reword(self, tx: Transaction, of: int, by: int) -> None:
        tx.save(replace(self._load(tx, of), reason=REASONS[by % len(REASONS)]))

    def correct(self, tx: Transaction, of: int, by: int) -> None:
        found = self._load(tx, of)
        tx.save(replace(found, form=replace(found.form, code=CODES[by % len(CODES)])))

    def ask(self, tx: Transaction, of: int, by: int) -> None:
        found = self._load(tx, of)
        request = OutgoingLetter(Letter.REVIEW_REQUEST, SATO, {"number": found.number})
        tx.enqueue(found, [request], found.opened_at + timedelta(hours=by), None)

    def invite(self, tx: Transaction, of: int, by: int) -> None:
        found = self._load(tx, of)
        name = "decision.revoke" if by % 3 == 0 else "invitation.handed"
        tx.journal([JournalEntry(name, SATO)], found.opened_at + timedelta(hours=by), found.id, None)

    def count(self, tx: Transaction, of: int, by: int) -> None:
        counting.read_due(tx.connection, by % 5 + 1, KINDS)

    def erase(self, tx: Transaction, of: int, by: int) -> None:
        """An erased case keeps its figures as they were counted last."""
        while counting.read_due(tx.connection, CASES_A_TURN, KINDS):
            pass
        self.erased[of] = self._place(tx, of)
        Eraser(tx.connection, tx.tombstone_key, NOW).case(of)

    def tell(self, tx: Transaction, step: Step) -> None:
        what, which, by = step
        alive = [each for each in self._list_ids(tx) if each not in self.erased]
        if alive or what == "open":
            getattr(self, what)(tx, alive[which % len(alive)] if alive else 0, by)

    def expect(self, tx: Transaction, since: date, until: date) -> Totals:
        """One by one."""
        found = Totals()
        for each in self._list_ids(tx):
            placed = self.erased.get(each) or self._place(tx, each)
            if since.isoformat() <= placed.day <= until.isoformat():
                found.add(placed, 1)
        return found

    def _list_ids(self, tx: Transaction) -> list[int]:
        return [row["id"] for row in tx.connection.execute("SELECT id FROM cases ORDER BY id")]

    def _place(self, tx: Transaction, of: int) -> Placed:
        (row,) = tx.connection.execute(f"{totals.FIGURES} WHERE f.case_id = :id", {"id": of}).fetchall()
        placed = totals.place(row, KINDS)
        assert tokyo_date(self._load(tx, of).opened_at).isoformat() == placed.day
        return placed

    def _load(self, tx: Transaction, of: int) -> Case:
        return cast("Case", tx.case(of))


Step = tuple[str, int, int]
WHAT = ("open", "change", "reword", "correct", "ask", "invite", "count", "erase")
STEPS = st.lists(st.tuples(st.sampled_from(WHAT), st.integers(0, 20), st.integers(0, 60)), max_size=40)


def _strip(found: Totals) -> list[Counter[object]]:
    return [+Counter[object](one) for one in (found.outcomes, found.opened, found.invited, found.waits)]


def check(tx: Transaction, story: Story) -> None:
    middle = tokyo_date(NOW + timedelta(days=5))
    for since, until in ((SINCE, UNTIL), (SINCE, middle), (middle, middle)):
        wanted = _strip(story.expect(tx, since, until))
        assert wanted == _strip(load_totals(tx.connection, since, until, KINDS))
    stored = tx.connection.execute("SELECT min(n) AS n FROM day_tallies").fetchone()["n"]
    assert stored is None or stored > 0
    by_day = [sql for says, sql in rules.rules() if says.startswith("day ")]
    assert [[]] == [tx.connection.execute(sql).fetchall() for sql in by_day]


async def play(opened: OwnedStore, steps: list[Step]) -> None:
    story = Story()
    for step in steps:
        await opened.transact(partial(_tell, story, step))
    while await opened.transact(lambda tx: counting.read_due(tx.connection, 3, KINDS)):
        pass
    await opened.transact(lambda tx: check(tx, story))


def _tell(story: Story, step: Step, tx: Transaction) -> None:
    story.tell(tx, step)
    check(tx, story)


@settings(max_examples=40)
@given(STEPS)
def test_the_tallies_equal_a_count_after_any_story(steps: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        opened = SqliteStore(Path(folder) / "gateway.db", "gw.example.go.jp")
        opened.open()
        try:
            asyncio.run(play(opened, steps))
        finally:
            opened.close()


async def test_they_do_so_on_both_stores(store: OwnedStore) -> None:
    draw = random.Random(24)  # noqa: S311 - a story, no secret
    steps = [(draw.choice(WHAT), draw.randrange(20), draw.randrange(60)) for _ in range(150)]
    await play(store, steps)


async def test_too_many_that_are_due_are_read_one_by_one(
    store: OwnedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = Story()
    steps: list[Callable[[Transaction], None]] = [partial(_tell, story, ("open", 0, by)) for by in range(5)]
    for step in steps:
        await store.transact(step)
    monkeypatch.setattr(totals, "MAX_DUE", 4)
    await store.transact(lambda tx: check(tx, story))
    assert 5 == await count_figures(store, KINDS.kind_of).work_once()
    await store.transact(lambda tx: check(tx, story))
