"""Marks of what a page shows, which change with it, to detect that the page is out of date."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from gateway.store.protocol import Connection
from gateway.store.queries.console.queue import Counts, Entry

_CASE = """
SELECT c.revision, c.state, c.handler,
       (SELECT max(id) FROM journal WHERE case_id = c.id) AS line,
       (SELECT max(id) FROM mails WHERE case_id = c.id) AS mail
FROM cases c WHERE c.number = :number AND c.erased_at IS NULL
"""


def mark_case(connection: Connection, number: str) -> str:
    """Return a mark of a case with its mails and its journal; without such a case, the mark of nothing.

    A sent letter does not change it, or everybody who acts would be notified of their own letters.
    """
    row = connection.execute(_CASE, {"number": number}).fetchone()
    return _digest([] if row is None else [row[name] for name in _COLUMNS])


_LISTED = ("id", "revision", "state", "handler", "due_on")
_COLUMNS = ("revision", "state", "handler", "line", "mail")


def find_last_line(connection: Connection) -> int:
    """Return the number of the last journal line."""
    row = connection.execute("SELECT coalesce(max(id), 0) AS id FROM journal").fetchone()
    return int(row["id"])


def mark_entries(entries: Iterable[Entry], counts: Counts) -> str:
    """Return a mark of a page of the queue, including its counters."""
    rows = [[entry.row[name] for name in _LISTED] for entry in entries]
    return _digest([*rows, [counts.waiting, counts.overdue, counts.today]])


def _digest(shown: list[object]) -> str:
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:16]
