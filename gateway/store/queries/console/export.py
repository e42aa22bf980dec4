"""Reads cases for an export, examining the same number of rows each time, however few match."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gateway.admission.case.model import Case, State
from gateway.store import rows
from gateway.store.protocol import Connection

PART = 2_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Cases opened from `since` until before `until`, of one state or of all."""

    since: datetime
    until: datetime
    state: State | None = None


def load_part(connection: Connection, wanted: Wanted, after: int) -> tuple[list[Case], int]:
    """Return the matching cases among the next rows, and the last row examined (-1: there are no more)."""
    values = {
        "after": after,
        "since": rows.to_text(wanted.since),
        "until": rows.to_text(wanted.until),
        "state": wanted.state.value if wanted.state else "",
    }
    last = connection.execute(_LAST, {"after": after, "part": PART}).fetchone()
    if not last["n"]:
        return [], -1
    found = connection.execute(_PART, {**values, "last": last["id"]}).fetchall()
    return [rows.to_case(row) for row in found], last["id"] if last["n"] == PART else -1


_LAST = """
SELECT max(id) AS id, count(*) AS n FROM (
  SELECT id FROM cases WHERE id > :after ORDER BY id LIMIT :part
) part
"""
_PART = """
SELECT * FROM cases WHERE id > :after AND id <= :last AND erased_at IS NULL
  AND opened_at >= :since AND opened_at < :until AND (:state = '' OR state = :state) ORDER BY id
"""
