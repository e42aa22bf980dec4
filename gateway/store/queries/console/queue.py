"""The queue of the console: cases by view, those due first, fifty at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from gateway.admission.case.model import OPEN, Case, State
from gateway.store import rows
from gateway.store.protocol import Connection

PAGE = 50
WAITING = (State.UNDER_REVIEW, State.RECEIVED)
# What the views of the queue show; of `mine` the handler counts, whatever the open state.
VIEWS: Mapping[str, tuple[State, ...]] = {
    "waiting": WAITING,
    "hold": (State.ON_HOLD,),
    "applicant": (State.NEEDS_INFORMATION, State.AWAITING_AFFILIATION),
    "undeliverable": (State.UNDELIVERABLE,),
    "leaving": (State.APPROVED,),
    "mine": tuple(sorted(OPEN)),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Behind which case a page begins: its due day and its row."""

    due_on: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some cases, and where the next page begins; None on the last."""

    cases: tuple[Case, ...]
    after: Place | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many wait for a decision, how many of them are overdue, how many were opened today."""

    waiting: int
    overdue: int
    today: int


def load_queue(connection: Connection, view: str, after: Place, handler: str = "") -> QueuePage:
    """One page of a view; `handler` is whose cases `mine` are."""
    parts, values = _one_by_one(VIEWS[view], _MINE if view == "mine" else _EACH)
    sql = f"""
    SELECT * FROM cases WHERE id IN (SELECT id FROM ({parts}) listed ORDER BY due_on, id LIMIT :limit)
    ORDER BY due_on, id
    """  # noqa: S608 - made of placeholders
    found = connection.execute(
        sql, {**values, "due": after.due_on, "id": after.id, "handler": handler, "limit": PAGE + 1}
    ).fetchall()
    cases = tuple(rows.to_case(row) for row in found[:PAGE])
    last = cases[-1] if len(found) > PAGE else None
    return QueuePage(cases, Place(last.due_on.isoformat(), last.id) if last else None)


def count_queue(connection: Connection, today: date, since: datetime) -> Counts:
    """The counters; `since` is when the day began."""
    values = {"today": today.isoformat(), "since": rows.to_text(since)}
    row = connection.execute(_COUNTS, values).fetchone()
    return Counts(row["waiting"], row["overdue"], row["today"])


def _one_by_one(states: Sequence[State], each: str) -> tuple[str, dict[str, object]]:
    names = {f"s{place}": state.value for place, state in enumerate(states)}
    return " UNION ALL ".join(each.format(f":{name}") for name in names), dict(names)


_EACH = """
SELECT * FROM (SELECT id, due_on FROM cases WHERE state = {} AND (due_on, id) > (:due, :id)
               ORDER BY due_on, id LIMIT :limit) one
"""
_MINE = """
SELECT * FROM (SELECT id, due_on FROM cases WHERE state = {} AND (due_on, id) > (:due, :id)
               AND handler = :handler ORDER BY due_on, id LIMIT :limit) one
"""
_COUNTS = f"""
SELECT (SELECT count(*) FROM cases WHERE state IN ('{WAITING[0]}', '{WAITING[1]}')) AS waiting,
       (SELECT count(*) FROM cases WHERE state IN ('{WAITING[0]}', '{WAITING[1]}') AND due_on < :today)
         AS overdue,
       (SELECT count(*) FROM cases WHERE erased_at IS NULL AND opened_at >= :since) AS today
"""  # noqa: S608 - our own constants
