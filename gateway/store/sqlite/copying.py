"""Writes a SQLite file with the contents of another database, verified like any backup before it counts."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gateway.store import private_files
from gateway.store.copying.copy import CopyError, CopyResult, Progress, copy
from gateway.store.integrity.report import Report
from gateway.store.protocol import Connection
from gateway.store.sqlite.integrity.verify import verify
from gateway.store.sqlite.migrations import schema


def write_file(source: Connection, place: Path, progress: Progress) -> tuple[CopyResult, Report]:
    """Write a new file, named only once it is verified. Raises CopyError, OSError, sqlite3.Error."""
    check_target(place)
    draft = place.with_name(f".{place.name}.tmp")
    try:
        draft.unlink(missing_ok=True)
        private_files.create(draft)
        done = fill(source, draft, progress)
        report = verify(draft, (done.head.hash,) if done.head.number else (), progress)
        if not report.is_sound:
            found = next(one for one in report.checks if not one.is_sound)
            raise CopyError(f"the copy is damaged: {found.name}: {found.found[0]}")
        draft.replace(place)
        private_files.sync(place.parent)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return done, report


def check_target(place: Path) -> None:
    """Check that a file could be written. Raises CopyError."""
    if place.exists():
        raise CopyError(f"{place}: a database already exists; move it away, or choose another file")
    if not place.parent.is_dir():
        raise CopyError(f"{place.parent}: the directory does not exist; create it, or choose another file")


def fill(source: Connection, draft: Path, progress: Progress) -> CopyResult:
    """Copy all rows to an empty file, and sync it to disk."""
    with contextlib.closing(sqlite3.connect(draft, isolation_level=None)) as target:
        schema.migrate(target)
        target.execute("BEGIN")
        with _without_triggers(target):
            done = copy(source, target, progress, holds_nul=True)
        target.execute("COMMIT")
    private_files.sync(draft)
    return done


@contextmanager
def _without_triggers(connection: sqlite3.Connection) -> Iterator[None]:
    """Disable triggers: the rows already contain their effects."""
    found = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for name, _ in found:
        connection.execute(f"DROP TRIGGER {name}")
    yield
    for _, sql in found:
        connection.execute(sql)
