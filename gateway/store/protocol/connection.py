"""What a store's connection can do for tables that mails know nothing of: SQL with named parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol


class LongWorkError(Exception):
    """The work takes more time than the event loop may give it; it is done in the writer's thread instead."""


class Row(Protocol):
    """A row, by the names of its columns or by their places."""

    def __getitem__(self, key: Any, /) -> Any: ...

    def keys(self) -> list[str]:
        """The names of its columns."""
        ...


class Cursor(Protocol):
    """What a statement gives."""

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""
        ...

    def fetchone(self) -> Any:
        """The next row; None behind the last."""
        ...

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        ...

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """The connection of a transaction; it belongs to the store, which alone commits."""

    def execute(self, sql: str, parameters: Any = ..., /) -> Cursor:
        """Run one statement."""
        ...

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> Cursor:
        """Run one statement for each set of parameters."""
        ...
