"""Holds letters of unknown delivery state until an operator releases them."""

from __future__ import annotations

from typing import Any

from gateway.store.protocol import Connection


def hold_waiting(connection: Connection, why: str) -> tuple[dict[str, Any], ...]:
    """Hold all letters that wait in the outbox; return every letter that is held now."""
    connection.execute(
        """
        UPDATE letters SET state = 'held', leased_until = NULL, last_reply = :why
        WHERE state IN ('queued', 'deferred')
        """,
        {"why": why},
    )
    found = connection.execute(
        """
        SELECT l.id, c.number AS "case", l.letter, l.recipient, l.queued_at, l.queued_at AS owed_at
        FROM letters l LEFT JOIN cases c ON c.id = l.case_id WHERE l.state = 'held' ORDER BY l.id
        """
    )
    names = ("id", "case", "letter", "recipient", "queued_at", "owed_at")
    return tuple({name: row[name] for name in names} for row in found)
