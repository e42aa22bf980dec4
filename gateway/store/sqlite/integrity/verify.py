"""Whether a database is sound: its pages, its schema, the chain of its journal, and what refers to what.

Only reads, beside a running gateway as well. Every check says in words what does not fit.
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
_STEPS = 500_000  # instructions of the SQLite machine between two signs of life


@overload
def open_read_only(path: Path) -> sqlite3.Connection: ...


@overload
def open_read_only(path: Path, kind: type[C]) -> C: ...


def open_read_only(path: Path, kind: type[sqlite3.Connection] = sqlite3.Connection) -> sqlite3.Connection:
    """A connection that cannot write. Raises sqlite3.Error."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=10, factory=kind)


def verify(path: Path, heads: tuple[bytes, ...] = (), progress: Progress = lambda _what, _n: None) -> Report:
    """Check a file; `heads` are hashes noted earlier. Raises SchemaError where it is not ours or newer, and
    sqlite3.OperationalError where it cannot be opened."""
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
        found = (f"of an earlier version; lacks {', '.join(lacking)}",)
        advice = "start the gateway once: it makes a backup and brings the database up to date"
        return Report((database, Check("schema", "tables, indexes and triggers", found, advice)))
    # One view of the database for all questions, whatever the gateway writes meanwhile.
    connection.execute("BEGIN")
    chain, head = check_chain(connection, heads, progress)
    references = check_references(connection, progress, _find_lost(connection))
    return Report((database, _schema(connection), chain, references), head)


def _database(connection: sqlite3.Connection, progress: Progress) -> Check:
    """Every page, and every index against its table."""
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


def _schema(connection: sqlite3.Connection) -> Check:
    newer = schema.list_newer(connection)
    if newer:  # compared when it was let through
        return Check("schema", f"tables, indexes and triggers; of a newer gateway: {', '.join(newer)}")
    fresh = sqlite3.connect(":memory:")
    try:
        schema.migrate(fresh)
        wanted, there = schema.shape(fresh), schema.shape(connection)
    finally:
        fresh.close()
    # What SQLite keeps for itself, such as statistics for its planner, is no difference.
    names = sorted(name for name in wanted.keys() | there.keys() if " sqlite_" not in name)
    found = tuple(
        f"{name}: {'unknown' if name not in wanted else 'not as released' if name in there else 'missing'}"
        for name in names
        if wanted.get(name) != there.get(name)
    )
    advice = "somebody changed the schema by hand: restore a backup, or take the change back"
    return Check("schema", "tables, indexes and triggers", found, advice)


def _find_lost(connection: sqlite3.Connection) -> list[str]:
    broken = islice(connection.execute("PRAGMA foreign_key_check"), MAX_FOUND)
    return [
        f"{table} row {row}: refers to a row of {parent} that is not there"
        for table, row, parent, _ in broken
    ]


_RESTORE = "stop the gateway and `gateway restore` the last backup that verifies"
