"""Filters of the search: state, days, kind, and who decided or has taken a case.

State, kind and day are read from `case_figures`, whose rows are short; a case itself is read only if they
fit. Days are found by index, the newest first, however old they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gateway.store.protocol import Connection

MAX_LOOKED_AT = 20_000  # cases examined per page
MAX_READ = 2_000  # as many if each case itself must be read
FIRST = 100  # cases examined first
CHUNK = 1_000
_LAST, _NEWEST = "9999-12-31", 2**62


@dataclass(frozen=True, slots=True)
class Filters:
    """What cases must be; empty: anything.

    `by` is the key of a staff address: who decided or approved first, or has taken the case. `since` and
    `until` are the first and last day in Japan on which the case was opened.
    """

    state: str = ""
    kind: str = ""
    by: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def has_any(self) -> bool:
        """Whether any filter is set."""
        return self != Filters()

    @property
    def most(self) -> int:
        """How many cases are examined per page."""
        return MAX_READ if self.by else MAX_LOOKED_AT

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many cases are examined at once: few at first, which is enough for what is common."""
        return (FIRST, *[CHUNK] * (self.most // CHUNK))

    @property
    def values(self) -> dict[str, object]:
        """The values of `FITS`."""
        return {
            "filtered": int(self.has_any),
            "state": self.state,
            "kind": self.kind,
            "by": self.by,
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else _LAST,
        }


def find_fitting(connection: Connection, filters: Filters, before: int, most: int) -> tuple[list[int], int]:
    """Return up to `most` fitting cases, the newest first, and where to continue (0: complete).

    `before` is the case where the last page ended (0: from the newest on).
    """
    (day, last), ids = _find_place(connection, filters, before), list[int]()
    for size in filters.sizes:
        values = {**filters.values, "day": day, "last": last, "limit": size, "skip": size - 1}
        ids += [row["case_id"] for row in connection.execute(_BY_DAY, values)]
        if len(ids) >= most:
            return ids[:most], ids[most - 1]
        end = connection.execute(_END, values).fetchone()
        if end is None:
            return ids, 0
        day, last = end["opened_on"], end["case_id"]
    return ids, last


def _find_place(connection: Connection, filters: Filters, before: int) -> tuple[str, int]:
    """Return the day and id before which a page begins; by default, those after all cases of these days."""
    begin = filters.until.isoformat() if filters.until else _LAST
    sql = "SELECT opened_on FROM case_figures WHERE case_id = :id AND opened_on <= :until"
    row = connection.execute(sql, {"id": before, "until": begin}).fetchone()
    return (begin, _NEWEST) if row is None else (row["opened_on"], before)


# Whether a member has taken, decided or first approved the case `k`.
BY = "(:by = '' OR lower(k.handler) = :by OR lower(k.decided_by) = :by OR lower(k.first_approval) = :by)"
_IS = f"""
(:state = '' OR f.state = :state) AND (:kind = '' OR f.category = :kind)
AND EXISTS (SELECT 1 FROM cases k WHERE k.id = f.case_id AND k.erased_at IS NULL AND {BY})
"""  # noqa: S608 - our own constants
# Whether the case `{}` fits, for the statements of a search by words.
FITS = f"""
(:filtered = 0 OR EXISTS (
  SELECT 1 FROM case_figures f
  WHERE f.case_id = {{}} AND f.opened_on >= :since AND f.opened_on <= :until AND {_IS}
))
"""  # noqa: S608 - our own constants
_NEXT = """
case_figures WHERE opened_on >= :since AND (opened_on, case_id) < (:day, :last)
ORDER BY opened_on DESC, case_id DESC LIMIT
"""
_BY_DAY = f"""
SELECT f.case_id FROM (SELECT case_id, opened_on, state, category FROM {_NEXT} :limit) f
WHERE {_IS} ORDER BY f.opened_on DESC, f.case_id DESC
"""  # noqa: S608 - our own constants
_END = f"SELECT opened_on, case_id FROM {_NEXT} 1 OFFSET :skip"  # noqa: S608 - our own constants
