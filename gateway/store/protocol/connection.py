"""Interface of a store's connection, for tables unrelated to mail: SQL with named parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol


class LongWorkError(Exception):
    """Raised by work too long for the event loop; it is then run in the writer's thread instead."""


class Row(Protocol):
    """A row, indexed by column name or position."""

    def __getitem__(self, key: Any, /) -> Any: ...

    def __iter__(self) -> Iterator[Any]: ...

    def keys(self) -> list[str]:
        """Return the column names."""
        ...


class Cursor(Protocol):
    """The result of a statement."""

    @property
    def rowcount(self) -> int:
        """Number of rows changed."""
        ...

    def fetchone(self) -> Any:
        """Return the next row; None after the last."""
        ...

    def fetchall(self) -> list[Any]:
        """Return all remaining rows."""
        ...

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """The connection of a transaction; it belongs to the store, and only the store commits."""

    def execute(self, sql: str, parameters: Any = ..., /) -> Cursor:
        """Run a statement."""
        ...

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> Cursor:
        """Run a statement for each set of parameters."""
        ...
