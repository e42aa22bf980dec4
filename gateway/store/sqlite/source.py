"""A database file, read beside the running gateway: always `mode=ro`, never a lock that a writer feels."""

from __future__ import annotations

import contextlib
import fcntl
import shutil
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from gateway.store.integrity.report import Progress, Report
from gateway.store.protocol.source import Measures, NoDatabaseError, QuickCheck
from gateway.store.sqlite import backup, faults
from gateway.store.sqlite.backup import Backup
from gateway.store.sqlite.integrity.verify import open_read_only, verify
from gateway.store.sqlite.migrations import VERSIONS, schema


class SqliteReadConnection(sqlite3.Connection):
    """A connection that cannot write: see `gateway.store.protocol.source.ReadConnection`."""

    def begin_view(self) -> None:
        """A deferred transaction: its first question fixes the moment."""
        self.execute("BEGIN")

    def find_lacking(self) -> tuple[str, ...]:
        """Read from the table of the versions."""
        return schema.pending(self)

    def list_tables(self) -> frozenset[str]:
        """Read from the schema."""
        found = self.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        return frozenset(row[0] for row in found)


@dataclass(frozen=True, slots=True)
class SqliteSource:
    """A file by its path."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)

    def exists(self) -> bool:
        """Whether there is a file."""
        return self.path.is_file()

    def open(self) -> SqliteReadConnection:
        """A new connection. Raises NoDatabaseError."""
        if not self.exists():
            raise NoDatabaseError(faults.describe_absence(self.path))
        try:
            return _connect(self.path)
        except sqlite3.Error as error:
            raise NoDatabaseError(faults.describe_fault(self.path, error)) from error

    def measure(self) -> Measures:
        """The file with its log, its lock, its folder."""
        return Measures(
            sqlite=sqlite3.sqlite_version,
            size_bytes=_size_bytes(self.path),
            running=is_running(self.path),
            disk_free_bytes=_free_bytes(self.path.parent),
            last_backup_at=_last_backup_at(self.path),
        )

    def check_quickly(self) -> QuickCheck:
        """Pages, schema and the last line of the journal, which takes no longer than reading the file once.
        Raises sqlite3.Error for what is no database."""
        with contextlib.closing(open_read_only(self.path)) as found:
            damage = found.execute("PRAGMA quick_check(1)").fetchone()[0]
            applied = {row.name for row in schema.migrations.applied(Database(found))}
            unknown = schema.list_newer(found) if schema.list_obstacles(found) else ()
            # With what is still in the WAL only, unlike the size of the file.
            size = found.execute(_SIZE).fetchone()[0]
            newest = found.execute("SELECT max(at) FROM journal").fetchone()[0]
        return QuickCheck(
            size,
            "" if damage == "ok" else damage,
            tuple(name for name in VERSIONS if name not in applied),
            unknown,
            datetime.fromisoformat(newest) if newest else None,
        )

    def verify(self, heads: tuple[bytes, ...], progress: Progress) -> Report:
        """Pages, schema, chain, references. Raises SchemaError or sqlite3.Error."""
        return verify(self.path, heads, progress)

    def back_up(self, folder: Path, now: datetime, progress: Progress) -> Backup:
        """A compact copy. Raises BackupError, SchemaError, OSError or sqlite3.Error."""
        return backup.make(self.path, folder, now, progress)


_SIZE = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"


def _connect(path: Path) -> SqliteReadConnection:
    found = open_read_only(path, SqliteReadConnection)
    try:
        found.execute("PRAGMA schema_version")  # the file is looked at with the first question only
    except sqlite3.Error:
        found.close()
        raise
    found.row_factory = sqlite3.Row
    return found


def is_running(database: Path) -> bool | None:
    """Whether a gateway holds the lock of the database; None where that cannot be asked."""
    try:
        with database.with_name(f"{database.name}.lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return None
    return False


def _last_backup_at(database: Path) -> datetime | None:
    """When the newest backup in the usual folder was made; None when there is none."""
    found = backup.list_backups(backup.backup_folder(database))
    return backup.backup_time(found[0]) if found else None


def _size_bytes(database: Path) -> int:
    """The database with its write-ahead log."""
    files = (database, database.with_name(f"{database.name}-wal"))
    return sum(file.stat().st_size for file in files if file.is_file())


def _free_bytes(folder: Path) -> int | None:
    """The octets that are free on the disk of a folder; None where the system does not say."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None
