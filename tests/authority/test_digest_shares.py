"""No flood pushes a lost letter, a held mail or a count of another domain out of the digest."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.business_days import tokyo_date
from gateway.admission.case.digest.shares import MAX_FAILED, list_undelivered, pick_fairly
from gateway.admission.case.model import JournalEntry, Letter, LetterCaps, OutgoingLetter
from gateway.mail.address import parse
from gateway.store.protocol import JournalLine
from gateway.store.sqlite.store import SqliteStore
from gateway.store.tables.letters.counts import MAX_CAPPED
from tests.support.factories import NOW, case


@given(st.lists(st.sampled_from("abcde"), max_size=60), st.integers(1, 20))
def test_no_unit_has_a_line_more_than_one_that_has_further(units: list[str], most: int) -> None:
    rows = list(enumerate(units))
    shown = pick_fairly(rows, most, lambda row: row[1])
    assert shown == sorted(shown)
    assert min(most, len(rows)) == len(shown)
    had, all_of = Counter(unit for _, unit in shown), Counter(units)
    for unit in all_of:
        if had[unit] < all_of[unit]:
            assert max(had.values()) <= had[unit] + 1


@given(st.integers(0, 6), st.integers(0, 400), st.integers(1, 40))
def test_lost_letters_of_one_domain_are_told_under_a_flood_of_others(
    own: int, flood: int, spread: int
) -> None:
    units = [f"f{place % spread}.example" for place in range(flood)]
    lines = [JournalLine(NOW, "letter.undelivered", "F", {}, unit) for unit in units]
    lines += [JournalLine(NOW, "letter.undelivered", "K7QM-4T", {}, "city.mihon.lg.jp")] * own
    told, more = list_undelivered(lines)
    mine = sum(row["number"] == "K7QM-4T" for row in told)
    assert len(lines) == len(told) + more
    assert min(own, MAX_FAILED // (spread + 1)) <= mine


async def test_every_capped_letter_is_in_a_count(store: SqliteStore) -> None:
    caps = LetterCaps(per_address=0)
    saved = await store.transact(lambda tx: tx.save(case()))
    asked = [parse(f"a@f{place}.example") for place in range(MAX_CAPPED + 30)]
    sent = [OutgoingLetter(Letter.HOW_TO_APPLY, to, {}) for to in asked]
    await store.transact(lambda tx: tx.enqueue(saved, sent, NOW, None, caps))
    today = tokyo_date(NOW)
    found = await store.transact(lambda tx: tx.capped_letters(today, today + timedelta(days=1)))
    assert len(sent) == sum(count for *_, count in found)
    assert ("rest", "day", "", 30) == found[-1]


async def test_a_line_about_a_lost_letter_knows_its_unit(store: SqliteStore) -> None:
    lost = JournalEntry("letter.undelivered", detail={"to": parse("x@ka.city.mihon.lg.jp")})
    await store.transact(lambda tx: tx.journal((lost,), NOW, None, None))
    (line,) = await store.transact(lambda tx: tx.journal_since(NOW - timedelta(1), (lost.name,), 9))
    assert "city.mihon.lg.jp" == line.unit
