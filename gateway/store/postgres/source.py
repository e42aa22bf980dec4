"""A PostgreSQL database, read beside the active node: one snapshot, with no lock that delays a writer."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

from gateway.store.copying.copy import CopyError
from gateway.store.integrity.report import Progress, Report
from gateway.store.postgres import faults
from gateway.store.postgres.cluster import standbys
from gateway.store.postgres.connecting import session
from gateway.store.postgres.connecting.connection import PostgresConnection
from gateway.store.postgres.connecting.session import Place
from gateway.store.postgres.integrity import verify
from gateway.store.postgres.schema import VERSION
from gateway.store.protocol import Measures, NoDatabaseError, QuickCheck, StoreUnavailableError
from gateway.store.protocol.connection import Cursor
from gateway.store.protocol.opening import OtherVersionError, UnusableStoreError
from gateway.store.protocol.source import UnsuitableDatabaseError
from gateway.store.sqlite import backup
from gateway.store.sqlite.backup import Backup
from gateway.store.sqlite.copying import fill

# A whole database may be read at once; no writer waits for it.
_READING = {
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "60s",
}


class PostgresReadConnection:
    """A read-only connection; see `gateway.store.protocol.source.ReadConnection`.

    All queries see the snapshot of the first one, from `open` on.
    """

    def __init__(self, connection: psycopg.Connection[Any], place: Place) -> None:
        self._connection = connection
        self._place = place
        self._asking = PostgresConnection(connection)
        # Not as an option: `target_session_attrs=read-write` of the URL finds no server for such a session.
        connection.execute("SET default_transaction_read_only TO on")
        connection.execute(_BEGIN)

    def execute(self, sql: str, parameters: Mapping[str, object] | None = None, /) -> Cursor:
        """Run a statement. Raises StoreUnavailableError."""
        with self._mapping_faults():
            return self._asking.execute(sql, parameters)

    @contextlib.contextmanager
    def _mapping_faults(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            said = faults.describe_fault(str(self._place), error)
            raise StoreUnavailableError(said, faults.find_trouble(error)) from error

    def executemany(self, sql: str, parameters: Iterable[Mapping[str, object]], /) -> Cursor:
        """Run a statement for each set of parameters, which the database rejects."""
        return self._asking.executemany(sql, parameters)

    def begin_view(self) -> None:
        """Take a snapshot; the first one has existed since `open`. Raises StoreUnavailableError."""
        if self._connection.info.transaction_status == TransactionStatus.IDLE:
            with self._mapping_faults():
                self._connection.execute(_BEGIN)

    def end_view(self) -> None:
        """End the transaction. Raises StoreUnavailableError."""
        with self._mapping_faults():
            self._connection.execute("ROLLBACK")

    def is_current(self) -> bool:
        """Return whether the server still answers, accepts writes, and has this version."""
        try:
            session.check(self._connection, self._place)
        except (UnusableStoreError, psycopg.Error):
            return False
        return True

    def find_lacking(self) -> tuple[str, ...]:
        """Return nothing: `open` rejects any version other than this gateway's."""
        return ()

    def list_tables(self) -> frozenset[str]:
        """Return the tables of the schema."""
        found = self.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        return frozenset(row["tablename"] for row in found)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


@dataclass(frozen=True, slots=True)
class PostgresSource:
    """A schema by its location; the node's own files are beside `path`."""

    place: Place
    path: Path

    def __str__(self) -> str:
        return str(self.place)

    def exists(self) -> bool:
        """Return True: `open` reports any problem."""
        return True

    def open(self) -> PostgresReadConnection:
        """Open a new connection. Raises NoDatabaseError."""
        try:
            return PostgresReadConnection(session.connect(self.place, settings=_READING), self.place)
        except UnusableStoreError as error:
            raise _tell(str(error), error) from error
        except psycopg.Error as error:
            raise _tell(faults.describe_fault(str(self.place), error), error) from error

    def find_version(self) -> str:
        """Return the version of the schema, whichever it is. Raises NoDatabaseError."""
        try:
            self.open().close()
        except NoDatabaseError as error:
            if isinstance(error.__cause__, OtherVersionError):
                return error.__cause__.found
            raise
        return VERSION

    def measure(self) -> Measures:
        """Query the database; the free disk space of its server is unknown here."""
        with contextlib.closing(self.open()) as connection:
            size = connection.execute(_SIZE).fetchone()["octets"]
            active = connection.execute(_ACTIVE).fetchone()["active"]
            found = standbys.load(connection)
        backups = backup.list_backups(backup.backup_folder(self.path))
        return Measures(
            sqlite="",
            size_bytes=size,
            running=active,
            disk_free_bytes=None,
            last_backup_at=backup.backup_time(backups[0]) if backups else None,
            standbys=found.synchronous,
        )

    def check_quickly(self) -> QuickCheck:
        """Check that it answers and has our version; return the time of the last journal line.

        A server verifies its own pages. Raises NoDatabaseError.
        """
        with contextlib.closing(self.open()) as connection:
            size = connection.execute(_SIZE).fetchone()["octets"]
            newest = connection.execute("SELECT max(at) AS at FROM journal").fetchone()["at"]
        return QuickCheck(size, "", (), (), datetime.fromisoformat(newest) if newest else None)

    def verify(self, heads: tuple[bytes, ...], progress: Progress) -> Report:
        """Check schema, turn, chain and references in one snapshot. Raises NoDatabaseError."""
        with contextlib.closing(self.open()) as connection:
            return verify(connection, heads, progress)

    def back_up(self, folder: Path, now: datetime, progress: Progress) -> Backup:
        """Write all rows of one snapshot to a SQLite file, compared row by row.

        Raises BackupError, NoDatabaseError, OSError or sqlite3.Error.
        """
        with contextlib.closing(self.open()) as connection:
            try:
                return backup.make_from(
                    lambda draft: fill(connection, draft, progress), folder, now, progress
                )
            except (CopyError, StoreUnavailableError) as error:
                raise backup.BackupError(str(error)) from error


def _tell(said: str, error: Exception) -> NoDatabaseError:
    trouble = faults.find_trouble(error)
    kind = NoDatabaseError if faults.is_passing(trouble) else UnsuitableDatabaseError
    return kind(said, trouble)


_BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"
_SIZE = """
SELECT CAST(coalesce(sum(pg_total_relation_size(c.oid)), 0) AS BIGINT) AS octets
FROM pg_class c WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND c.relkind = 'r'
"""
_ACTIVE = "SELECT holder <> '' AND held_until > clock_timestamp() AS active FROM turn WHERE id = 1"
