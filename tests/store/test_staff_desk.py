"""What any store must do for the staff's desk and for housekeeping; goes with `test_contract`."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.admission.authority.tokens import token_hash
from gateway.admission.case.model import OPEN, Case, JournalEntry, Letter, OutgoingLetter, State
from gateway.mail.smtp.mailboxes import Purpose
from gateway.store.protocol import Transaction
from gateway.store.sqlite.store import SqliteStore
from tests.support.factories import NOW, SATO, case

LEASE = timedelta(minutes=15)


async def test_a_case_keeps_what_the_staff_did_with_it(store: SqliteStore) -> None:
    full = case(
        State.ON_HOLD,
        handler=str(SATO),
        question="課名は?",
        held_until=NOW.date(),
        first_approval=SATO.key,
        waits_since=NOW,
    )
    saved = await store.transact(lambda tx: tx.save(full))
    assert saved == await store.transact(lambda tx: tx.case(saved.id))


async def test_open_cases_come_by_due_day(store: SqliteStore) -> None:
    late = case(number="AAAA-AA", due_on=NOW.date())
    for one in (case(), late, case(State.INVITED, number="BBBB-BB")):
        await store.transact(lambda tx, one=one: tx.save(one))  # type: ignore[misc]
    found = await store.transact(lambda tx: tx.open_cases(9))
    assert ["AAAA-AA", "K7QM-4T"] == [one.number for one in found]
    assert 2 == await store.transact(lambda tx: tx.count_open())


@given(
    st.lists(st.tuples(st.sampled_from(sorted(State)), st.integers(0, 5)), max_size=25),
    st.integers(1, 4),
)
@settings(max_examples=30, deadline=None)
async def test_open_cases_come_in_turns_each_once(cases: list[tuple[State, int]], turn: int) -> None:
    with TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "gateway.db", "gw.example.go.jp")
        store.open()

        def put(tx: Transaction) -> list[Case]:
            days = [timedelta(days=late) for _, late in cases]
            made = zip(cases, days, range(99), strict=False)
            return [
                tx.save(case(state, number=f"N{n}", due_on=(NOW + day).date())) for (state, _), day, n in made
            ]

        saved = await store.transact(put)
        found: list[Case] = []
        while True:
            after = found[-1] if found else None
            some = await store.transact(lambda tx, after=after: tx.open_cases(turn, after))  # type: ignore[misc]
            if not some:
                break
            found += some
        store.close()
        wanted = [one for one in saved if one.state in OPEN]
        assert sorted(wanted, key=lambda one: (one.due_on, one.id)) == found


async def test_a_chore_is_remembered_once_for_each_case(store: SqliteStore) -> None:
    saved = await store.transact(lambda tx: tx.save(case()))
    first = await store.transact(
        lambda tx: (tx.record_once("due 50", NOW, saved), tx.record_once("due 50", NOW))
    )
    again = await store.transact(
        lambda tx: (tx.record_once("due 50", NOW, saved), tx.record_once("due 50", NOW))
    )
    assert ((True, True), (False, False)) == (first, again)


async def test_only_the_last_time_of_what_is_done_often_is_kept(store: SqliteStore) -> None:
    for days in (0, 1, 2):
        at = NOW + timedelta(days=days)
        await store.transact(lambda tx, at=at: tx.record_last_time("probe", at))  # type: ignore[misc]
    assert at == await store.transact(lambda tx: tx.last_time("probe"))
    assert not await store.transact(lambda tx: tx.record_once("probe", NOW))


async def test_the_last_time_of_a_chore_is_that_of_its_kind(store: SqliteStore) -> None:
    assert await store.transact(lambda tx: tx.last_time("digest ")) is None
    for days in (0, 1):
        at = NOW + timedelta(days=days)
        await store.transact(lambda tx, at=at: tx.record_once(f"digest {at.date()}", at))  # type: ignore[misc]
    await store.transact(lambda tx: tx.record_once("other", NOW + timedelta(days=9)))
    assert NOW + timedelta(days=1) == await store.transact(lambda tx: tx.last_time("digest "))


async def test_the_journal_is_read_by_name_and_time_the_newest_first(store: SqliteStore) -> None:
    for hours, name in ((0, "a"), (1, "a"), (2, "b"), (3, "a")):
        at, event = NOW + timedelta(hours=hours), JournalEntry(name, detail={"hours": hours})
        await store.transact(lambda tx, at=at, event=event: tx.journal([event], at, None, None))  # type: ignore[misc]
    found = await store.transact(lambda tx: tx.journal_since(NOW, ["a"], 10))
    assert [3, 1] == [line.detail["hours"] for line in found]
    assert 1 == len(await store.transact(lambda tx: tx.journal_since(NOW, ["a"], 1)))


async def test_a_revoked_token_is_expired_and_still_names_its_letter(store: SqliteStore) -> None:
    saved = await store.transact(lambda tx: tx.save(case()))
    await store.transact(
        lambda tx: tx.enqueue(saved, [OutgoingLetter(Letter.REVIEW_REQUEST, SATO, {})], NOW, None)
    )
    (row,) = await store.transact(lambda tx: tx.claim(NOW, NOW + LEASE, 10))
    digest = token_hash("secret")
    await store.transact(lambda tx: tx.keep_token(digest, Purpose.DECIDE, row, NOW + LEASE))
    await store.transact(lambda tx: tx.revoke_token(digest, NOW))
    kept = await store.transact(lambda tx: tx.token(digest))
    assert kept is not None
    assert (NOW, SATO) == (kept.expires_at, kept.addressee)


async def test_the_token_of_a_digest_tells_which_revisions_it_showed(store: SqliteStore) -> None:
    facts = {"cases": [{"number": "K7QM-4T", "revision": 4}]}
    await store.transact(lambda tx: tx.enqueue(None, [OutgoingLetter(Letter.DIGEST, SATO, facts)], NOW, None))
    (row,) = await store.transact(lambda tx: tx.claim(NOW, NOW + LEASE, 10))
    await store.transact(lambda tx: tx.keep_token(token_hash("x"), Purpose.DECIDE, row, NOW + LEASE))
    kept = await store.transact(lambda tx: tx.token(token_hash("x")))
    assert kept is not None
    assert ({"K7QM-4T": 4}, None) == (dict(kept.shown), kept.case_id)
