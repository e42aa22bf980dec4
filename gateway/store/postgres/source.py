"""A database on PostgreSQL, read beside the active node: one snapshot, and no lock that a writer feels."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from gateway.store.copying.copy import CopyError
from gateway.store.integrity.report import Progress, Report
from gateway.store.postgres import faults, session
from gateway.store.postgres.connection import PostgresConnection
from gateway.store.postgres.integrity import verify
from gateway.store.postgres.session import Place
from gateway.store.protocol import Measures, NoDatabaseError, QuickCheck, StoreUnavailableError
from gateway.store.protocol.connection import Cursor
from gateway.store.protocol.opening import UnusableStoreError
from gateway.store.sqlite import backup
from gateway.store.sqlite.backup import Backup
from gateway.store.sqlite.copying import fill

# A whole database may be read at one go; no writer waits for it.
_PATIENCE = {"statement_timeout": "0", "idle_in_transaction_session_timeout": "60s"}


class PostgresReadConnection:
    """A connection that cannot write: see `gateway.store.protocol.source.ReadConnection`.

    All questions see the moment of the first one, from `open` on.
    """

    def __init__(self, connection: psycopg.Connection[Any], place: Place) -> None:
        self._connection = connection
        self._place = place
        self._asking = PostgresConnection(connection)
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")

    def execute(self, sql: str, parameters: Mapping[str, object] | None = None, /) -> Cursor:
        """Run one statement. Raises StoreUnavailableError."""
        try:
            return self._asking.execute(sql, parameters)
        except psycopg.Error as error:
            raise StoreUnavailableError(faults.describe_fault(str(self._place), error)) from error

    def executemany(self, sql: str, parameters: Iterable[Mapping[str, object]], /) -> Cursor:
        """The database refuses it."""
        return self._asking.executemany(sql, parameters)

    def begin_view(self) -> None:
        """It is one since `open`."""

    def find_lacking(self) -> tuple[str, ...]:
        """Nothing: another version than this gateway's was refused at `open`."""
        return ()

    def list_tables(self) -> frozenset[str]:
        """Those of the schema."""
        found = self.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        return frozenset(row["tablename"] for row in found)

    def close(self) -> None:
        """Give it back."""
        self._connection.close()


@dataclass(frozen=True, slots=True)
class PostgresSource:
    """A schema by its place; `path` is what the node's own files lie beside."""

    place: Place
    path: Path

    def __str__(self) -> str:
        return str(self.place)

    def exists(self) -> bool:
        """Always: what is wrong with it is said at `open`."""
        return True

    def open(self) -> PostgresReadConnection:
        """A new connection. Raises NoDatabaseError."""
        try:
            found = session.connect(self.place, default_transaction_read_only="on", **_PATIENCE)
        except UnusableStoreError as error:
            raise NoDatabaseError(str(error)) from error
        except psycopg.Error as error:
            raise NoDatabaseError(faults.describe_fault(str(self.place), error)) from error
        return PostgresReadConnection(found, self.place)

    def measure(self) -> Measures:
        """Asked of the database; the room on the disk of its server is not known here."""
        with contextlib.closing(self.open()) as connection:
            size = connection.execute(_SIZE).fetchone()["octets"]
            active = connection.execute(_ACTIVE).fetchone()["active"]
        backups = backup.list_backups(backup.backup_folder(self.path))
        return Measures(
            sqlite="",
            size_bytes=size,
            running=active,
            disk_free_bytes=None,
            last_backup_at=backup.backup_time(backups[0]) if backups else None,
        )

    def check_quickly(self) -> QuickCheck:
        """That it answers, is of our version, and when the journal got its last line; a server proves its
        pages itself. Raises NoDatabaseError."""
        with contextlib.closing(self.open()) as connection:
            size = connection.execute(_SIZE).fetchone()["octets"]
            newest = connection.execute("SELECT max(at) AS at FROM journal").fetchone()["at"]
        return QuickCheck(size, "", (), (), datetime.fromisoformat(newest) if newest else None)

    def verify(self, heads: tuple[bytes, ...], progress: Progress) -> Report:
        """Schema, turn, chain and references, all of one moment. Raises NoDatabaseError."""
        with contextlib.closing(self.open()) as connection:
            return verify(connection, heads, progress)

    def back_up(self, folder: Path, now: datetime, progress: Progress) -> Backup:
        """All rows of one moment in a file of SQLite, compared row by row. Raises BackupError,
        NoDatabaseError, OSError or sqlite3.Error."""
        with contextlib.closing(self.open()) as connection:
            try:
                return backup.make_from(
                    lambda draft: fill(connection, draft, progress), folder, now, progress
                )
            except (CopyError, StoreUnavailableError) as error:
                raise backup.BackupError(str(error)) from error


_SIZE = """
SELECT CAST(coalesce(sum(pg_total_relation_size(c.oid)), 0) AS BIGINT) AS octets
FROM pg_class c WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND c.relkind = 'r'
"""
_ACTIVE = "SELECT holder <> '' AND held_until > clock_timestamp() AS active FROM turn WHERE id = 1"
