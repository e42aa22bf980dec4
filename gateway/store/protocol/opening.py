"""A store as its users and its owner see it: opened before anything uses it, and closed afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeVar

from gateway.store.protocol.transaction import Transaction

T = TypeVar("T")


class DatabaseInUseError(Exception):
    """Raised if another gateway has the database open for writing; the message says which."""


class UnusableStoreError(Exception):
    """Raised if a gateway must not work on an available database; the message says why, and what to do."""


class OtherVersionError(UnusableStoreError):
    """Raised if the schema is of another version; `is_newer`: than this gateway's.

    `found` is that version, and `active` the machine that works with it now; each may be empty.
    """

    def __init__(self, message: str, *, is_newer: bool, found: str = "", active: str = "") -> None:
        super().__init__(message)
        self.is_newer = is_newer
        self.found = found
        self.active = active


class ReplicaError(UnusableStoreError):
    """Raised if the server is read-only; it accepts writes once it is made the primary."""


class Store(Protocol):
    """A durable store with a single writer."""

    async def transact(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in a transaction and return its value after the commit is on disk.

        The store chooses the thread. It may roll back a whole group of work and run it again, so `work` must
        change nothing but the store. Raises StoreUnavailableError if nothing was recorded; otherwise what
        `work` raises, after rolling back its changes.
        """
        ...

    async def compact(self) -> bool:
        """Remove all traces of erased data; return whether none is left. Raises StoreUnavailableError."""
        ...


class OwnedStore(Store, Protocol):
    """A store that can be opened."""

    @property
    def path(self) -> Path:
        """The database file, or a path in its place; sockets, keys and backups are beside it."""
        ...

    @property
    def name(self) -> str:
        """The name of the database for operators, without secrets."""
        ...

    @property
    def behind(self) -> str:
        """Why it accepts no work: it lacks data that was seen committed. Empty if nothing is missing."""
        ...

    @property
    def differs(self) -> tuple[str, ...]:
        """What differs between this standby machine and the active one: settings, keys, files."""
        ...

    async def note_shared(self, shared: str) -> None:
        """Publish hashes of what this machine has to the others. Raises StoreUnavailableError."""
        ...

    async def accept_behind(self, work: Callable[[Transaction], T]) -> T:
        """Accept the present data, running `work` first. Raises StoreUnavailableError."""
        ...

    def open(self, *, patient: bool = False) -> None:
        """Acquire the exclusive right to write until `close`. Raises if that fails, and nothing runs then.

        `patient`: start even if the database is unreachable; work raises StoreUnavailableError until it is
        reachable. A file exists or it does not, so this makes no difference there.
        """
        ...

    def tell_time(self, own: datetime) -> datetime:
        """Return the time that applies to all writers, when the clock of this machine shows `own` (UTC)."""
        ...

    def close(self) -> None:
        """Commit queued work, and release the right to write."""
        ...
