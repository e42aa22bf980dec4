"""Reads cases for an export, examining the same number of rows each time, however few match."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gateway.admission.case.model import Case
from gateway.store.protocol import Connection
from gateway.store.queries.console.filters import BY
from gateway.store.tables import rows

PART = 2_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Cases opened from `since` until before `until`, and what else they must be; empty: anything.

    `by` is the key of a staff address, as in `filters`.
    """

    since: datetime
    until: datetime
    state: str = ""
    kind: str = ""
    by: str = ""


def load_part(connection: Connection, wanted: Wanted, after: int) -> tuple[list[Case], int]:
    """Return the matching cases among the next rows, and the last row examined (-1: there are no more)."""
    values = {
        "after": after,
        "since": rows.to_text(wanted.since),
        "until": rows.to_text(wanted.until),
        "state": wanted.state,
        "kind": wanted.kind,
        "by": wanted.by,
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
_PART = f"""
SELECT k.* FROM cases k WHERE k.id > :after AND k.id <= :last AND k.erased_at IS NULL
  AND k.opened_at >= :since AND k.opened_at < :until AND (:state = '' OR k.state = :state) AND {BY}
  AND (:kind = '' OR EXISTS (SELECT 1 FROM case_figures f WHERE f.case_id = k.id AND f.category = :kind))
ORDER BY k.id
"""  # noqa: S608 - our own constants
