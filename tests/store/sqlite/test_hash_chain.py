"""The journal is a chain: every change, gap and exchange shows; erasing personal data does not break it."""

import asyncio
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.case.model import JournalEntry
from gateway.printing.outside import Outside
from gateway.store.integrity import hash_chain
from gateway.store.protocol import Transaction
from gateway.store.sqlite.migrations import schema
from gateway.store.sqlite.store import SqliteStore
from tests.support.factories import NOW


@pytest.fixture
def written(tmp_path: Path) -> sqlite3.Connection:
    """A journal of six lines, as a connection that may do anything to it."""

    async def write() -> None:
        store = SqliteStore(tmp_path / "gateway.db", "gw.example.go.jp")
        store.open()
        for number in range(6):
            event = JournalEntry("application", Outside("hanako@town.mihon.lg.jp"), {"number": number})
            await store.transact(lambda tx, event=event: tx.journal([event], NOW, None, None))  # type: ignore[misc]
        store.close()

    asyncio.run(write())
    return sqlite3.connect(tmp_path / "gateway.db", isolation_level=None)


def without_triggers(connection: sqlite3.Connection) -> None:
    for name in ("journal_no_update", "journal_no_delete"):
        connection.execute(f"DROP TRIGGER {name}")


def test_an_untouched_journal_is_proven_to_its_last_line(written: sqlite3.Connection) -> None:
    proof = hash_chain.check(written)
    assert ([], 6, 0) == (proof.broken, proof.lines, proof.erased)
    assert hash_chain.read_head(written) == proof.head


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("UPDATE journal SET actor = 'taro@town.mihon.lg.jp' WHERE id = 3", "line 3: actor or detail"),
        ("UPDATE journal SET detail = '{\"number\":9}' WHERE id = 3", "line 3: actor or detail"),
        (
            "UPDATE journal SET event = 'withdrawal' WHERE id = 3",
            "line 3: does not match the previous line's hash",
        ),
        (
            "UPDATE journal SET at = '2026-01-01' WHERE id = 3",
            "line 3: does not match the previous line's hash",
        ),
        ("UPDATE journal SET mail_id = 7 WHERE id = 3", "line 3: does not match the previous line's hash"),
        ("DELETE FROM journal WHERE id = 3", "line 4: does not match the previous line's hash"),
        ("UPDATE journal SET id = id + 10 WHERE id = 6", "line 16: does not match the previous line's hash"),
        ("UPDATE journal SET actor = '', detail = '{}', salt = NULL WHERE id = 3", "blanked without .*: 3$"),
        ("UPDATE journal SET salt = NULL WHERE id = 3", "line 3: has no salt and is not blank"),
        (
            "INSERT INTO journal SELECT 7, at, event, actor, case_id, mail_id, detail, salt, commitment, hash"
            " FROM journal WHERE id = 6",
            "line 7: does not match the previous line's hash",
        ),
    ],
)
def test_every_kind_of_change_shows(written: sqlite3.Connection, change: str, says: str) -> None:
    without_triggers(written)
    written.execute(change)
    broken = hash_chain.check(written).broken
    assert any(re.search(says, line) for line in broken), broken


def test_a_cut_off_end_shows_against_a_head_noted_before(written: sqlite3.Connection) -> None:
    noted = hash_chain.read_head(written).hash
    assert {noted} == hash_chain.check(written, [noted]).known
    without_triggers(written)
    written.execute("DELETE FROM journal WHERE id = 6")
    proof = hash_chain.check(written, [noted])
    assert ([], set()) == (proof.broken, proof.known)


def test_the_only_change_that_the_database_allows_is_to_blank_a_line(written: sqlite3.Connection) -> None:
    for refused in (
        "UPDATE journal SET actor = ''",
        "UPDATE journal SET actor = '', detail = '{}', salt = x'00'",
        "UPDATE journal SET actor = '', detail = '{}', salt = NULL, at = '2026'",
        "UPDATE journal SET actor = '', detail = '{}', salt = NULL, case_id = 4",
        "UPDATE journal SET actor = '', detail = '{}', salt = NULL, hash = x'00'",
        "DELETE FROM journal",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="append only"):
            written.execute(refused)
    written.execute("UPDATE journal SET actor = '', detail = '{}', salt = NULL WHERE id = 2")
    assert 1 == hash_chain.check(written).erased


def test_blanked_lines_that_a_later_line_names_are_in_order(
    written: sqlite3.Connection, tmp_path: Path
) -> None:
    written.execute("UPDATE journal SET actor = '', detail = '{}', salt = NULL WHERE id IN (1, 2, 5)")
    written.close()

    async def name() -> None:
        store = SqliteStore(tmp_path / "gateway.db", "gw.example.go.jp")
        store.open()
        event = JournalEntry(hash_chain.ERASED, detail={"lines": hash_chain.ranges([5, 2, 1])})
        await store.transact(lambda tx: tx.journal([event], NOW, None, None))
        store.close()

    asyncio.run(name())
    connection = sqlite3.connect(tmp_path / "gateway.db")
    assert [] == hash_chain.check(connection).broken
    with pytest.raises(sqlite3.IntegrityError, match="append only"):
        connection.execute("UPDATE journal SET actor = '', detail = '{}', salt = NULL WHERE id = 7")
    connection.close()


async def test_work_that_fails_leaves_no_gap_in_the_chain(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "gateway.db", "gw.example.go.jp")
    store.open()

    def work(fails: bool) -> Callable[[Transaction], None]:
        def run(tx: Transaction) -> None:
            tx.journal([JournalEntry("one"), JournalEntry("two")], NOW, None, None)
            if fails:
                raise ValueError("halfway")

        return run

    jobs = (store.transact(work(fails)) for fails in (False, True, False, True, True, False))
    await asyncio.gather(*jobs, return_exceptions=True)
    store.close()
    connection = sqlite3.connect(tmp_path / "gateway.db")
    proof = hash_chain.check(connection)
    connection.close()
    assert ([], 6) == (proof.broken, proof.lines)


def test_lines_from_before_the_chain_are_chained_as_they_stand() -> None:
    connection = sqlite3.connect(":memory:")
    schema.migrate(connection)
    without_triggers(connection)
    connection.executemany(
        "INSERT INTO journal (id, at, event, actor, detail) VALUES (?, '2026', 'x', 'who', '{}')",
        [(number,) for number in (*range(1, 2_500), 4_000, 4_001)],
    )
    hash_chain.chain_up(connection, lambda size: b"s" * size)
    proof = hash_chain.check(connection)
    assert ([], 2_501, 4_001) == (proof.broken, proof.lines, proof.head.number)
    connection.close()


@given(st.sets(st.integers(1, 40)), st.sets(st.integers(1, 40)))
def test_ranges_of_numbers_say_what_the_numbers_say(blanked: set[int], named: set[int]) -> None:
    ours, theirs = hash_chain._Numbers(), hash_chain._Numbers()
    ours.ranges, theirs.ranges = hash_chain.ranges(blanked), hash_chain.ranges(named)
    left = {number for low, high in ours.without(theirs) for number in range(low, high + 1)}
    assert blanked - named == left
