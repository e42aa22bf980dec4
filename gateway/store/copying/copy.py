"""Copies all rows of a database into an empty one, and verifies that both are equal afterwards.

The caller keeps others from writing, and commits only a verified copy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gateway.store.copying.rows import Fingerprint, Row, TableProof, read_parts, write_part
from gateway.store.integrity import hash_chain
from gateway.store.integrity.hash_chain import Head, Proof
from gateway.store.protocol import Connection
from gateway.store.sqlite.migrations.table_list import Table, list_tables

# Called with a table name and the number of its rows processed.
Progress = Callable[[str, int], None]


class CopyError(Exception):
    """Raised if nothing was copied; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class CopyResult:
    """The contents of both databases, table by table, and the last journal line."""

    tables: tuple[TableProof, ...]
    head: Head

    @property
    def rows(self) -> int:
        """Total number of rows."""
        return sum(one.rows for one in self.tables)


def survey(source: Connection, progress: Progress, *, holds_nul: bool) -> CopyResult:
    """Return what would be copied. Raises CopyError if it cannot be copied."""
    head = _check_chain(source, progress, "the source")
    return CopyResult(tuple(_prove(source, table, progress, holds_nul) for table in list_tables()), head)


def copy(source: Connection, target: Connection, progress: Progress, *, holds_nul: bool) -> CopyResult:
    """Fill an empty database; `holds_nul`: it can store NUL in a text. Raises CopyError."""
    tables = list_tables()
    head = _check_chain(source, progress, "the source")
    for table in reversed(tables):
        target.execute(f"DELETE FROM {table.name}")  # noqa: S608 - what the schema itself put there
    sent = tuple(_copy_table(source, target, table, progress, holds_nul) for table in tables)
    for table, one in zip(tables, sent, strict=True):
        _compare(one, _prove(target, table, progress, holds_nul=True))
    if _check_chain(target, progress, "the target") != head:
        raise CopyError("the last line of the journal differs in the target: report this as a bug")
    return CopyResult(sent, head)


def find_rows(connection: Connection) -> str:
    """Return the name of a table that is not empty; empty if there is none. Zero counts do not matter."""
    for table in list_tables():
        where = "WHERE n <> 0 LIMIT 1" if table.name == "invitation_waits" else "LIMIT 1"
        if connection.execute(f"SELECT 1 FROM {table.name} {where}").fetchone():  # noqa: S608 - our own names
            return table.name
    return ""


def _copy_table(
    source: Connection, target: Connection, table: Table, progress: Progress, holds_nul: bool
) -> TableProof:
    sent = Fingerprint(table)
    for rows in read_parts(source, table):
        if not holds_nul:
            _refuse_nul(table, rows)
        sent.add(rows)
        write_part(target, table, rows)
        progress(table.name, sent.rows)
    return sent.proof()


def _prove(connection: Connection, table: Table, progress: Progress, holds_nul: bool) -> TableProof:
    found = Fingerprint(table)
    for rows in read_parts(connection, table):
        if not holds_nul:
            _refuse_nul(table, rows)
        found.add(rows)
        progress(f"proof of {table.name}", found.rows)
    return found.proof()


def _refuse_nul(table: Table, rows: list[Row]) -> None:
    for row in rows:
        if any("\0" in value for value in row if isinstance(value, str)):
            key = ", ".join(f"{name} {row[table.place[name]]}" for name in table.key)
            raise CopyError(f"{table.name}, {key}: contains a NUL character, which PostgreSQL cannot store")


def _compare(sent: TableProof, found: TableProof) -> None:
    if sent != found:
        raise CopyError(
            f"{sent.table}: {sent.rows} rows were copied but {found.rows} found, or their contents differ; "
            "the copy was discarded. Report this as a bug"
        )


def _check_chain(connection: Connection, progress: Progress, which: str) -> Head:
    proof: Proof = hash_chain.check(connection, (), lambda lines: progress(f"chain of {which}", lines))
    if proof.broken:
        raise CopyError(
            f"the journal of {which} is corrupt: {proof.broken[0]}; run gateway verify for details"
        )
    return proof.head
