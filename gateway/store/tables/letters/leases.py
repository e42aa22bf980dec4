"""Due letters, and the leases on them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import chain

from gateway.store.protocol import Connection, LetterRow, Row
from gateway.store.tables import brakes, rows


def find_due(
    connection: Connection,
    now: datetime,
    limit: int,
    busy: Mapping[str, int],
    per_domain: int,
    alone_from: int,
    in_hand: Collection[int],
) -> list[int]:
    """Return the letters to claim, those due first at the front; domains at their limit are skipped.

    A letter that failed `alone_from` times goes alone: if it ends the process, no other letter is suspected.
    """
    full = [domain for domain, count in busy.items() if per_domain and count >= per_domain]
    held = brakes.find_held(connection, now)
    values = {"now": rows.to_text(now), "full": json.dumps(full), "held": json.dumps(held)}
    wanted: list[int] = []
    taken = Counter(busy)
    for row in chain(
        connection.execute(_DUE_LEASED, values),
        connection.execute(_DUE_ELSEWHERE if full else _DUE, values),
    ):
        domain = row["recipient_key"].rpartition("@")[2]
        if row["id"] in in_hand or (per_domain and taken[domain] >= per_domain):
            continue
        alone = row["failures"] >= alone_from
        if alone and taken.total():
            break
        taken[domain] += 1
        wanted.append(row["id"])
        if alone or len(wanted) >= limit:
            break
    return wanted


def take(connection: Connection, ids: list[int], lease_until: datetime, max_failures: int) -> Sequence[Row]:
    """Lease these letters; return their rows."""
    if not ids:
        return ()
    values = {"until": rows.to_text(lease_until), "ids": json.dumps(ids), "most": max_failures}
    return connection.execute(_CLAIM, values).fetchall()


def holds(connection: Connection, letter: LetterRow) -> bool:
    """Return whether a letter is leased by this claim: each claim counts an attempt, so leases differ."""
    sql = "SELECT 1 FROM letters WHERE id = :id AND attempts = :attempts AND leased_until IS NOT NULL"
    values = {"id": letter.id, "attempts": letter.attempts}
    return connection.execute(sql, values).fetchone() is not None


def give_back(connection: Connection, lease_until: datetime, in_hand: Collection[int]) -> int:
    """End the leases of one claim; return how many there were."""
    values = {"until": rows.to_text(lease_until), "ids": json.dumps(sorted(in_hand))}
    return connection.execute(_GIVE_BACK, values).rowcount


def find_next_due(connection: Connection, now: datetime | None) -> datetime | None:
    """Return when a letter is due next; without `now`, brakes are ignored."""
    held = brakes.find_held(connection, now) if now is not None else []
    row = connection.execute(_NEXT_DUE, {"held": json.dumps(held)}).fetchone()
    return rows.from_text(row["due"]) if row is not None and row["due"] else None


_CLAIM = """
UPDATE letters SET leased_until = :until, attempts = attempts + CASE WHEN failures < :most THEN 1 ELSE 0 END
WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each(:ids)) RETURNING *
"""
_GIVE_BACK = """
UPDATE letters SET leased_until = NULL
WHERE leased_until IS NOT NULL AND leased_until = :until
  AND id NOT IN (SELECT CAST(value AS BIGINT) FROM json_each(:ids))
"""
_NOT_HELD = "letter NOT IN (SELECT value FROM json_each(:held))"
# Two indexes, each read from its beginning: the few leased letters, and the waiting ones.
_DUE_LEASED = f"""
SELECT id, recipient_key, failures FROM letters
WHERE leased_until IS NOT NULL AND leased_until <= :now AND not_before <= :now
  AND state IN ('queued', 'deferred') AND {_NOT_HELD}
ORDER BY leased_until
"""  # noqa: S608 - our own constant
_WAITS = f"""
SELECT id, recipient_key, failures FROM letters
WHERE state IN ('queued', 'deferred') AND leased_until IS NULL AND not_before <= :now AND {_NOT_HELD}
"""  # noqa: S608 - our own constant
_DUE = f"{_WAITS} ORDER BY not_before, id"
# Thousands of letters to a domain at its limit may be waiting: they are skipped here.
_DUE_ELSEWHERE = f"""{_WAITS}
  AND substr(recipient_key, instr(recipient_key, '@') + 1) NOT IN (SELECT value FROM json_each(:full))
ORDER BY not_before, id
"""  # noqa: S608 - our own constant
_NEXT_DUE = f"""
SELECT min(due) AS due FROM (
  SELECT * FROM (
    SELECT not_before AS due FROM letters
    WHERE state IN ('queued', 'deferred') AND leased_until IS NULL AND {_NOT_HELD}
    ORDER BY not_before LIMIT 1
  ) AS waiting
  UNION ALL
  SELECT CASE WHEN not_before > leased_until THEN not_before ELSE leased_until END FROM letters
  WHERE leased_until IS NOT NULL AND state IN ('queued', 'deferred') AND {_NOT_HELD}
) AS dues
"""  # noqa: S608 - our own constant
