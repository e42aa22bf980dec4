"""A PostgreSQL connection with the store's interface: `:name` parameters, rows by name and position."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.pq import TransactionStatus
from psycopg.types.string import StrDumperUnknown

from gateway.memoize import memoize
from gateway.store.postgres.connecting.dialect import translate
from gateway.store.protocol.connection import Cursor

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


class PostgresRow(tuple[Any, ...]):
    """A row like sqlite3.Row: values in order, each also indexed by the name of its column."""

    __slots__ = ()
    places: Mapping[str, int] = {}

    def __getitem__(self, key: Any, /) -> Any:
        return super().__getitem__(self.places[key] if isinstance(key, str) else key)

    def keys(self) -> list[str]:
        """Return the column names."""
        return list(self.places)


@memoize(maxsize=512, why="each of about three hundred statements has one row class")
def _make_class(names: tuple[str, ...]) -> type[PostgresRow]:
    places = {name: place for place, name in enumerate(names)}
    return cast("type[PostgresRow]", type("Row", (PostgresRow,), {"__slots__": (), "places": places}))


def make_rows(cursor: psycopg.Cursor[Any]) -> Any:
    """Return the row factory for psycopg."""
    return _make_class(tuple(column.name for column in cursor.description or ()))


class _NumberLoader(Loader):
    """Loader of NUMERIC, the type of a `sum` of integers, as an int if possible, otherwise a float."""

    def load(self, data: Buffer) -> int | float:
        text = bytes(data).decode()
        return int(text) if text.lstrip("-").isdecimal() else float(text)


class _TextDumper(StrDumperUnknown):
    """Dumper that replaces NUL, which PostgreSQL cannot store, so that no mail is deferred forever."""

    def dump(self, obj: str) -> Buffer | None:
        return super().dump(obj.replace("\0", REPLACEMENT))


def adapt(connection: psycopg.Connection[Any]) -> None:
    """Configure a connection for the types of the store."""
    connection.adapters.register_loader("numeric", _NumberLoader)
    connection.adapters.register_dumper(str, _TextDumper)
    connection.row_factory = make_rows


class PostgresConnection:
    """Connection for use inside a transaction; see `gateway.store.protocol.Connection`."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def execute(self, sql: str, parameters: Mapping[str, object] | None = None, /) -> Cursor:
        self._check_turn()
        return self._connection.execute(_query(sql), parameters or {})

    def executemany(self, sql: str, parameters: Iterable[Mapping[str, object]], /) -> Cursor:
        self._check_turn()
        cursor = self._connection.cursor()
        cursor.executemany(_query(sql), list(parameters))
        return cursor

    def _check_turn(self) -> None:
        """Refuse to read or write before the transaction has its turn."""
        if self._connection.info.transaction_status is not TransactionStatus.INTRANS:
            raise RuntimeError("the statement needs a transaction, but none is open")


def _query(sql: str) -> Any:
    return translate(sql).encode()
