"""A database as a release after this one would leave it: with steps that this one does not know."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from gateway.store.sqlite.migrations import VERSIONS, way_back
from gateway.store.sqlite.store import SqliteStore
from tests.store.filled import DOMAIN

TABLES = ("cases", "mails", "letters", "tokens", "journal", "commands", "chores", "tallies", "absences")
_SAW = "INSERT INTO seen_{} (n) VALUES (1);"


def list_additions() -> list[str]:
    """A column for each table, a table of its own for each, filled by a trigger, and an index."""
    return [
        statement
        for table in TABLES
        for statement in (
            f"ALTER TABLE {table} ADD COLUMN note_{table} TEXT NOT NULL DEFAULT 'none'",
            f"ALTER TABLE {table} ADD COLUMN more_{table} INTEGER",
            f"CREATE INDEX newer_{table} ON {table} (more_{table})",
            f"CREATE TABLE seen_{table} (n INTEGER NOT NULL) STRICT",
            f"CREATE TRIGGER saw_{table} AFTER INSERT ON {table} BEGIN {_SAW.format(table)} END",
        )
    ]


def upgrade(
    path: Path, statements: Iterable[str], floor: int | None = None, name: str = "v9001_newer"
) -> None:
    """Do what the next release would do at its start; `floor` is what it says of the way back."""
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        add_step(connection, name)
        connection.execute(f"PRAGMA user_version = {way_back.find_floor() if floor is None else floor}")
        connection.commit()


def add_step(connection: sqlite3.Connection, name: str) -> None:
    """Write down that a version was applied."""
    connection.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
        " VALUES ('intake-gateway', :name, '2027-05-01 00:00:00')",
        {"name": name},
    )


def build_newer(path: Path, statements: Iterable[str]) -> None:
    """An empty database of the next release."""
    store = SqliteStore(path, DOMAIN)
    store.open()
    store.close()
    upgrade(path, statements)


LAST = max(int(name[1:5]) for name in VERSIONS)
