"""A store as whoever owns it knows it: opened before the paths use it, and closed after them."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from gateway.store.protocol.transaction import Store


class DatabaseInUseError(Exception):
    """Another gateway has the database for writing; the message says which."""


class UnusableStoreError(Exception):
    """The database answers, and a gateway must not work on it; the message says why, and what to do."""


class OwnedStore(Store, Protocol):
    """A store that can be opened."""

    @property
    def path(self) -> Path:
        """The file of the database, or what stands for it: sockets, keys and backups lie beside it."""
        ...

    @property
    def name(self) -> str:
        """How operators know the database; no secret is in it."""
        ...

    def open(self) -> None:
        """Take the right to write, until `close`. Raises what keeps it from that, and nothing runs then."""
        ...

    def close(self) -> None:
        """Commit what is queued, and let others write."""
        ...
