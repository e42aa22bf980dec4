"""The shape of the database: STRICT tables, brought up to date version by version when it is opened."""

from __future__ import annotations

import contextlib
import sqlite3

from sqlite_utils import Database, Migrations

from gateway.store.sqlite.migrations import VERSIONS, Step

APPLICATION_ID = 0x696E7477  # "intw": tells our files from other SQLite files

migrations = Migrations("intake-gateway")


class SchemaError(Exception):
    """The file is not a database of this gateway, or of a newer one; the message says what to do."""


def pending(connection: sqlite3.Connection) -> tuple[str, ...]:
    """The versions that the file still lacks. Raises SchemaError; only reads."""
    found = connection.execute("PRAGMA application_id").fetchone()[0]
    if not is_empty(connection) and found != APPLICATION_ID:
        raise SchemaError("the file is not a database of the intake gateway")
    applied = {row.name for row in migrations.applied(Database(connection))}
    newer = applied - set(VERSIONS)
    if newer:
        raise SchemaError(
            f"the database was written by a newer gateway (unknown: {', '.join(sorted(newer))}); "
            "install that version"
        )
    return tuple(name for name in VERSIONS if name not in applied)


def is_empty(connection: sqlite3.Connection) -> bool:
    """Whether nothing was ever put into the file."""
    return connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone() is None


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the schema up to date in one step, or raise SchemaError and leave the file as it is."""
    if pending(connection):
        db = Database(connection)
        # With the table of the versions itself: a process may die between any two statements.
        with db.atomic():
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            migrations.apply(db)


def shape(connection: sqlite3.Connection) -> dict[str, str]:
    """Every table, index and trigger by name, with its words; white space does not count."""
    found = connection.execute("SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_schema")
    return {name: " ".join(sql.split()) for name, sql in found}


def find_foreign(connection: sqlite3.Connection) -> tuple[str, ...]:
    """What no version of this gateway makes, as `type name`: triggers, views, virtual tables, and triggers of
    ours with other words. Runs nothing of the file. Raises SchemaError."""
    lacking = pending(connection)
    with contextlib.closing(sqlite3.connect(":memory:")) as ours:
        migrations.apply(Database(ours), stop_before=lacking[:1])
        known = shape(ours)
    return tuple(
        name
        for name, sql in sorted(shape(connection).items())
        if (name.startswith(("trigger ", "view ")) and known.get(name) != sql)
        or (name.startswith("table ") and name not in known and "sqlite_" not in name)
        or sql.upper().startswith("CREATE VIRTUAL")
    )


def _register(name: str, steps: tuple[Step, ...]) -> None:
    @migrations(name=name)
    def apply(db: Database) -> None:
        for step in steps:
            if isinstance(step, str):
                db.execute(step)
            else:
                step(db.conn)


for _name, _steps in VERSIONS.items():
    _register(_name, _steps)
