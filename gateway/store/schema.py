"""The shape of the database: STRICT tables, brought up to date version by version when it is opened."""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database, Migrations

from gateway.store.versions import VERSIONS, Step

APPLICATION_ID = 0x696E7477  # "intw": tells our files from other SQLite files

migrations = Migrations("intake-gateway")


class SchemaError(Exception):
    """The file is not a database of this gateway, or of a newer one; the message says what to do."""


def prepare(connection: sqlite3.Connection) -> None:
    """Bring the schema up to date, or raise SchemaError and leave the file as it is."""
    found = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if tables and found != APPLICATION_ID:
        raise SchemaError("the file is not a database of the intake gateway")
    db = Database(connection)
    newer = {row.name for row in migrations.applied(db)} - {
        row.name for row in migrations.pending(Database(memory=True))
    }
    if newer:
        raise SchemaError(
            f"the database was written by a newer gateway (unknown: {', '.join(sorted(newer))}); "
            "install that version"
        )
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    migrations.apply(db)


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
