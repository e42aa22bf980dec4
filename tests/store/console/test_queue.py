"""The counters of the queue are those of the cases, and cost the same however many cases there are."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.case.model import Case, State
from gateway.store.privacy.erasure import Eraser
from gateway.store.protocol.opening import OwnedStore
from gateway.store.queries.console import queue
from gateway.store.queries.console.queue import WAITING, Counts, count_queue
from gateway.store.sqlite.migrations import schema
from gateway.store.sqlite.store import SqliteStore
from gateway.store.tables.transaction import SqlTransaction
from tests.store.filled import DOMAIN
from tests.store.makers import make_store, place, store
from tests.support.factories import NOW, case

__all__ = ["make_store", "place", "store"]

TODAY = date(2026, 11, 27)
HOUR = timedelta(hours=1)
A_CASE = st.tuples(st.sampled_from(State), st.integers(-2, 2), st.integers(-2, 2))


def made(number: int, state: State = State.UNDER_REVIEW, days: int = -1, hours: int = 1) -> Case:
    due_on, opened_at = TODAY + timedelta(days=days), NOW + hours * HOUR
    return case(state, number=f"P{number:03X}-00", due_on=due_on, opened_at=opened_at)


def count(tx: SqlTransaction) -> Counts:
    return count_queue(tx.connection, TODAY, NOW)


def expect(cases: list[Case], most: int) -> Counts:
    waiting = [each for each in cases if each.state in WAITING]
    late = sum(each.due_on < TODAY for each in waiting)
    return Counts(len(waiting), min(late, most), min(sum(NOW <= each.opened_at for each in cases), most))


@given(st.lists(A_CASE, max_size=9), st.lists(A_CASE, max_size=9), st.integers(1, 9))
def test_they_count_the_cases_as_these_are_now(
    first: list[tuple[State, int, int]], then: list[tuple[State, int, int]], most: int
) -> None:
    with (
        closing(sqlite3.connect(":memory:", isolation_level=None)) as db,
        pytest.MonkeyPatch.context() as set_,
    ):
        set_.setattr(queue, "MOST", most)
        db.row_factory = sqlite3.Row
        schema.migrate(db)
        tx = SqlTransaction(db, lambda: "<x@y>")
        cases = [tx.save(made(place, *each)) for place, each in enumerate(first)]
        assert expect(cases, most) == count(tx)
        for place, (state, days, _) in enumerate(then[: len(cases)]):
            due_on = TODAY + timedelta(days=days)
            cases[place] = tx.save(replace(cases[place], state=state, due_on=due_on))
        assert expect(cases, most) == count(tx)


async def test_both_stores_count_the_same(store: OwnedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "MOST", 3)
    states = [*WAITING, State.UNDER_REVIEW, State.UNDER_REVIEW, State.DECLINED, State.ON_HOLD]
    cases = [made(place, state) for place, state in enumerate(states)]
    saved = await store.transact(lambda tx: [tx.save(each) for each in cases])
    assert Counts(4, 3, 3) == await store.transact(count)
    await store.transact(lambda tx: tx.save(replace(saved[0], state=State.WITHDRAWN)))
    assert Counts(3, 3, 3) == await store.transact(count)
    await store.transact(lambda tx: tx.save(replace(saved[1], due_on=TODAY)))
    await store.transact(lambda tx: Eraser(tx.connection, tx.tombstone_key, NOW).case(saved[4].id))
    assert Counts(3, 2, 3) == await store.transact(count)


async def count_steps(store: SqliteStore, work: Callable[[SqlTransaction], object]) -> int:
    """How many instructions of SQLite's virtual machine a piece of work takes."""

    def watch(tx: SqlTransaction) -> int:
        steps = [0]

        def step() -> int:
            steps[0] += 1
            return 0

        connection = tx.connection
        assert isinstance(connection, sqlite3.Connection)
        connection.set_progress_handler(step, 1)
        work(tx)
        connection.set_progress_handler(None, 0)
        return steps[0]

    return await store.transact(watch)


async def test_more_cases_are_not_more_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "MOST", 20)
    store = SqliteStore(tmp_path / "gateway.db", DOMAIN)
    store.open()
    steps = []
    for turn in range(3):
        cases = [made(number) for number in range(turn * 100, turn * 100 + 100)]
        await store.transact(lambda tx, cases=cases: [tx.save(each) for each in cases])  # type: ignore[misc]
        steps.append(await count_steps(store, count))
    store.close()
    assert 0 < steps[0]
    assert steps[0] == steps[1] == steps[2]
