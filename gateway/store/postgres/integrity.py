"""Checks that a schema on PostgreSQL is sound: tables and triggers, the row `turn`, and the contents.

Pages and indexes are the server's own: pg_checksums, pg_amcheck.
"""

from __future__ import annotations

from gateway.store.integrity.contents import check_chain, check_references
from gateway.store.integrity.hash_chain import Head
from gateway.store.integrity.report import Check, Progress, Report
from gateway.store.postgres.schema import read_names
from gateway.store.protocol import Connection


def verify(connection: Connection, heads: tuple[bytes, ...], progress: Progress) -> Report:
    """Run all checks; `heads` are journal hashes noted earlier."""
    schema = _check_schema(connection)
    chain, head = check_chain(connection, heads, progress)
    references = check_references(connection, progress)
    return Report((schema, _check_turn(connection, head), chain, references), head)


def _check_schema(connection: Connection) -> Check:
    wanted = read_names()
    there = {f"{row['kind']} {row['name']}" for row in connection.execute(_THERE)}
    off = [f"trigger {row['name']}: disabled" for row in connection.execute(_OFF)]
    found = [*(f"{name}: missing" for name in sorted(wanted - there)), *off]
    found += [f"{name}: unknown" for name in sorted(there - wanted) if name.startswith("trigger ")]
    advice = "the schema was changed manually: revert the change, or restore a backup"
    return Check("schema", "tables, indexes and triggers", tuple(found), advice)


def _check_turn(connection: Connection, head: Head) -> Check:
    """Check the line that the journal continues from."""
    row = connection.execute("SELECT head_number, head_hash FROM turn WHERE id = 1").fetchone()
    known = Head(row["head_number"], bytes(row["head_hash"])) if row is not None else Head()
    found = (
        () if known == head else (f"continues from line {known.number}, but the last is line {head.number}",)
    )
    advice = (
        "the journal was altered or truncated by another program; compare with a backup before doing "
        "anything else"
    )
    return Check("turn", "continuation of the journal", found, advice)


_THERE = """
SELECT 'table' AS kind, tablename AS name FROM pg_tables WHERE schemaname = current_schema()
UNION ALL SELECT 'index', indexname FROM pg_indexes WHERE schemaname = current_schema()
UNION ALL SELECT 'trigger', t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND c.relnamespace = CAST(current_schema() AS regnamespace)
"""
_OFF = """
SELECT t.tgname AS name FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND t.tgenabled <> 'O' AND c.relnamespace = CAST(current_schema() AS regnamespace)
ORDER BY 1
"""
