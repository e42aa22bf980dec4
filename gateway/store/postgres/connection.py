"""A connection to PostgreSQL as the store knows connections: `:name` parameters, rows by name and place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.pq import TransactionStatus
from psycopg.types.string import StrDumperUnknown

from gateway.memoize import memoize
from gateway.store.postgres.dialect import translate
from gateway.store.protocol.connection import Cursor

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


class PostgresRow(tuple[Any, ...]):
    """A row as sqlite3.Row is one: values in their order, each also by the name of its column."""

    __slots__ = ()
    places: Mapping[str, int] = {}

    def __getitem__(self, key: Any, /) -> Any:
        return super().__getitem__(self.places[key] if isinstance(key, str) else key)

    def keys(self) -> list[str]:
        """The names of the columns."""
        return list(self.places)


@memoize(maxsize=512, why="one class for the rows of a statement, and there are about three hundred")
def _make_class(names: tuple[str, ...]) -> type[PostgresRow]:
    places = {name: place for place, name in enumerate(names)}
    return cast("type[PostgresRow]", type("Row", (PostgresRow,), {"__slots__": (), "places": places}))


def make_rows(cursor: psycopg.Cursor[Any]) -> Any:
    """A row factory of psycopg."""
    return _make_class(tuple(column.name for column in cursor.description or ()))


class _NumberLoader(Loader):
    """`sum` of whole numbers is NUMERIC: here a whole number, and else a float."""

    def load(self, data: Buffer) -> int | float:
        text = bytes(data).decode()
        return int(text) if text.lstrip("-").isdecimal() else float(text)


class _TextDumper(StrDumperUnknown):
    """PostgreSQL holds no NUL: no mail is put off for ever because there is one in it."""

    def dump(self, obj: str) -> Buffer | None:
        return super().dump(obj.replace("\0", REPLACEMENT))


def adapt(connection: psycopg.Connection[Any]) -> None:
    """Let a connection give and take what the store does."""
    connection.adapters.register_loader("numeric", _NumberLoader)
    connection.adapters.register_dumper(str, _TextDumper)
    connection.row_factory = make_rows


class PostgresConnection:
    """See `gateway.store.protocol.Connection`; only for use inside a transaction."""

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
        """Nothing is read or written before the transaction has its turn."""
        if self._connection.info.transaction_status is not TransactionStatus.INTRANS:
            raise RuntimeError("a statement outside of a transaction")


def _query(sql: str) -> Any:
    return translate(sql).encode()
