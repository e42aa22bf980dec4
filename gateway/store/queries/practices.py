"""Who of the staff passed the practice, and how much of their signatures is known; beside the gateway."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.store.sqlite.integrity.verify import open_read_only
from gateway.store.tables import known_lines


@dataclass(frozen=True, slots=True)
class PracticeRecord:
    """When a member passed last and decided last (ISO 8601, empty: never), and the known lines of the
    signature."""

    passed_at: str
    lines: int
    decided_at: str = ""


def load_practices(database: Path) -> dict[str, PracticeRecord]:
    """By the key of the address; nothing of a database that does not know of practice yet.

    Raises sqlite3.Error for what is no database."""
    with contextlib.closing(open_read_only(database)) as connection:
        connection.row_factory = sqlite3.Row
        named = "SELECT name FROM sqlite_schema WHERE name IN ('member_lines', 'practices')"
        if len(connection.execute(named).fetchall()) < 2:
            return {}
        passed = dict(connection.execute("SELECT member_key, passed_at FROM practices").fetchall())
        members = {row[0] for row in connection.execute("SELECT DISTINCT member_key FROM member_lines")}
        decided = {str(who).lower(): at for who, at in connection.execute(_DECIDED).fetchall()}
        return {
            key: PracticeRecord(
                passed.get(key, ""), len(known_lines.find(connection, key, -1)), decided.get(key, "")
            )
            for key in sorted(members | passed.keys() | decided.keys())
        }


def load_absences(database: Path) -> dict[str, tuple[str, str]]:
    """First and last day (ISO 8601) by the digest of a member's address; nothing of an older database.

    Raises sqlite3.Error for what is no database."""
    found = _read_table(database, "absences", "SELECT member, first, last FROM absences")
    return {member: (first, last) for member, first, last in found}


def load_revoked(database: Path) -> dict[str, str]:
    """Since when a mailbox is revoked (ISO 8601), by `Address.key`; nothing of an older database.

    Raises sqlite3.Error for what is no database."""
    found = _read_table(database, "revoked_staff", "SELECT address_key, at FROM revoked_staff")
    return dict(found)


def _read_table(database: Path, table: str, sql: str) -> list[Any]:
    with contextlib.closing(open_read_only(database)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (table,)).fetchone():
            return []
        return connection.execute(sql).fetchall()


# A range of the index on (event, at), which LIKE would not use: the lines of the decisions alone are read.
_DECIDED = """
SELECT actor, max(at) FROM journal INDEXED BY journal_event
WHERE event >= 'decision.' AND event < 'decision/' AND actor LIKE '%@%' GROUP BY actor
"""
