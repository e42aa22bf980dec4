"""The SQL of known signature lines of staff; see `gateway.store.protocol.Transaction`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from gateway.store.protocol import Connection
from gateway.store.tables import rows

MAX_LINES = 100  # per member, however much they send


def find(connection: Connection, member_key: str, letter_id: int) -> tuple[str, ...]:
    """Return the lines that count in a reply to `letter_id`, sorted."""
    found = connection.execute(
        """
        SELECT line FROM member_lines WHERE member_key = :key AND letter_id <> :letter
        GROUP BY line HAVING min(letter_id) = 0 OR count(*) >= 2 ORDER BY line
        """,
        {"key": member_key, "letter": letter_id},
    )
    return tuple(row["line"] for row in found)


def keep(
    connection: Connection, member_key: str, lines: Iterable[str], letter_id: int, now: datetime
) -> None:
    """Add lines that were seen; after three sightings of a line, more would change nothing."""
    at = rows.to_text(now)
    connection.executemany(
        _KEEP, [{"key": member_key, "line": line, "letter": letter_id, "at": at} for line in lines]
    )


def keep_practice(
    connection: Connection, member_key: str, lines: Iterable[str], now: datetime, *, passed: bool
) -> None:
    """Replace the lines of the last practice reply; an empty reply that does not pass changes nothing."""
    lines = tuple(lines)
    if not (lines or passed):
        return
    connection.execute(
        "DELETE FROM member_lines WHERE member_key = :key AND letter_id = 0", {"key": member_key}
    )
    keep(connection, member_key, lines, 0, now)
    if passed:
        connection.execute(
            """
            INSERT INTO practices (member_key, passed_at) VALUES (:key, :at)
            ON CONFLICT (member_key) DO UPDATE SET passed_at = :at
            """,
            {"key": member_key, "at": rows.to_text(now)},
        )


def erase(connection: Connection, member_key: str) -> int:
    """Forget a member; return the number of rows deleted."""
    key = {"key": member_key}
    return sum(
        connection.execute(f"DELETE FROM {table} WHERE member_key = :key", key).rowcount  # noqa: S608 - our own constants
        for table in ("member_lines", "practices")
    )


_KEEP = f"""
INSERT INTO member_lines (member_key, line, letter_id, seen_at)
SELECT :key, :line, :letter, :at
WHERE (SELECT count(*) FROM member_lines WHERE member_key = :key) < {MAX_LINES}
  AND (CAST(:letter AS BIGINT) = 0
       OR (SELECT count(*) FROM member_lines WHERE member_key = :key AND line = :line) < 3)
ON CONFLICT DO NOTHING
"""  # noqa: S608 - our own constants
