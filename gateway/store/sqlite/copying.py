"""A SQLite file of all that another database holds, proven like any backup before it counts."""

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
    """A new file, on disk under its name only when it is proven. Raises CopyError, OSError, sqlite3.Error."""
    check_target(place)
    draft = place.with_name(f".{place.name}.tmp")
    try:
        draft.unlink(missing_ok=True)
        private_files.create(draft)
        done = fill(source, draft, progress)
        report = verify(draft, (done.head.hash,) if done.head.number else (), progress)
        if not report.is_sound:
            found = next(one for one in report.checks if not one.is_sound)
            raise CopyError(f"the copy is not sound: {found.name}: {found.found[0]}")
        draft.replace(place)
        private_files.sync(place.parent)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return done, report


def check_target(place: Path) -> None:
    """Raises CopyError where a file could not be written."""
    if place.exists():
        raise CopyError(f"{place}: there is a database already; name another file, or move it away")
    if not place.parent.is_dir():
        raise CopyError(f"{place.parent}: there is no such folder; make it, or name another file")


def fill(source: Connection, draft: Path, progress: Progress) -> CopyResult:
    """All rows into an empty file, which is on disk afterwards."""
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
    """Rows come with what triggers made of them in their time."""
    found = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for name, _ in found:
        connection.execute(f"DROP TRIGGER {name}")
    yield
    for _, sql in found:
        connection.execute(sql)
