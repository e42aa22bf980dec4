"""Where a database is, for those who only read it beside the running gateway."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from gateway.store.protocol.connection import Connection

if TYPE_CHECKING:
    from gateway.store.integrity.report import Progress, Report
    from gateway.store.sqlite.backup import Backup


class NoDatabaseError(Exception):
    """There is no database to read at that place; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Measures:
    """What is known of a database from outside. `sqlite` is the version of SQLite, empty where something
    else keeps it; `running` (whether a gateway holds it) and `disk_free_bytes` are None where that cannot be
    known."""

    sqlite: str
    size_bytes: int
    running: bool | None
    disk_free_bytes: int | None
    last_backup_at: datetime | None


@dataclass(frozen=True, slots=True)
class QuickCheck:
    """`damage` is what the engine found; `lacking` and `unknown` are versions of the schema, the latter those
    over which nobody goes back; `newest` is when the journal got its last line."""

    size_bytes: int
    damage: str
    lacking: tuple[str, ...]
    unknown: tuple[str, ...]
    newest: datetime | None


class ReadConnection(Connection, Protocol):
    """A connection that cannot write, and whose questions no writer feels. Rows are known by name and place;
    `dict(row)` has all of one."""

    def begin_view(self) -> None:
        """From here on every question sees the same moment, whatever is written meanwhile."""
        ...

    def find_lacking(self) -> tuple[str, ...]:
        """The versions of the schema that this gateway knows and the database lacks; raises SchemaError for
        what is not ours, or of a newer gateway."""
        ...

    def list_tables(self) -> frozenset[str]:
        """The names of the tables; those of an earlier version are fewer."""
        ...

    def close(self) -> None:
        """Give it back."""
        ...


class Source(Protocol):
    """A database by its place; `str()` of it is how operators know it."""

    @property
    def path(self) -> Path:
        """The file, or what stands for it: sockets, backups and keys lie beside it."""
        ...

    def exists(self) -> bool:
        """Whether there is anything to read."""
        ...

    def open(self) -> ReadConnection:
        """A new connection, whatever is found. Raises NoDatabaseError."""
        ...

    def measure(self) -> Measures:
        """What is known from outside."""
        ...

    def check_quickly(self) -> QuickCheck:
        """Whether it can be used at all. Raises what the engine does for what is no database."""
        ...

    def verify(self, heads: tuple[bytes, ...], progress: Progress) -> Report:
        """All that can be proven; `heads` are hashes of the journal that were noted earlier."""
        ...

    def back_up(self, folder: Path, now: datetime, progress: Progress) -> Backup:
        """A file of SQLite with all that it holds now, proven; an error leaves nothing behind."""
        ...
