"""A database of every earlier version, as it was left filled, is brought up to date with nothing lost."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from gateway.store import chain, schema
from gateway.store.sqlite import SqliteStore
from gateway.store.versions import VERSIONS

FIXTURES = Path(__file__).parent / "fixtures"


def filled(version: str, path: Path) -> sqlite3.Connection:
    """The database of a version in a file."""
    connection = sqlite3.connect(path)
    connection.executescript((FIXTURES / f"{version}.sql").read_text(encoding="utf-8"))
    connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    connection.commit()
    return connection


def counts(connection: sqlite3.Connection) -> dict[str, int]:
    tables = ("cases", "mails", "letters", "tokens", "journal")
    sql = "SELECT count(*) FROM "
    return {table: connection.execute(sql + table).fetchone()[0] for table in tables}


def shape(connection: sqlite3.Connection) -> dict[str, str]:
    """Every table, index and trigger with its words; columns added later stand where they were added."""
    found = connection.execute("SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_schema")
    return {name: " ".join(sql.split()) for name, sql in found}


def test_every_released_version_has_its_database() -> None:
    assert [name[:5] for name in VERSIONS] == sorted(place.stem for place in FIXTURES.glob("v*.sql"))


@pytest.mark.parametrize("version", [name[:5] for name in VERSIONS])
def test_a_filled_database_is_brought_up_to_date(version: str, tmp_path: Path) -> None:
    path = tmp_path / "gateway.db"
    connection = filled(version, path)
    before = counts(connection)
    old_lines = connection.execute("SELECT id, at, event, actor, detail FROM journal").fetchall()
    connection.close()
    store = SqliteStore(path, "gw.example.go.jp")
    store.open()
    store.close()

    connection = sqlite3.connect(path)
    fresh = sqlite3.connect(":memory:")
    schema.prepare(fresh)
    assert min(before.values()) > 0
    assert before == counts(connection)
    assert old_lines == connection.execute("SELECT id, at, event, actor, detail FROM journal").fetchall()
    assert shape(fresh) == shape(connection)
    assert [("ok",)] == connection.execute("PRAGMA integrity_check").fetchall()
    assert [] == connection.execute("PRAGMA foreign_key_check").fetchall()
    proof = chain.check(connection)
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
    connection = filled(version, path)
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
