"""The journal for operators, the newest lines first, and the head of its hash chain."""

from __future__ import annotations

from gateway.store.protocol import Connection
from gateway.store.queries.console.lists import Row
from gateway.store.tables import rows

PAGE = 50
MAX_LOOKED_AT = 5_000  # lines examined for one page
_NEWEST = 2**62


def list_lines(connection: Connection, event: str, by: str, before: int) -> tuple[list[Row], int]:
    """Return lines older than `before` (0: from the newest on) and where to continue (0: no more).

    `event` and `by` (the actor) restrict the lines; empty means all.
    """
    values = {"before": before or _NEWEST, "most": MAX_LOOKED_AT, "event": event, "by": by.lower()}
    looked = connection.execute(_LOOKED, values).fetchone()
    found = connection.execute(_LINES, {**values, "limit": PAGE}).fetchall()
    lines = [{**rows.type_journal_row(dict(row)), "by": row["actor"]} for row in found]
    if len(lines) == PAGE:
        return lines, lines[-1]["id"]
    return lines, looked["id"] if looked["n"] == MAX_LOOKED_AT else 0


def find_head(connection: Connection) -> tuple[int, bytes]:
    """Return number and hash of the last line of the chain."""
    row = connection.execute("SELECT id, hash FROM journal ORDER BY id DESC LIMIT 1").fetchone()
    return (row["id"], bytes(row["hash"])) if row else (0, b"")


_LOOKED = """
SELECT min(id) AS id, count(*) AS n FROM (
  SELECT id FROM journal WHERE id < :before ORDER BY id DESC LIMIT :most
) looked
"""
_LINES = """
SELECT j.id, j.at, j.event, j.actor, j.detail, c.number
FROM (SELECT * FROM journal WHERE id < :before ORDER BY id DESC LIMIT :most) j
LEFT JOIN cases c ON c.id = j.case_id
WHERE (:event = '' OR j.event = :event) AND (:by = '' OR lower(j.actor) = :by)
ORDER BY j.id DESC LIMIT :limit
"""
