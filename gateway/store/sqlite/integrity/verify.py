"""Checks that a database is sound: pages, schema, hash chain of the journal, references.

It only reads, also beside a running gateway. Every check describes what is wrong.
"""

from __future__ import annotations

import sqlite3
from itertools import islice
from pathlib import Path
from typing import TypeVar, overload

from gateway.store.integrity.contents import check_chain, check_references
from gateway.store.integrity.report import MAX_FOUND, Check, Progress, Report
from gateway.store.sqlite.migrations import schema

C = TypeVar("C", bound=sqlite3.Connection)
_STEPS = 500_000  # SQLite virtual machine instructions between two progress calls


@overload
def open_read_only(path: Path) -> sqlite3.Connection: ...


@overload
def open_read_only(path: Path, kind: type[C]) -> C: ...


def open_read_only(path: Path, kind: type[sqlite3.Connection] = sqlite3.Connection) -> sqlite3.Connection:
    """Open a read-only connection, for any thread, but one at a time. Raises sqlite3.Error."""
    location = f"{path.absolute().as_uri()}?mode=ro"
    return sqlite3.connect(location, uri=True, timeout=10, factory=kind, check_same_thread=False)


def verify(path: Path, heads: tuple[bytes, ...] = (), progress: Progress = lambda _what, _n: None) -> Report:
    """Check a file; `heads` are journal hashes noted earlier.

    Raises SchemaError if it is not ours or newer, and sqlite3.OperationalError if it cannot be opened.
    """
    connection = open_read_only(path)
    try:
        try:
            lacking = schema.pending(connection)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as error:
            return Report((Check("database", "pages and indexes", (str(error),), _RESTORE),))
        return _verify(connection, lacking, heads, progress)
    finally:
        connection.close()


def _verify(
    connection: sqlite3.Connection, lacking: tuple[str, ...], heads: tuple[bytes, ...], progress: Progress
) -> Report:
    database = _database(connection, progress)
    if not database.is_sound:
        return Report((database,))
    if lacking:
        found = (f"written by an earlier version; lacks {', '.join(lacking)}",)
        advice = "start the gateway once: it makes a backup and upgrades the database"
        return Report((database, Check("schema", "tables, indexes and triggers", found, advice)))
    # One snapshot for all queries, whatever the gateway writes meanwhile.
    connection.execute("BEGIN")
    chain, head = check_chain(connection, heads, progress)
    references = check_references(connection, progress, _find_lost(connection))
    return Report((database, _schema(connection), chain, references), head)


def _database(connection: sqlite3.Connection, progress: Progress) -> Check:
    """Check every page, and every index against its table."""
    turns = iter(range(1, 1 << 62))
    connection.set_progress_handler(lambda: progress("pages", next(turns)), _STEPS)
    found: list[str] = []
    try:
        rows = connection.execute(f"PRAGMA integrity_check({MAX_FOUND})").fetchall()
        found += [str(row[0]) for row in rows if row[0] != "ok"]
    except sqlite3.DatabaseError as error:
        found.append(str(error))
    finally:
        connection.set_progress_handler(None, 0)
    return Check("database", "pages and indexes", tuple(found), _RESTORE)


_DIFFERS = "differs from the released schema"


def _schema(connection: sqlite3.Connection) -> Check:
    newer = schema.list_newer(connection)
    if newer:  # compared when it was accepted
        return Check("schema", f"tables, indexes and triggers, some from a newer gateway: {', '.join(newer)}")
    fresh = sqlite3.connect(":memory:")
    try:
        schema.migrate(fresh)
        wanted, there = schema.shape(fresh), schema.shape(connection)
    finally:
        fresh.close()
    # SQLite's own tables, such as planner statistics, do not count.
    names = sorted(name for name in wanted.keys() | there.keys() if " sqlite_" not in name)
    found = tuple(
        f"{name}: {'unknown' if name not in wanted else _DIFFERS if name in there else 'missing'}"
        for name in names
        if wanted.get(name) != there.get(name)
    )
    advice = "the schema was changed manually: revert the change, or restore a backup"
    return Check("schema", "tables, indexes and triggers", found, advice)


def _find_lost(connection: sqlite3.Connection) -> list[str]:
    broken = islice(connection.execute("PRAGMA foreign_key_check"), MAX_FOUND)
    return [f"{table} row {row}: refers to a missing row of {parent}" for table, row, parent, _ in broken]


_RESTORE = "stop the gateway, then run `gateway restore` with the latest backup that passes `gateway verify`"
