"""What is counted as it happens, and that nobody has to count afterwards."""

import re
import sqlite3
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from gateway.admission.case.decide import decide
from gateway.admission.case.events import InvitationSent
from gateway.admission.case.model import Letter, OutgoingLetter, State
from gateway.store.protocol import LAST_PROBE, LetterState
from gateway.store.queries import statistics
from gateway.store.queries.reader import NoDatabaseError
from gateway.store.queries.statistics import load_statistics
from gateway.store.sqlite import backup
from gateway.store.sqlite.migrations import VERSIONS
from gateway.store.sqlite.source import SqliteSource
from gateway.store.sqlite.store import SqliteStore
from tests.store.filled import at_version
from tests.store.test_contract import mail
from tests.support.factories import APPLICANT, DESK, NOW, case

LATER = NOW + timedelta(hours=30)


async def test_mails_are_counted_by_kind_and_by_day(store: SqliteStore) -> None:
    for key, at in (("a", NOW), ("b", LATER), ("c", LATER)):
        await store.transact(lambda tx, key=key, at=at: tx.record(replace(mail(key), received_at=at), None))
    found = load_statistics(SqliteSource(store.path), LATER)
    assert ({"application": 3}, {"application": 2}) == (found.mails, found.mails_day)


async def test_refusals_are_counted_by_reason(store: SqliteStore) -> None:
    for reason, at in (("unproven", NOW), ("unreachable", NOW), ("unproven", LATER)):
        await store.transact(lambda tx, reason=reason, at=at: tx.count_refusal(reason, "a.example", at, 9))
    found = load_statistics(SqliteSource(store.path), LATER)
    assert ({"unreachable": 1, "unproven": 2}, {"unproven": 1}) == (found.refusals, found.refusals_day)


async def test_a_letter_is_late_from_the_time_at_which_it_may_leave(store: SqliteStore) -> None:
    opened = await store.transact(lambda tx: tx.save(case(State.APPROVED)))
    outgoing = OutgoingLetter(Letter.INVITATION, APPLICANT, {}, NOW + timedelta(minutes=10))
    await store.transact(lambda tx: tx.enqueue(opened, [outgoing], NOW, None))
    early, late = (load_statistics(SqliteSource(store.path), NOW + timedelta(minutes=at)) for at in (5, 25))
    assert (1, True) == (early.outbox["queued"].letters, early.outbox["queued"].oldest_s <= 0)
    assert 900 == late.outbox["queued"].oldest_s


async def test_a_deferred_letter_is_late_since_it_is_queued_also_in_hand(store: SqliteStore) -> None:
    await store.transact(
        lambda tx: tx.enqueue(None, [OutgoingLetter(Letter.HOW_TO_APPLY, APPLICANT, {})], NOW, None)
    )
    (letter,) = await store.transact(lambda tx: tx.claim(NOW, NOW + timedelta(minutes=15), 9))
    assert 1 == load_statistics(SqliteSource(store.path), NOW).outbox["queued"].letters
    again = NOW + timedelta(hours=4)
    await store.transact(lambda tx: tx.record_outcome(letter.id, LetterState.DEFERRED, NOW, "451", again))
    found = load_statistics(SqliteSource(store.path), NOW + timedelta(hours=1)).outbox["deferred"]
    assert (1, 3600) == (found.letters, found.oldest_s)
    await store.transact(lambda tx: tx.record_outcome(letter.id, LetterState.SENT, again, "250", again))
    after = load_statistics(SqliteSource(store.path), again)
    assert ({"sent": 1}, 0) == (after.letters, after.outbox["deferred"].letters)


@pytest.mark.parametrize(
    ("hours", "bound"), [(0, 3600), (1, 3600), (1.5, 43200), (24, 86400), (71.5, 259200), (300, None)]
)
async def test_the_time_to_an_invitation_falls_into_its_bucket(
    store: SqliteStore, hours: float, bound: int | None
) -> None:
    opened = await store.transact(lambda tx: tx.save(case(State.INVITED)))
    at = NOW + timedelta(hours=hours)
    handed = decide(case(State.APPROVED), InvitationSent(), at, DESK).journal
    await store.transact(lambda tx: tx.journal(handed, at, opened.id, None))
    found = load_statistics(SqliteSource(store.path), at)
    assert [(bound, 1)] == [one for one in found.waits if one[1]]
    assert hours * 3600 == found.waited_s


