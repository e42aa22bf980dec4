"""Counts the cases in `tallies_due` for the day they were opened, after the answers, some at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from gateway.store.protocol import Connection
from gateway.store.tables.days.totals import (
    FIGURES,
    LabelOf,
    Placed,
    place,
    read_placed,
)

Key = tuple[str, str, str]  # what, day, label


def read_due(connection: Connection, limit: int, label_of: LabelOf) -> int:
    """Count what changed, the newest cases first; return the number of cases."""
    found = connection.execute(_DUE, {"limit": limit}).fetchall()
    placed = {row["case_id"]: place(row, label_of) for row in found}
    changes = Counter[Key]()
    for row in found:
        changes.update(_list_keys(placed[row["case_id"]]))
        changes.subtract(_list_keys(read_placed(row["tallied"])))
    _apply(connection, changes)
    connection.executemany(_KEEP, [{"id": of, "tallied": one.write()} for of, one in placed.items()])
    connection.executemany("DELETE FROM tallies_due WHERE case_id = :id", [{"id": of} for of in placed])
    return len(found)


def _list_keys(placed: Placed | None) -> Iterator[Key]:
    if placed is not None:
        yield "outcome", placed.day, placed.counted.outcome
        if placed.counted.wait:
            yield "wait", placed.day, placed.counted.wait


def _apply(connection: Connection, changes: Counter[Key]) -> None:
    rows = [(*key, n) for key, n in sorted(changes.items()) if n]
    names = ("what", "day", "label", "n")
    connection.executemany(_ADD, [dict(zip(names, row, strict=True)) for row in rows])
    connection.executemany(_DROP, [dict(zip(names[:3], row[:3], strict=True)) for row in rows if row[3] < 0])


_DUE = f"""
{FIGURES} JOIN (SELECT case_id FROM tallies_due ORDER BY case_id DESC LIMIT :limit) d ON d.case_id = f.case_id
"""  # noqa: S608 - our own constants
_ADD = """
INSERT INTO day_tallies (what, day, label, n) VALUES (:what, :day, :label, :n)
ON CONFLICT (what, day, label) DO UPDATE SET n = day_tallies.n + excluded.n
"""
_DROP = "DELETE FROM day_tallies WHERE what = :what AND day = :day AND label = :label AND n = 0"
_KEEP = "UPDATE case_figures SET tallied = :tallied WHERE case_id = :id"
