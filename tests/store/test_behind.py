"""A database that lacks what this machine saw committed takes nothing, until an operator says so."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.admission.case.model import JournalEntry, Letter, OutgoingLetter
from gateway.printing.fields import ours
from gateway.store.commands import behind
from gateway.store.commands.requests import CommandRunner, new_request
from gateway.store.console import sessions
from gateway.store.console.accounts import identities
from gateway.store.integrity import journal_head
from gateway.store.integrity.hash_chain import Head
from gateway.store.integrity.journal_head import HeadFile
from gateway.store.protocol import StoreUnavailableError, Transaction
from gateway.store.queries.statistics import load_statistics
from gateway.store.sqlite.source import SqliteSource
from gateway.store.sqlite.store import SqliteStore
from gateway.store.tables.letters.holding import hold_waiting
from tests.store.filled import DOMAIN
from tests.store.makers import MakeStore, make_store, place
from tests.support.factories import APPLICANT, NOW, SATO

__all__ = ["make_store", "place"]


async def note(store: object, name: str) -> None:
    entry = JournalEntry(name, ours("me"), {"a": 1})
    letter = OutgoingLetter(Letter.HOW_TO_APPLY, APPLICANT, {})

    def work(tx: object) -> None:
        tx.journal((entry,), NOW, None, None)  # type: ignore[attr-defined]
        tx.enqueue(None, [letter], NOW, None)  # type: ignore[attr-defined]

    await store.transact(work)  # type: ignore[attr-defined]


def let_in(tx: Transaction) -> None:
    """A session and a linked account, which may be ended later."""
    sessions.begin(tx.connection, "s", "b", SATO.key, "decider", NOW, timedelta(hours=8))
    identities.link(tx.connection, "d" * 64, SATO.key, "https://login.example", NOW)


@pytest.fixture
async def old_and_new(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    """A store that was closed after three lines, and whose file is now the one after the first."""
    store = SqliteStore(tmp_path / "gateway.db", DOMAIN)
    store.open()
    await note(store, "one")
    await store.transact(let_in)
    store.close()
    shutil.copy(store.path, tmp_path / "old.db")
    store.open()
    await note(store, "two")
    await note(store, "three")
    store.close()
    shutil.copy(tmp_path / "old.db", store.path)
    yield store
    store.close()


async def test_an_older_file_takes_nothing_and_status_says_so(old_and_new: SqliteStore) -> None:
    old_and_new.open()
    with pytest.raises(StoreUnavailableError, match=r"lacks line 3 of the journal.*last line is 1.*accept"):
        await note(old_and_new, "four")
    assert "lacks line 3" in load_statistics(SqliteSource(old_and_new.path), NOW).behind
    with closing(sqlite3.connect(old_and_new.path)) as connection:
        assert [("one",)] == connection.execute("SELECT event FROM journal").fetchall()


async def test_an_operator_goes_on_and_what_waits_is_held_until_it_is_released(
    old_and_new: SqliteStore,
) -> None:
    old_and_new.open()
    runner = CommandRunner(behind.AcceptingStore(old_and_new), behind.build_handlers(), lambda: NOW)
    request = new_request(behind.ACCEPT, "operator:rei", {}, NOW)
    answer = await runner.carry_out(request)
    assert answer.done, answer.error
    ways_in = "SELECT member FROM console_sessions UNION ALL SELECT member FROM console_identities"
    assert [] == await old_and_new.transact(lambda tx: tx.connection.execute(ways_in).fetchall())
    assert 1 == len(answer.facts["held"])  # type: ignore[arg-type]
    await note(old_and_new, "two again")
    assert "" == load_statistics(SqliteSource(old_and_new.path), NOW).behind
    refused = await runner.carry_out(new_request(behind.ACCEPT, "operator:rei", {}, NOW))
    assert (False, "not behind" in refused.error) == (refused.done, True)
    old_and_new.close()
    old_and_new.open()
    assert "" == old_and_new.behind


async def test_a_log_that_was_deleted_shows(tmp_path: Path) -> None:
    """The process was killed: all since the last checkpoint stands in gateway.db-wal alone."""
    store = SqliteStore(tmp_path / "gateway.db", DOMAIN)
    store.open()
    await note(store, "one")
    store._head.write(at_once=True)
    later = tmp_path / "later"
    later.mkdir()
    for name in ("gateway.db", "gateway.db.head", "gateway.db.key"):
        shutil.copy(tmp_path / name, later / name)
    store.close()
    after = SqliteStore(later / "gateway.db", DOMAIN)
    after.open()
    assert "lacks line 1" in after.behind
    after.close()


async def test_work_that_failed_is_not_taken_for_committed(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "gateway.db", DOMAIN)
    store.open()

    def fail(tx: object) -> None:
        tx.journal((JournalEntry("bad", ours("me"), {}),), NOW, None, None)  # type: ignore[attr-defined]
        raise ValueError("halfway")

    with pytest.raises(ValueError, match="halfway"):
        await store.transact(fail)
    await store.transact(lambda tx: tx.next_due())
    store.close()
    assert 0 == HeadFile(store.path).load().number
    store.open()
    assert "" == store.behind
    store.close()


async def test_every_store_notes_the_last_line_and_misses_one_that_is_gone(make_store: MakeStore) -> None:
    store = make_store()
    store.open()
    await note(store, "one")
    await note(store, "two")
    store.close()
    seen = HeadFile(store.path)
    assert 2 == seen.load().number
    seen.note(Head(7, bytes(32)))
    seen.write(at_once=True)
    store = make_store()
    store.open()
    with pytest.raises(StoreUnavailableError, match="lacks line 7 of the journal"):
        await note(store, "three")
    held = await store.accept_behind(lambda tx: len(hold_waiting(tx.connection, "why")))
    await note(store, "three")
    assert 2 == held
    store.close()
    store = make_store()
    store.open()
    assert "" == store.behind
    store.close()


async def test_a_server_that_was_promoted_without_a_line_is_behind_at_once(
    make_store: MakeStore, request: pytest.FixtureRequest
) -> None:
    """No job that waited for the connection is done there."""
    if "postgresql" not in request.node.name:
        pytest.skip("a file is opened once")
    store = make_store()
    store.open()
    await note(store, "one")
    store._head.note(Head(2, bytes(32)))  # type: ignore[attr-defined]
    store._writer._connection.close()  # type: ignore[attr-defined]
    told = []
    async with asyncio.timeout(20):
        while not store.behind or "lacks line 2" not in told[-1]:
            with pytest.raises(StoreUnavailableError) as error:
                await note(store, "two")
            told.append(str(error.value))
            await asyncio.sleep(0.05)
    await store.accept_behind(lambda tx: tx.next_due())
    await note(store, "two")
    assert ["one", "two"] == await store.transact(
        lambda tx: [row["event"] for row in tx.connection.execute("SELECT event FROM journal ORDER BY id")]
    )
    store.close()


@pytest.mark.parametrize("raw", [b"", b"\x00" * 80, b"3", b"three abc\n", b"3 zz\n", b"\xff\xfe"])
def test_a_file_that_cannot_be_read_tells_nothing(tmp_path: Path, raw: bytes) -> None:
    file = HeadFile(tmp_path / "gateway.db")
    file.path.write_bytes(raw)
    assert Head() == file.load()


def test_it_is_written_once_a_second_and_at_the_end(tmp_path: Path) -> None:
    file = HeadFile(tmp_path / "gateway.db")
    for number in range(1, 50):
        file.note(Head(number, bytes(32)))
        file.write()
    assert 1 == HeadFile(tmp_path / "gateway.db").load().number
    file.write(at_once=True)
    assert 49 == HeadFile(tmp_path / "gateway.db").load().number
    journal_head.forget(tmp_path / "gateway.db")
    assert Head() == HeadFile(tmp_path / "gateway.db").load()
