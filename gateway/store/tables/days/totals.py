"""Totals of the cases opened in a period, from the day tallies: a few rows per day, however many cases.

A case counts under the two labels of its `Counted`. Cases that changed since they were counted are in
`tallies_due`, and corrected while reading, so the totals are always exact. If too many are due, as after an
upgrade, the figures of all cases are read instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from gateway.store.protocol import Connection, Row
from gateway.store.queries.history import CaseHistory, to_history
from gateway.store.queries.reader import Reader

MAX_DUE = 2_000
UNKNOWN_DAY = "-" * 10


class Counted(NamedTuple):
    """What a case counts as, as text: its outcome; the days on which it was complete and invited.

    `wait` is `2026-11-20 2026-11-24`, with UNKNOWN_DAY for an unknown first day; empty if not invited.
    """

    outcome: str
    wait: str


LabelOf = Callable[[CaseHistory], Counted]


class Placed(NamedTuple):
    """A case's labels, with the day on which it was opened."""

    day: str
    counted: Counted

    def write(self) -> str:
        """Return it as stored with the case."""
        return "|".join((self.day, *self.counted))


def read_placed(text: str) -> Placed | None:
    """Parse what `Placed.write` wrote; None for a case not yet counted."""
    if not text:
        return None
    day, outcome, wait = text.split("|")
    return Placed(day, Counted(outcome, wait))


def place(row: Row, label_of: LabelOf) -> Placed:
    """Return the labels of a row of `FIGURES`."""
    return Placed(row["opened_on"], label_of(to_history(row)))


@dataclass(frozen=True, slots=True)
class Totals:
    """Numbers of cases by outcome, by opening day, by opening day and invitation day, and by `wait`."""

    outcomes: Counter[str] = field(default_factory=Counter)
    opened: Counter[str] = field(default_factory=Counter)
    invited: Counter[tuple[str, str]] = field(default_factory=Counter)
    waits: Counter[str] = field(default_factory=Counter)

    def add(self, placed: Placed, n: int) -> None:
        """Count `n` cases; a negative number takes them away."""
        day, (outcome, wait) = placed
        self.outcomes[outcome] += n
        self.opened[day] += n
        if wait:
            self.invited[day, _invited_on(wait)] += n
            self.waits[wait] += n


def _invited_on(wait: str) -> str:
    return wait[-len(UNKNOWN_DAY) :]


def load_totals(connection: Connection, since: date, until: date, label_of: LabelOf) -> Totals:
    """Return the totals of the cases opened on the days from `since` to `until` in Japan."""
    span = {"since": since.isoformat(), "until": until.isoformat()}
    due = connection.execute(_DUE, {"limit": MAX_DUE + 1}).fetchall()
    if len(due) > MAX_DUE:
        return _count_all(connection.execute(_ALL, span), label_of)
    return _correct(_sum_up(connection, span), due, span, label_of)


class TotalsReader(Reader):
    """The reader of the totals."""

    def totals(self, since: date, until: date, label_of: LabelOf) -> Totals:
        """Return the totals as `load_totals` does."""
        return load_totals(self._db, since, until, label_of)


def _count_all(rows: Iterable[Row], label_of: LabelOf) -> Totals:
    found = Totals()
    for row in rows:
        found.add(place(row, label_of), 1)
    return found


def _sum_up(connection: Connection, span: dict[str, str]) -> Totals:
    def count(sql: str) -> Iterable[Row]:
        return connection.execute(sql, span)

    return Totals(
        Counter({row["label"]: int(row["n"]) for row in count(_OUTCOMES)}),
        Counter({row["day"]: int(row["n"]) for row in count(_OPENED)}),
        Counter({(row["day"], row["invited_on"]): int(row["n"]) for row in count(_INVITED)}),
        Counter({row["label"]: int(row["n"]) for row in count(_WAITS)}),
    )


def _correct(found: Totals, due: Iterable[Row], span: dict[str, str], label_of: LabelOf) -> Totals:
    """Count the cases that are due as they are now, not as they were counted."""
    for row in due:
        before = read_placed(row["tallied"])
        if before is not None and span["since"] <= before.day <= span["until"]:
            found.add(before, -1)
        if span["since"] <= row["opened_on"] <= span["until"]:
            found.add(place(row, label_of), 1)
    return found


# Only the reason for declining a case is read from the case itself.
FIGURES = """
SELECT f.case_id, f.tallied, f.opened_on, f.state, f.decided, f.confirmed, f.code, f.category, f.domain_kind,
  f.complete_on, f.invited_on, f.revoked,
  CASE WHEN f.state = 'declined' THEN (SELECT c.reason FROM cases c WHERE c.id = f.case_id) ELSE '' END
  AS reason
FROM case_figures f
"""
_DUE = f"{FIGURES} JOIN (SELECT case_id FROM tallies_due LIMIT :limit) d ON d.case_id = f.case_id"  # noqa: S608 - our own constants
_ALL = f"{FIGURES} WHERE f.opened_on >= :since AND f.opened_on <= :until"
_SPAN = "day >= :since AND day <= :until"
_OUTCOMES = f"""
SELECT label, sum(n) AS n FROM day_tallies WHERE what = 'outcome' AND {_SPAN} GROUP BY label
"""  # noqa: S608 - our own constants
_OPENED = f"""
SELECT day, sum(n) AS n FROM day_tallies WHERE what = 'outcome' AND {_SPAN} GROUP BY day
"""  # noqa: S608 - our own constants
_INVITED = f"""
SELECT day, substr(label, 12) AS invited_on, sum(n) AS n FROM day_tallies
WHERE what = 'wait' AND {_SPAN} GROUP BY 1, 2
"""  # noqa: S608 - our own constants
_WAITS = f"""
SELECT label, sum(n) AS n FROM day_tallies WHERE what = 'wait' AND {_SPAN} GROUP BY label
"""  # noqa: S608 - our own constants
