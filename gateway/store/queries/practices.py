"""Practices of the staff, and how much of their signatures is known; read beside the gateway."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from gateway.store.console.accounts import identities
from gateway.store.console.accounts.identities import LinkedAccount
from gateway.store.protocol import Source
from gateway.store.tables.staff import known_lines


@dataclass(frozen=True, slots=True)
class PracticeRecord:
    """Times of a member's last practice and decision (ISO 8601, empty: never), and known signature lines."""

    passed_at: str
    lines: int
    decided_at: str = ""


def load_practices(source: Source) -> dict[str, PracticeRecord]:
    """Return the records by address key; empty for a database older than practices.

    Raises NoDatabaseError.
    """
    with contextlib.closing(source.open()) as connection:
        if not {"member_lines", "practices"} <= connection.list_tables():
            return {}
        passed = _pair(connection.execute("SELECT member_key, passed_at FROM practices"))
        members = {row[0] for row in connection.execute("SELECT DISTINCT member_key FROM member_lines")}
        decided = {who.lower(): at for who, at in _pair(connection.execute(_DECIDED)).items()}
        return {
            key: PracticeRecord(
                passed.get(key, ""), len(known_lines.find(connection, key, -1)), decided.get(key, "")
            )
            for key in sorted(members | passed.keys() | decided.keys())
        }


def load_absences(source: Source) -> dict[str, tuple[str, str]]:
    """Return first and last day (ISO 8601) by the digest of a member's address; empty for an older database.

    Raises NoDatabaseError.
    """
    found = _read_table(source, "absences", "SELECT member, first, last FROM absences")
    return {row["member"]: (row["first"], row["last"]) for row in found}


def load_mail_choices(source: Source) -> dict[str, str]:
    """Return which letters members chose, by the digest of their address; empty for an older database.

    Raises NoDatabaseError.
    """
    return _pair(_read_table(source, "mail_choices", "SELECT member, choice FROM mail_choices"))


def load_revoked(source: Source) -> dict[str, str]:
    """Return since when a mailbox is revoked (ISO 8601), by `Address.key`; empty for an older database.

    Raises NoDatabaseError.
    """
    return _pair(_read_table(source, "revoked_staff", "SELECT address_key, at FROM revoked_staff"))


def load_accounts(source: Source) -> list[LinkedAccount]:
    """Return the accounts linked to staff addresses; empty for an older database. Raises NoDatabaseError."""
    with contextlib.closing(source.open()) as connection:
        there = "console_identities" in connection.list_tables()
        return identities.find_all(connection) if there else []


def _read_table(source: Source, table: str, sql: str) -> list[Any]:
    with contextlib.closing(source.open()) as connection:
        return connection.execute(sql).fetchall() if table in connection.list_tables() else []


def _pair(rows: Iterable[Any]) -> dict[str, str]:
    """Return rows of two columns as a dictionary, the first column as key."""
    return {row[0]: row[1] for row in rows}


# A range of the index on (event, at), which LIKE would not use: only decisions are read.
_DECIDED = """
SELECT actor, max(at) FROM journal INDEXED BY journal_event
WHERE event >= 'decision.' AND event < 'decision/' AND actor LIKE '%@%' GROUP BY actor
"""
