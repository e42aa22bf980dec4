"""Search finds every case whose texts hold what is sought, read or not; what was erased is nowhere."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.items.fields import Form
from gateway.admission.case.model import Case
from gateway.app.composition.indexing import CASES_A_TURN, index_words
from gateway.mail.address import parse
from gateway.mail.text import fold
from gateway.store.console import words
from gateway.store.privacy.erasure import Eraser
from gateway.store.protocol.opening import OwnedStore
from gateway.store.queries.console import filters, search
from tests.store.makers import make_store, place, store
from tests.support.factories import NOW, case

__all__ = ["make_store", "place", "store"]


def person(number: int, name: str, organisation: str = "見本町役場") -> Case:
    form = Form(name=name, organisation=organisation, category="local")
    who = parse(f"p{number}@town.mihon.lg.jp")
    return case(number=f"P{number:03X}-00", form=form, applicant=who)


async def save(store: OwnedStore, *cases: Case) -> list[Case]:
    return await store.transact(lambda tx: [tx.save(each) for each in cases])


async def find(store: OwnedStore, text: str, before: int = 0) -> list[str]:
    found = await store.transact(lambda tx: search.search(tx.connection, text, before))
    return [row["number"] for row in found.rows]


async def rows(store: OwnedStore, table: str) -> list[tuple[object, ...]]:
    sql = f"SELECT * FROM {table}"  # noqa: S608 - our own table
    return await store.transact(lambda tx: [tuple(row) for row in tx.connection.execute(sql)])


SOUGHT = {
    "田中": ["P001-00"],
    "中太": [],
    "中　太郎": ["P001-00"],
    "タロウ": ["P002-00"],
    "ﾀﾛｳ": ["P002-00"],
    "MIHON": ["P003-00", "P002-00", "P001-00"],
    "p2@": ["P002-00"],
    "P2@TOWN": ["P002-00"],
    "中": ["P001-00"],
    "町役場\n": ["P003-00", "P002-00", "P001-00"],
    "役場p1": [],
    "p003-00": ["P003-00"],
    "@p003-00": [],
    "%": [],
    "_": [],
    "": [],
    "\u200b": [],
}


@pytest.mark.parametrize("is_read", [True, False], ids=["read", "due"])
async def test_it_finds_by_any_part(store: OwnedStore, is_read: bool) -> None:
    await save(store, person(1, "田中 太郎"), person(2, "山田 タロウ"), person(3, "x" * 500))
    if is_read:
        assert 3 == await index_words(store).work_once()
        assert [] == await rows(store, "words_due")
    assert SOUGHT == {text: await find(store, text) for text in SOUGHT}


async def test_a_case_is_found_by_what_it_says_now(store: OwnedStore) -> None:
    (saved,) = await save(store, person(1, "田中 太郎"))
    await index_words(store).work_once()
    await save(store, replace(saved, form=replace(saved.form, name="鈴木 花子")))
    assert (["P001-00"], []) == (await find(store, "鈴木"), await find(store, "田中"))
    await index_words(store).work_once()
    assert (["P001-00"], []) == (await find(store, "鈴木"), await find(store, "田中"))
    assert "田中" not in {row[0] for row in await rows(store, "case_words")}


@pytest.mark.parametrize("is_read", [True, False], ids=["read", "due"])
async def test_an_erased_case_leaves_no_word(store: OwnedStore, is_read: bool) -> None:
    (saved,) = await save(store, person(1, "田中 太郎"))
    if is_read:
        await index_words(store).work_once()
    await store.transact(lambda tx: Eraser(tx.connection, tx.tombstone_key, NOW).case(saved.id))
    await index_words(store).work_once()
    tables = ("case_texts", "case_words", "words_due")
    assert [[], [], []] == [await rows(store, table) for table in tables]
    assert [] == await find(store, "田中")


async def test_many_are_read_in_turns_and_found_page_by_page(store: OwnedStore) -> None:
    count = CASES_A_TURN + 20
    await save(store, *(person(number, "田中") for number in range(count)))
    assert CASES_A_TURN == await store.transact(lambda tx: words.read_due(tx.connection, CASES_A_TURN))
    assert 20 == await index_words(store).work_once()
    seen, before = list[str](), 0
    while True:
        page = await store.transact(lambda tx: search.search(tx.connection, "田中", before))  # noqa: B023 - awaited here
        seen += [row["number"] for row in page.rows]
        before = page.before
        if not before:
            break
    assert [f"P{number:03X}-00" for number in reversed(range(count))] == seen


async def test_what_is_rare_is_found_behind_many_that_are_common(
    store: OwnedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filters, "FIRST", 3)
    monkeypatch.setattr(filters, "CHUNK", 5)
    monkeypatch.setattr(filters, "MAX_LOOKED_AT", 10)
    await save(store, person(0, "中田"), *(person(number, "中山 田") for number in range(1, 31)))
    await index_words(store).work_once()
    assert ["P000-00"] == await find(store, "中田")
    seen, before = 0, 0
    for _ in range(20):
        page = await store.transact(lambda tx: search.search(tx.connection, "0@", before))  # noqa: B023 - awaited here
        seen, before = seen + len(page.rows), page.before
        if not before:
            break
    assert 4 == seen


@given(st.text(max_size=40), st.text(max_size=40), st.integers(0, 40), st.integers(1, 12))
def test_the_pairs_of_a_part_are_pairs_of_the_whole(one: str, two: str, at: int, length: int) -> None:
    whole = words.fold_texts(one, two)
    part = fold(whole.split("\n")[0][at : at + length]).strip()
    if part in whole:
        assert words.list_grams(part) <= words.list_grams(whole)
