"""The queue of the console: cases by view, those due first, fifty per page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from gateway.admission.case.model import OPEN, Case, State
from gateway.store.protocol import Connection, Row
from gateway.store.tables import rows

PAGE = 50
MOST = 1_000  # no page counts more rows one by one
WAITING = (State.UNDER_REVIEW, State.RECEIVED)
# The states that each view of the queue shows; `mine` is all open states, restricted to the handler.
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
    """The case after which a page begins: its due date and row id."""

    due_on: str = ""
    id: int = 0


@dataclass(frozen=True)
class Entry:
    """A case of the queue: its columns as stored. `case` decodes them, which most pages need for few."""

    row: Row

    @cached_property
    def columns(self) -> tuple[object, ...]:
        """Return everything that is stored of the case."""
        return tuple(self.row)

    @cached_property
    def case(self) -> Case:
        """Return the case."""
        return rows.to_case(self.row)

    @property
    def place(self) -> Place:
        """Return its place in the queue."""
        return Place(self.row["due_on"], self.row["id"])


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some cases, and where the next page begins; None on the last."""

    entries: tuple[Entry, ...]
    after: Place | None


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of cases waiting for a decision, of overdue ones among them, and of cases opened today.

    The latter two are counted up to MOST: MOST stands for that many or more.
    """

    waiting: int
    overdue: int
    today: int


def load_queue(connection: Connection, view: str, after: Place, handler: str = "") -> QueuePage:
    """Load one page of a view; `handler` is the member whose cases `mine` shows."""
    parts, values = _one_by_one(VIEWS[view], _MINE if view == "mine" else _EACH)
    sql = f"""
    SELECT * FROM cases WHERE id IN (SELECT id FROM ({parts}) listed ORDER BY due_on, id LIMIT :limit)
    ORDER BY due_on, id
    """  # noqa: S608 - made of placeholders
    found = connection.execute(
        sql, {**values, "due": after.due_on, "id": after.id, "handler": handler, "limit": PAGE + 1}
    ).fetchall()
    entries = tuple(Entry(row) for row in found[:PAGE])
    return QueuePage(entries, entries[-1].place if len(found) > PAGE else None)


def count_queue(connection: Connection, today: date, since: datetime) -> Counts:
    """Count the cases for the counters; `since` is the beginning of the day."""
    values = {"today": today.isoformat(), "since": rows.to_text(since), "most": MOST}
    row = connection.execute(_COUNTS, values).fetchone()
    return Counts(int(row["waiting"]), row["overdue"], row["today"])


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
_WAITING = f"state IN ('{WAITING[0]}', '{WAITING[1]}')"
_COUNTS = f"""
SELECT (SELECT coalesce(sum(n), 0) FROM case_counts WHERE {_WAITING}) AS waiting,
       (SELECT count(*) FROM (SELECT 1 FROM cases WHERE {_WAITING} AND due_on < :today LIMIT :most) late)
         AS overdue,
       (SELECT count(*) FROM (SELECT 1 FROM cases WHERE erased_at IS NULL AND opened_at >= :since
                              LIMIT :most) opened) AS today
"""  # noqa: S608 - our own constants
