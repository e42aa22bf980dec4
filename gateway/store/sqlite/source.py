"""A database file, read beside the running gateway: always `mode=ro`, with no lock that delays a writer."""

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
from gateway.store.protocol import Trouble
from gateway.store.protocol.source import Measures, NoDatabaseError, QuickCheck
from gateway.store.sqlite import backup, faults
from gateway.store.sqlite.backup import Backup
from gateway.store.sqlite.integrity.verify import open_read_only, verify
from gateway.store.sqlite.migrations import VERSIONS, schema

FileId = tuple[int, int]  # device and inode


class SqliteReadConnection(sqlite3.Connection):
    """A read-only connection; see `gateway.store.protocol.source.ReadConnection`."""

    path: Path
    file: FileId

    def begin_view(self) -> None:
        """Begin a deferred transaction: its first query fixes the snapshot."""
        self.execute("BEGIN")

    def end_view(self) -> None:
        """End the transaction."""
        self.rollback()

    def is_current(self) -> bool:
        """Return whether the path still leads to the same file; a restored backup is another one."""
        try:
            return identify(self.path) == self.file
        except OSError:
            return False

    def find_lacking(self) -> tuple[str, ...]:
        """Return the missing versions, from the table of versions."""
        return schema.pending(self)

    def list_tables(self) -> frozenset[str]:
        """Return the tables in the schema."""
        found = self.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        return frozenset(row[0] for row in found)


@dataclass(frozen=True, slots=True)
class SqliteSource:
    """A database file, given by its path."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)

    def exists(self) -> bool:
        """Return whether the file exists."""
        return self.path.is_file()

    def open(self) -> SqliteReadConnection:
        """Open a new connection. Raises NoDatabaseError."""
        if not self.exists():
            raise NoDatabaseError(faults.describe_absence(self.path), Trouble.STOPPED)
        try:
            return _connect(self.path)
        except FileNotFoundError as error:
            raise NoDatabaseError(faults.describe_absence(self.path), Trouble.STOPPED) from error
        except sqlite3.Error as error:
            said = faults.describe_fault(self.path, error)
            raise NoDatabaseError(said, faults.find_trouble(error)) from error

    def measure(self) -> Measures:
        """Measure the file with its log, its lock and its folder."""
        return Measures(
            sqlite=sqlite3.sqlite_version,
            size_bytes=_size_bytes(self.path),
            running=is_running(self.path),
            disk_free_bytes=_free_bytes(self.path.parent),
            last_backup_at=_last_backup_at(self.path),
        )

    def check_quickly(self) -> QuickCheck:
        """Check pages, schema and the last journal line, which takes no longer than reading the file once.

        Raises sqlite3.Error if it is not a database.
        """
        with contextlib.closing(open_read_only(self.path)) as found:
            damage = found.execute("PRAGMA quick_check(1)").fetchone()[0]
            applied = {row.name for row in schema.migrations.applied(Database(found))}
            unknown = schema.list_newer(found) if schema.list_obstacles(found) else ()
            # Unlike the size of the file, it includes what is still in the WAL only.
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
        """Check pages, schema, chain, references. Raises SchemaError or sqlite3.Error."""
        return verify(self.path, heads, progress)

    def back_up(self, folder: Path, now: datetime, progress: Progress) -> Backup:
        """Write a compact copy. Raises BackupError, SchemaError, OSError or sqlite3.Error."""
        return backup.make(self.path, folder, now, progress)


_SIZE = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"


def identify(path: Path) -> FileId:
    """Return which file a path leads to. Raises OSError."""
    found = path.stat()
    return found.st_dev, found.st_ino


# In KiB, by default 2,000. A page of the console has few queries, and connections are kept for the next one.
_SMALL_CACHE = "PRAGMA cache_size = -512"


def _connect(path: Path) -> SqliteReadConnection:
    file = identify(path)  # before it is opened: if it is replaced meanwhile, the connection is not current
    found = open_read_only(path, SqliteReadConnection)
    found.path, found.file = path, file
    try:
        found.execute("PRAGMA schema_version")  # the file is read only with the first query
    except sqlite3.Error:
        found.close()
        raise
    found.execute(_SMALL_CACHE)
    found.row_factory = sqlite3.Row
    return found


def is_running(database: Path) -> bool | None:
    """Return whether a gateway has the database locked; None if that cannot be determined."""
    try:
        with database.with_name(f"{database.name}.lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return None
    return False


def _last_backup_at(database: Path) -> datetime | None:
    """Return when the latest backup in the default folder was made; None if there is none."""
    found = backup.list_backups(backup.backup_folder(database))
    return backup.backup_time(found[0]) if found else None


def _size_bytes(database: Path) -> int:
    """Return the size of the database with its write-ahead log."""
    files = (database, database.with_name(f"{database.name}-wal"))
    return sum(file.stat().st_size for file in files if file.is_file())


def _free_bytes(folder: Path) -> int | None:
    """Return the free octets on the disk of a folder; None if unknown."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None
