"""The tables of a database in an order in which they can be filled: referenced tables come first.

The list is read from the newest schema, so that no table is forgotten.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter

from gateway.store.sqlite.migrations import schema


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its columns in order, and the columns of its primary key."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]

    @property
    def place(self) -> Mapping[str, int]:
        """The position of each column in a row."""
        return {name: place for place, name in enumerate(self.columns)}


def list_tables() -> tuple[Table, ...]:
    """Return all tables that hold the desk's data."""
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        schema.migrate(connection)
        names = [name for (name,) in connection.execute(_TABLES)]
        parents = {name: [row[0] for row in connection.execute(_PARENTS, {"table": name})] for name in names}
        return tuple(_read(connection, name) for name in TopologicalSorter(parents).static_order())


def _read(connection: sqlite3.Connection, name: str) -> Table:
    rows = connection.execute(_COLUMNS, {"table": name}).fetchall()
    key = sorted((place, column) for column, place in rows if place)
    return Table(name, tuple(column for column, _ in rows), tuple(column for _, column in key))


_TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%sqlite%' ORDER BY name"
_PARENTS = 'SELECT DISTINCT "table" FROM pragma_foreign_key_list(:table)'
_COLUMNS = "SELECT name, pk FROM pragma_table_info(:table) ORDER BY cid"
