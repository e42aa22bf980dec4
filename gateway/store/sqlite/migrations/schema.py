"""The schema of the database: STRICT tables, upgraded version by version when it is opened."""

from __future__ import annotations

import contextlib
import sqlite3

from sqlite_utils import Database, Migrations

from gateway.store.sqlite.migrations import VERSIONS, Step, way_back

APPLICATION_ID = 0x696E7477  # "intw": distinguishes our files from other SQLite files

migrations = Migrations("intake-gateway")


class SchemaError(Exception):
    """Raised if the file is not a database of this gateway, or too new; the message says what to do."""


class NewerSchemaError(SchemaError):
    """Raised if the database was written by a gateway that is too new."""


def pending(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Return the versions that the file still lacks; those of a newer gateway that only add are accepted.

    Only reads. Raises SchemaError.
    """
    found = connection.execute("PRAGMA application_id").fetchone()[0]
    if not is_empty(connection) and found != APPLICATION_ID:
        raise SchemaError("the file is not an intake gateway database")
    _let_through(connection)
    applied = _list_applied(connection)
    return tuple(name for name in VERSIONS if name not in applied)


def list_newer(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Return the versions in the file that this gateway does not know, in order."""
    return tuple(sorted(_list_applied(connection) - set(VERSIONS)))


def list_obstacles(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Return why this gateway cannot open a file with versions that it does not know, as phrases."""
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
        raise NewerSchemaError(
            f"the database was written by a newer gateway (unknown: {newer}); this one cannot open it: "
            f"{'; '.join(obstacles[:3])}; install the newer one, or restore the backup made before the "
            "upgrade"
        )


def _list_applied(connection: sqlite3.Connection) -> set[str]:
    return {row.name for row in migrations.applied(Database(connection))}


def is_empty(connection: sqlite3.Connection) -> bool:
    """Return whether the file is empty."""
    return connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone() is None


def migrate(connection: sqlite3.Connection) -> None:
    """Upgrade the schema in one transaction; on SchemaError, the file is unchanged."""
    if pending(connection):
        db = Database(connection)
        # Including the table of versions: a process may die between any two statements.
        with db.atomic():
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            migrations.apply(db)
            # Read by the previous release after a downgrade.
            connection.execute(f"PRAGMA user_version = {way_back.find_floor()}")


def shape(connection: sqlite3.Connection) -> dict[str, str]:
    """Return every table, index and trigger by name, with its SQL; white space is normalised."""
    found = connection.execute("SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_schema")
    return {name: " ".join(sql.split()) for name, sql in found}


def find_foreign(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Return objects that no version of this gateway creates, as `type name`, without running any of them.

    These are triggers, views, virtual tables, and triggers of ours with other SQL. Tables of a newer version
    are allowed, because nothing reads them. Raises SchemaError.
    """
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
