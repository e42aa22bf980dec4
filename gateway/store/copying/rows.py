"""Reads and writes the rows of any table in chunks, and hashes all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from gateway.store.protocol import Connection
from gateway.store.sqlite.migrations.table_list import Table

# Few, because a row can be as large as the largest mail.
PARTS = {"mails": 20}
PART = 1_000

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class TableProof:
    """Number of rows of a table, and the SHA-256 of all of them in the order of their key."""

    table: str
    rows: int
    digest: str


class Fingerprint:
    """Hash of the rows of a table, added in the order of its key."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._hash = hashlib.sha256()
        self._encoder = msgspec.msgpack.Encoder()
        self.rows = 0

    def add(self, rows: Iterable[Row]) -> None:
        """Add rows with their columns in order; text, octets, numbers and NULL hash differently."""
        for row in rows:
            self._hash.update(self._encoder.encode(row))
            self.rows += 1

    def proof(self) -> TableProof:
        """Return the proof of the rows added so far."""
        return TableProof(self._table.name, self.rows, self._hash.hexdigest())


def read_parts(connection: Connection, table: Table) -> Iterator[list[Row]]:
    """Yield all rows of a table in chunks, in the order of its key, compared by octets."""
    columns, key = ", ".join(table.columns), ", ".join(table.key)
    size = PARTS.get(table.name, PART)
    values: dict[str, object] = {}
    after = ""
    while found := connection.execute(
        f"SELECT {columns} FROM {table.name} {after} ORDER BY {key} LIMIT {size}",  # noqa: S608 - our own names
        values,
    ).fetchall():
        rows = [tuple(row) for row in found]
        yield rows
        after = f"WHERE ({key}) > ({', '.join(f':{name}' for name in table.key)})"
        values = {name: rows[-1][table.place[name]] for name in table.key}


def write_part(connection: Connection, table: Table, rows: list[Row]) -> None:
    """Insert rows unchanged."""
    marks = ", ".join(f":{name}" for name in table.columns)
    connection.executemany(
        f"INSERT INTO {table.name} ({', '.join(table.columns)}) VALUES ({marks})",  # noqa: S608 - our own names
        [dict(zip(table.columns, row, strict=True)) for row in rows],
    )
