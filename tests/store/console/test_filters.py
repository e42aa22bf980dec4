"""Filters find what a plain reading of every case would find, page by page, and read few rows for it."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.items.fields import Category, Form
from gateway.admission.business_days import tokyo_date
from gateway.admission.case.model import Case, State
from gateway.app.composition.indexing import index_words
from gateway.mail.address import parse
from gateway.mail.text import fold
from gateway.store.privacy.erasure import Eraser
from gateway.store.protocol import Transaction
from gateway.store.protocol.opening import OwnedStore
from gateway.store.queries.console import filters, search
from gateway.store.queries.console.filters import Filters
from gateway.store.sqlite.store import SqliteStore
from tests.store.makers import make_store, place, store
from tests.support.factories import NOW, case

__all__ = ["make_store", "place", "store"]
SATO, SUZUKI = "sato@kyoso.mihon.go.jp", "suzuki@kyoso.mihon.go.jp"
STATES = (State.UNDER_REVIEW, State.ON_HOLD, State.DECLINED, State.INVITED)
NAMES = ("田中 太郎", "山田 花子", "田中 花子")
ALL = 24
STEP = timedelta(hours=7)  # the day in Japan changes at 15:00 UTC


def made(number: int) -> Case:
    """Each of another state, kind, name, day, handler and decider than the ones beside it."""
    category = Category.LOCAL if number % 3 else Category.NATIONAL
    form = Form(name=NAMES[number % len(NAMES)], organisation="見本町役場", category=category)
    return case(
        STATES[number % len(STATES)],
        number=f"F{number:03X}-00",
        form=form,
        applicant=parse(f"p{number}@town.mihon.lg.jp"),
        opened_at=NOW + STEP * (number * 5 % ALL),  # not in the order of the rows
        handler="Sato@kyoso.mihon.go.jp" if number % 4 == 1 else "",
        decided_by=SUZUKI if number % 5 == 2 else "",
        first_approval=SATO if number % 6 == 3 else "",
    )


CASES = [made(number) for number in range(ALL)]
FIRST, LAST = (tokyo_date(NOW + STEP * number) for number in (0, ALL - 1))
DAYS = st.none() | st.integers(-1, (LAST - FIRST).days + 1).map(lambda days: FIRST + timedelta(days=days))


def fits(one: Case, text: str, wanted: Filters) -> bool:
    """Read one case plainly."""
    day = tokyo_date(one.opened_at)
    return (
        (not text or any(fold(text) in fold(each) for each in (one.form.name, str(one.applicant))))
        and (not wanted.state or one.state == wanted.state)
        and (not wanted.kind or one.form.category == wanted.kind)
        and (not wanted.by or wanted.by in {one.handler.lower(), one.decided_by, one.first_approval})
        and (wanted.since is None or day >= wanted.since)
        and (wanted.until is None or day <= wanted.until)
    )


async def find(store: OwnedStore, text: str, wanted: Filters) -> list[str]:
    """Read all pages."""
    seen, before = list[str](), 0
    for _ in range(4 * ALL):
        page = await store.transact(lambda tx: search.search(tx.connection, text, before, wanted))  # noqa: B023 - awaited here
        seen += [row["number"] for row in page.rows]
        before = page.before
        if not before:
            return seen
    raise AssertionError("the pages have no end")


@asynccontextmanager
async def filled(store: OwnedStore, *, is_read: bool) -> AsyncIterator[OwnedStore]:
    await store.transact(lambda tx: [tx.save(each) for each in CASES])
    if is_read:
        await index_words(store).work_once()
    yield store


EXAMPLES: dict[str, tuple[str, Filters]] = {
    "nothing": ("", Filters()),
    "state": ("", Filters(state="on_hold")),
    "kind": ("", Filters(kind="national")),
    "handler, decider or first approver": ("", Filters(by=SATO)),
    "decider": ("", Filters(by=SUZUKI)),
    "nobody": ("", Filters(by="dare@town.mihon.lg.jp")),
    "first day": ("", Filters(since=LAST)),
    "last day": ("", Filters(until=FIRST)),
    "one day": ("", Filters(since=FIRST, until=FIRST)),
    "days before all": ("", Filters(until=date(2000, 1, 1))),
    "days after all": ("", Filters(since=date(2099, 12, 31))),
    "words and state": ("田中", Filters(state="declined")),
    "words and days": ("花子", Filters(since=FIRST, until=FIRST + timedelta(days=2))),
    "one character and kind": ("田", Filters(kind="local")),
    "words and member": ("@town", Filters(by=SUZUKI)),
    "words that nobody has": ("鈴木", Filters(state="declined")),
    "all": ("田中", Filters("invited", "local", SUZUKI, FIRST, LAST)),
    "number": ("f001-00", Filters(state=STATES[1])),
    "number of another state": ("F001-00", Filters(state="declined")),
}


@pytest.mark.parametrize("is_read", [True, False], ids=["read", "due"])
async def test_what_fits_is_found(store: OwnedStore, is_read: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    async with filled(store, is_read=is_read):
        for size in (filters.FIRST, 2):  # whole, and in many pages
            monkeypatch.setattr(filters, "FIRST", size)
            monkeypatch.setattr(filters, "CHUNK", size)
            monkeypatch.setattr(filters, "MAX_READ", size)
            monkeypatch.setattr(filters, "MAX_LOOKED_AT", size)
            for name, (text, wanted) in EXAMPLES.items():
                found = await find(store, text, wanted)
                if "number" in name:
                    expected = ["F001-00"] if name == "number" else []
                else:
                    expected = [one.number for one in CASES if fits(one, text, wanted)]
                    expected = expected if text or wanted.has_any else []
                assert sorted(expected) == sorted(found), (size, name)


@given(
    text=st.sampled_from(["", "田中", "花", "p1"]),
    state=st.sampled_from(["", *STATES]),
    kind=st.sampled_from(["", "local", "national"]),
    by=st.sampled_from(["", SATO, SUZUKI]),
    since=DAYS,
    until=DAYS,
)
async def test_filters_and_words_combine(
    shared: OwnedStore,
    text: str,
    state: str,
    kind: str,
    by: str,
    since: date | None,
    until: date | None,
) -> None:
    wanted = Filters(state, kind, by, since, until)
    expected = {one.number for one in CASES if fits(one, text, wanted)} if text or wanted.has_any else set()
    assert expected == set(await find(shared, text, wanted))


async def test_the_newest_are_first(store: OwnedStore) -> None:
    async with filled(store, is_read=True):
        found = await find(store, "", Filters(since=FIRST))
    days = {one.number: tokyo_date(one.opened_at) for one in CASES}
    assert ALL == len(found)
    assert [days[number] for number in found] == sorted(days.values(), reverse=True)


async def test_an_erased_case_is_not_found(store: OwnedStore) -> None:
    (saved, other) = await store.transact(lambda tx: [tx.save(made(number)) for number in (1, 5)])
    await store.transact(lambda tx: Eraser(tx.connection, tx.tombstone_key, NOW).case(saved.id))
    assert [other.number] == await find(store, "", Filters(since=FIRST))
    assert [] == await find(store, saved.number, Filters(since=FIRST))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> SqliteStore:
    """One store for all examples of a property."""
    import asyncio

    store = SqliteStore(tmp_path_factory.mktemp("filters") / "gateway.db", "gw.example.go.jp")
    store.open()

    async def fill() -> None:
        async with filled(store, is_read=True):
            pass

    asyncio.run(fill())
    return store


def count_steps(connection: object, work: Callable[[], object]) -> int:
    """The instructions of SQLite's machine, in tens."""
    assert isinstance(connection, sqlite3.Connection)
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    connection.set_progress_handler(count, 10)
    work()
    connection.set_progress_handler(None, 0)
    return steps


