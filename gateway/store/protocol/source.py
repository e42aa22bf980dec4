"""Location of a database, for readers beside the running gateway."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from gateway.store.protocol.connection import Connection
from gateway.store.protocol.trouble import Trouble

if TYPE_CHECKING:
    from gateway.store.integrity.report import Progress, Report
    from gateway.store.sqlite.backup import Backup


class NoDatabaseError(Exception):
    """Raised if there is no readable database at that place; the message says why, and what to do."""

    def __init__(self, message: str, trouble: Trouble = Trouble.BROKEN) -> None:
        super().__init__(message)
        self.trouble = trouble


class UnsuitableDatabaseError(NoDatabaseError):
    """Raised if waiting does not help: the settings, the privileges or the schema must be corrected first."""


@dataclass(frozen=True, slots=True)
class Measures:
    """The facts known about a database from outside.

    `sqlite` is the version of SQLite, empty for another engine; `running` (a gateway has it open),
    `disk_free_bytes` and `standbys` (synchronous ones) are None if unknown.
    """

    sqlite: str
    size_bytes: int
    running: bool | None
    disk_free_bytes: int | None
    last_backup_at: datetime | None
    standbys: int | None = None


@dataclass(frozen=True, slots=True)
class QuickCheck:
    """Result of a quick check.

    `damage` is what the engine found. `lacking` and `unknown` are schema versions; the latter prevent a
    downgrade. `newest` is the time of the last journal line.
    """

    size_bytes: int
    damage: str
    lacking: tuple[str, ...]
    unknown: tuple[str, ...]
    newest: datetime | None


class ReadConnection(Connection, Protocol):
    """A read-only connection that no writer notices. Rows are indexed by name and position.

    `dict(row)` contains all columns of a row.
    """

    def begin_view(self) -> None:
        """Make all later queries see the same snapshot, whatever is written meanwhile."""
        ...

    def end_view(self) -> None:
        """End the snapshot; `begin_view` takes a new one."""
        ...

    def is_current(self) -> bool:
        """Return whether it reads what `Source.open` would open now; outside a snapshot."""
        ...

    def find_lacking(self) -> tuple[str, ...]:
        """Return the schema versions that this gateway knows and the database lacks.

        Raises SchemaError for a database that is not ours, or of a newer gateway.
        """
        ...

    def list_tables(self) -> frozenset[str]:
        """Return the names of the tables; an earlier version has fewer."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


class Source(Protocol):
    """A database, given by its location; `str()` is its name for operators."""

    @property
    def path(self) -> Path:
        """The file, or a path in its place; sockets, backups and keys are beside it."""
        ...

    def exists(self) -> bool:
        """Return whether there is anything to read."""
        ...

    def open(self) -> ReadConnection:
        """Open a new connection without checking the content. Raises NoDatabaseError."""
        ...

    def measure(self) -> Measures:
        """Return what is known from outside."""
        ...

    def check_quickly(self) -> QuickCheck:
        """Check whether it can be used at all. Raises the engine's errors if it is not a database."""
        ...

    def verify(self, heads: tuple[bytes, ...], progress: Progress) -> Report:
        """Verify everything that can be verified; `heads` are journal hashes noted earlier."""
        ...

    def back_up(self, folder: Path, now: datetime, progress: Progress) -> Backup:
        """Write a verified SQLite file with the present content; on an error, nothing is left behind."""
        ...
