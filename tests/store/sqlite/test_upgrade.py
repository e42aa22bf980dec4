"""A database of every earlier version, as it was left filled, is brought up to date with nothing lost."""

import asyncio
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.store.integrity import hash_chain
from gateway.store.protocol import LetterRow
from gateway.store.queries.reader import NoDatabaseError, Reader
from gateway.store.sqlite.integrity.verify import verify
from gateway.store.sqlite.migrations import VERSIONS, schema
from gateway.store.sqlite.source import SqliteSource
from gateway.store.sqlite.store import SqliteStore
from tests.store.filled import at_version, versions
from tests.support.factories import NOW


def counts(connection: sqlite3.Connection) -> dict[str, int]:
    tables = ("cases", "mails", "letters", "tokens", "journal")
    sql = "SELECT count(*) FROM "
    return {table: connection.execute(sql + table).fetchone()[0] for table in tables}


def test_every_released_version_has_its_database() -> None:
    assert [name[:5] for name in VERSIONS] == versions()


@pytest.mark.parametrize("version", [name[:5] for name in VERSIONS])
def test_a_filled_database_is_brought_up_to_date(version: str, tmp_path: Path) -> None:
    path = tmp_path / "gateway.db"
    connection = at_version(version, path)
    before = counts(connection)
    old_lines = connection.execute("SELECT id, at, event, actor, detail FROM journal").fetchall()
    connection.close()
    store = SqliteStore(path, "gw.example.go.jp")
    store.open()
    store.close()

    connection = sqlite3.connect(path)
    fresh = sqlite3.connect(":memory:")
    schema.migrate(fresh)
    assert min(before.values()) > 0
    assert before == counts(connection)
    assert old_lines == connection.execute("SELECT id, at, event, actor, detail FROM journal").fetchall()
    assert schema.shape(fresh) == schema.shape(connection)
    assert [("ok",)] == connection.execute("PRAGMA integrity_check").fetchall()
    assert [] == connection.execute("PRAGMA foreign_key_check").fetchall()
    proof = hash_chain.check(connection)
    assert ([], before["journal"]) == (proof.broken, proof.lines)
    by_state = "SELECT state, count(*) FROM cases GROUP BY state ORDER BY state"
    assert (
        connection.execute(by_state).fetchall()
        == connection.execute("SELECT state, n FROM case_counts WHERE n > 0 ORDER BY state").fetchall()
    )
    connection.close()
    fresh.close()


@pytest.mark.parametrize("version", [name[:5] for name in VERSIONS])
def test_cases_letters_and_tokens_of_an_older_version_can_be_read(version: str, tmp_path: Path) -> None:
    path = tmp_path / "gateway.db"
    connection = at_version(version, path)
    ids = [row[0] for row in connection.execute("SELECT id FROM cases")]
    digests = [row[0] for row in connection.execute("SELECT digest FROM tokens")]
    connection.close()

    async def read() -> None:
        store = SqliteStore(path, "gw.example.go.jp")
        store.open()
        cases = await store.transact(lambda tx: [tx.case(each) for each in ids])
        tokens = await store.transact(lambda tx: [tx.token(each) for each in digests])
        store.close()
        assert None not in cases
        assert None not in tokens

    asyncio.run(read())


def test_letters_that_were_owed_are_queued_and_due(tmp_path: Path) -> None:
    path = tmp_path / "gateway.db"
    connection = at_version("v0009", path)
    before = "state = 'owed', sent_at = NULL, not_before = owed_at"
    connection.execute(f"UPDATE letters SET {before} WHERE id IN (1, 2)")  # noqa: S608 - our own constant
    leased = "2026-11-24T01:00:00.000000+00:00"
    connection.execute(f"UPDATE letters SET {before}, leased_until = ? WHERE id = 3", (leased,))  # noqa: S608
    connection.commit()
    connection.close()

    async def claim() -> tuple[LetterRow, ...]:
        store = SqliteStore(path, "gw.example.go.jp")
        store.open()
        try:
            return await store.transact(lambda tx: tx.claim(NOW + timedelta(days=365), NOW, 10))
        finally:
            store.close()

    assert [(1, "queued"), (2, "queued"), (3, "queued")] == [
        (row.id, row.state) for row in asyncio.run(claim())
    ]
    assert verify(path).is_sound


@pytest.mark.parametrize("version", [name[:5] for name in VERSIONS][:-1])
def test_a_reader_asks_for_the_upgrade_first(version: str, tmp_path: Path) -> None:
    at_version(version, tmp_path / "gateway.db").close()
    with pytest.raises(NoDatabaseError, match="was written by an earlier version; start the gateway once"):
        Reader(SqliteSource(tmp_path / "gateway.db"))


@pytest.mark.parametrize("version", [name[:5] for name in VERSIONS][:-1])
def test_before_anything_is_changed_there_is_a_proven_backup(version: str, tmp_path: Path) -> None:
    path = tmp_path / "gateway.db"
    connection = at_version(version, path)
    before = sorted(connection.iterdump())
    connection.close()
    for _ in range(2):  # a second start has nothing to upgrade
        store = SqliteStore(path, "gw.example.go.jp", lambda: NOW)
        store.open()
        store.close()
    (made,) = (tmp_path / "backups").iterdir()
    following = min(name[:5] for name in VERSIONS if name[:5] > version)
    assert f"gateway-20261124T010000Z-before-{following}.db" == made.name
    assert 0o600 == made.stat().st_mode & 0o777
    connection = sqlite3.connect(made)
    assert before == sorted(connection.iterdump())
    connection.close()


def test_without_a_backup_nothing_is_upgraded(tmp_path: Path) -> None:
    path = tmp_path / "gateway.db"
    at_version("v0001", path).close()
    (tmp_path / "backups").write_text("in the way")
    with pytest.raises(OSError, match="backups"):
        SqliteStore(path, "gw.example.go.jp").open()
    connection = sqlite3.connect(path)
    assert "v0002_organisations" in schema.pending(connection)
    connection.close()


def test_a_new_database_needs_no_backup_and_is_for_nobody_else(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "gateway.db", "gw.example.go.jp")
    store.open()
    store.close()
    assert not (tmp_path / "backups").exists()
    assert 0o600 == store.path.stat().st_mode & 0o777


def test_starts_that_fail_again_and_again_do_not_fill_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "gateway.db"
    at_version("v0001", path).close()

    def failing(_connection: sqlite3.Connection) -> None:
        raise sqlite3.OperationalError("no room")

    monkeypatch.setattr(schema, "migrate", failing)
    for minute in range(6):
        store = SqliteStore(path, "gw.example.go.jp", lambda at=NOW + timedelta(minutes=minute): at)  # type: ignore[misc]
        with pytest.raises(sqlite3.OperationalError, match="no room"):
            store.open()
    assert 3 == len(list((tmp_path / "backups").iterdir()))
