"""Letters counted by day in Japan and cause: what left, and what was over a cap. No address is kept here."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime

from gateway.admission.business_days import tokyo_date
from gateway.admission.case.caps import Bound
from gateway.store.sqlite import rows

MAX_CAPPED = 100


def read_count(connection: sqlite3.Connection, bound: Bound, now: datetime) -> int:
    """How many letters were counted for a cause on this day."""
    row = connection.execute(_COUNT, _values(bound, now)).fetchone()
    return 0 if row is None else int(row["n"])


def add(connection: sqlite3.Connection, bound: Bound, now: datetime, *, capped: bool = False) -> None:
    """Count one more letter for a cause; `capped`: one that did not leave."""
    connection.execute(_ADD, {**_values(bound, now), "n": int(not capped), "capped": int(capped)})


def capped_letters(
    connection: sqlite3.Connection, first: date, end: date
) -> tuple[tuple[str, str, str, int], ...]:
    """(name, scope, of, how many) of what did not leave from the day `first` to before `end`, most first."""
    days = {"first": first.isoformat(), "end": end.isoformat(), "limit": MAX_CAPPED}
    return tuple(tuple(row) for row in connection.execute(_CAPPED, days))


def read_last_request(connection: sqlite3.Connection, case_id: int, to_key: str) -> datetime | None:
    """When the last review request about a case to one person left or was to leave."""
    row = connection.execute(_LAST_REQUEST, {"case_id": case_id, "key": to_key}).fetchone()
    return rows.from_text(row["at"]) if row["at"] else None


def _values(bound: Bound, now: datetime) -> dict[str, object]:
    return {"day": tokyo_date(now).isoformat(), "name": bound.name, "scope": bound.scope, "of": bound.of}


_COUNT = "SELECT n FROM letter_counts WHERE day = :day AND name = :name AND scope = :scope AND of = :of"
_ADD = """
INSERT INTO letter_counts (day, name, scope, of, n, capped) VALUES (:day, :name, :scope, :of, :n, :capped)
ON CONFLICT DO UPDATE SET n = n + :n, capped = capped + :capped
"""
_CAPPED = """
SELECT name, scope, of, sum(capped) FROM letter_counts WHERE day >= :first AND day < :end AND capped > 0
GROUP BY name, scope, of ORDER BY 4 DESC, name, scope, of LIMIT :limit
"""
_LAST_REQUEST = """
SELECT max(coalesce(sent_at, not_before)) AS at FROM letters
WHERE case_id = :case_id AND letter = 'review_request' AND recipient_key = :key AND state <> 'recalled'
"""