COSTS: dict[str, tuple[str, Filters]] = {
    "old days": ("", Filters(since=FIRST, until=FIRST)),
    "common state": ("", Filters(state="under_review")),
    "rare state": ("", Filters(state="on_hold")),
    "member without cases": ("", Filters(by=SUZUKI)),
    "words and rare state": ("田中", Filters(state="on_hold")),
}


async def test_a_page_costs_no_more_when_there_are_more_cases(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"FIRST": 20, "CHUNK": 20, "MAX_READ": 40, "MAX_LOOKED_AT": 40}.items():
        monkeypatch.setattr(filters, name, value)
    store, costs = SqliteStore(tmp_path / "gateway.db", "gw.example.go.jp"), dict[int, dict[str, int]]()
    store.open()

    def measure(tx: Transaction) -> dict[str, int]:
        return {
            name: count_steps(
                tx.connection,
                lambda text=text, wanted=wanted: search.search(tx.connection, text, 0, wanted),  # type: ignore[misc]
            )
            for name, (text, wanted) in COSTS.items()
        }

    def add(tx: Transaction, begin: int, end: int) -> None:
        for number in range(begin, end):
            plain = replace(
                made(0), number=f"C{number:04X}-0", applicant=parse(f"c{number}@town.mihon.lg.jp")
            )
            tx.save(replace(plain, opened_at=NOW + timedelta(hours=number)))

    for begin, end in ((0, 200), (200, 1_200)):
        await store.transact(lambda tx, begin=begin, end=end: add(tx, begin, end))  # type: ignore[misc]
        while await index_words(store).work_once():
            pass
        costs[end] = await store.transact(measure)
    store.close()
    assert dict.fromkeys(COSTS, True) == {
        name: costs[1_200][name] <= 1.2 * costs[200][name] + 20 for name in COSTS
    }, costs
