"""The shape of the database: STRICT tables, brought up to date version by version when it is opened."""

from __future__ import annotations

import contextlib
import sqlite3

from sqlite_utils import Database, Migrations

from gateway.store.sqlite.migrations import VERSIONS, Step, way_back

APPLICATION_ID = 0x696E7477  # "intw": tells our files from other SQLite files

migrations = Migrations("intake-gateway")


class SchemaError(Exception):
    """The file is not a database of this gateway, or of one too new; the message says what to do."""


def pending(connection: sqlite3.Connection) -> tuple[str, ...]:
    """The versions that the file still lacks; those of a newer gateway that only add are let through.
    Raises SchemaError; only reads."""
    found = connection.execute("PRAGMA application_id").fetchone()[0]
    if not is_empty(connection) and found != APPLICATION_ID:
        raise SchemaError("the file is not a database of the intake gateway")
    _let_through(connection)
    applied = _list_applied(connection)
    return tuple(name for name in VERSIONS if name not in applied)


def list_newer(connection: sqlite3.Connection) -> tuple[str, ...]:
    """The versions in the file that this gateway does not know, in their order."""
    return tuple(sorted(_list_applied(connection) - set(VERSIONS)))


def list_obstacles(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Why versions in the file that this gateway does not know keep it from opening it, as phrases."""
    newer = list_newer(connection)
    if not newer:
        return ()
    with contextlib.closing(sqlite3.connect(":memory:")) as ours:
        migrations.apply(Database(ours))
        return way_back.list_obstacles(connection, ours, newer, VERSIONS)


def _let_through(connection: sqlite3.Connection) -> None:
    obstacles = list_obstacles(connection)
    if obstacles:
        newer = ", ".join(list_newer(connection))
        raise SchemaError(
            f"the database was written by a newer gateway (unknown: {newer}) and this one cannot open it: "
            f"{'; '.join(obstacles[:3])}; install that version, or restore the backup of before the upgrade"
        )


def _list_applied(connection: sqlite3.Connection) -> set[str]:
    return {row.name for row in migrations.applied(Database(connection))}


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
            # Read by the release before this one, when somebody goes back to it.
            connection.execute(f"PRAGMA user_version = {way_back.find_floor()}")


def shape(connection: sqlite3.Connection) -> dict[str, str]:
    """Every table, index and trigger by name, with its words; white space does not count."""
    found = connection.execute("SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_schema")
    return {name: " ".join(sql.split()) for name, sql in found}


def find_foreign(connection: sqlite3.Connection) -> tuple[str, ...]:
    """What no version of this gateway makes, as `type name`: triggers, views, virtual tables, and triggers of
    ours with other words. Tables of a newer version may stand there: nothing reads them. Runs nothing of the
    file. Raises SchemaError."""
    lacking, newer = pending(connection), list_newer(connection)
    with contextlib.closing(sqlite3.connect(":memory:")) as ours:
        migrations.apply(Database(ours), stop_before=lacking[:1])
        known = shape(ours)
    return tuple(
        name
        for name, sql in sorted(shape(connection).items())
        if (name.startswith(("trigger ", "view ")) and known.get(name) != sql)
        or (name.startswith("table ") and name not in known and "sqlite_" not in name and not newer)
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