async def test_the_oldest_and_the_overdue_cases_are_told(store: SqliteStore) -> None:
    await store.transact(lambda tx: tx.save(case(State.INVITED, number="AAAA-AA")))
    await store.transact(lambda tx: tx.save(case(number="BBBB-BB", opened_at=LATER)))
    await store.transact(lambda tx: tx.save(case(State.ON_HOLD)))
    due = case().due_on
    found = load_statistics(SqliteSource(store.path), LATER + timedelta(days=30))
    assert 2 == found.overdue
    assert found.oldest is not None
    assert ("K7QM-4T", "on_hold", NOW, due) == (
        found.oldest.number, found.oldest.state, found.oldest.opened_at, found.oldest.due_on,
    )  # fmt: skip


async def test_service_digest_backup_and_size_are_told(store: SqliteStore) -> None:
    await store.transact(lambda tx: tx.record_once("digest 2026-11-24", NOW))
    backup.make(store.path, backup.backup_folder(store.path), NOW)
    found = load_statistics(SqliteSource(store.path), NOW)
    assert (True, NOW, NOW) == (found.running, found.last_digest_at, found.last_backup_at)
    assert found.last_probe_at is None
    await store.transact(lambda tx: tx.record_last_time(LAST_PROBE, LATER))
    found = load_statistics(SqliteSource(store.path), LATER)
    assert (NOW, LATER) == (found.last_digest_at, found.last_probe_at)
    assert found.database_bytes > 4096
    store.close()
    assert load_statistics(SqliteSource(store.path), NOW).running is False
    store.path.with_name("gateway.db.lock").unlink()
    assert load_statistics(SqliteSource(store.path), NOW).running is None


@pytest.mark.parametrize("version", [name[:5] for name in VERSIONS][:-1])
def test_what_an_earlier_version_left_is_counted_at_the_upgrade(version: str, tmp_path: Path) -> None:
    path = tmp_path / "gateway.db"
    at_version(version, path).close()
    store = SqliteStore(path, "gw.example.go.jp")
    store.open()
    store.close()
    found = load_statistics(SqliteSource(path), NOW)
    connection = sqlite3.connect(path)
    mails = dict(connection.execute("SELECT kind, count(*) FROM mails GROUP BY kind").fetchall())
    sent = connection.execute("SELECT count(*) FROM letters WHERE state = 'sent'").fetchone()[0]
    handed = connection.execute("SELECT count(*) FROM journal WHERE event = 'invitation.handed'").fetchone()[
        0
    ]
    connection.close()
    assert (mails, sent, handed) == (found.mails, found.letters["sent"], sum(n for _, n in found.waits))


async def test_no_question_reads_all_mails_letters_or_cases(store: SqliteStore) -> None:
    asked: list[str] = []
    reader = statistics.StatisticsReader(SqliteSource(store.path))
    reader._db.set_trace_callback(asked.append)
    reader.read_statistics(NOW, date(2026, 11, 24))
    reader._db.set_trace_callback(None)
    plans = [row[3] for sql in asked for row in reader._db.execute(f"EXPLAIN QUERY PLAN {sql}")]
    reader.close()
    # Scans of the partial indexes read only what waits.
    allowed = re.compile(r"SCAN (letters USING INDEX letters_(due|held)|mails USING INDEX mails_unheard)")
    scans = [plan for plan in plans if re.search(r"SCAN (mails|letters|cases|journal)", plan)]
    assert 10 <= len(asked)
    assert [] == [plan for plan in scans if not allowed.match(plan)]


def test_a_database_of_an_earlier_version_is_told_apart(tmp_path: Path) -> None:
    at_version("v0003", tmp_path / "gateway.db").close()
    with pytest.raises(NoDatabaseError, match="earlier version"):
        load_statistics(SqliteSource(tmp_path / "gateway.db"), NOW)
