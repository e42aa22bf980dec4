"""The schema refuses what is not ours, and keeps types strict."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from gateway.store.sqlite.migrations import schema
from gateway.store.sqlite.store import SqliteStore


def test_a_foreign_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "foreign.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE stamps (id INTEGER)")
    connection.commit()
    connection.close()
    with pytest.raises(schema.SchemaError, match="not an intake gateway database"):
        SqliteStore(path, "gw.example.go.jp").open()
    connection = sqlite3.connect(path)
    assert [("stamps",)] == connection.execute("SELECT name FROM sqlite_schema").fetchall()
    connection.close()


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gateway.db"
    store = SqliteStore(path, "gw.example.go.jp")
    store.open()
    store.close()
    connection = sqlite3.connect(path)
    connection.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
        " VALUES ('intake-gateway', 'v9999', 'x')"
    )
    connection.execute("PRAGMA user_version = 9999")
    connection.commit()
    connection.close()
    with pytest.raises(schema.SchemaError, match="newer gateway"):
        SqliteStore(path, "gw.example.go.jp").open()


def test_tables_are_strict(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "gateway.db")
    schema.migrate(connection)
    loose = connection.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict "
        "AND name NOT LIKE 'sqlite_%' AND name != '_sqlite_migrations'"
    ).fetchall()
    connection.close()
    assert [] == loose


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gateway.db"
    path.write_bytes(b"this is no database, it is a letter to the town hall" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        SqliteStore(path, "gw.example.go.jp").open()


@pytest.mark.parametrize("forbidden", ["idx__sqlite_migrations_migration_set_name", "journal_case"])
def test_a_first_start_that_is_cut_off_leaves_nothing_half_made(tmp_path: Path, forbidden: str) -> None:
    connection = sqlite3.connect(tmp_path / "gateway.db")
    connection.set_authorizer(
        lambda action, name, *_: (
            sqlite3.SQLITE_DENY
            if (action, name) == (sqlite3.SQLITE_CREATE_INDEX, forbidden)
            else sqlite3.SQLITE_OK
        )
    )
    with pytest.raises(sqlite3.DatabaseError):
        schema.migrate(connection)
    assert schema.is_empty(connection)
    connection.set_authorizer(None)
    schema.migrate(connection)
    with closing(sqlite3.connect(":memory:")) as fresh:
        schema.migrate(fresh)
        assert schema.shape(fresh) == schema.shape(connection)
    connection.close()
