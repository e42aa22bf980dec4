"""Figures about the desk for monitoring: cheap to query, and without any address.

Nothing here reads all mails or letters: events are counted as they happen, and what waits has an index.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from gateway.admission import business_days
from gateway.admission.authority.brakes import PulledBrake
from gateway.admission.case.model import OPEN
from gateway.store.integrity.journal_head import HeadFile
from gateway.store.protocol import LAST_PROBE, Source
from gateway.store.queries.reader import Reader
from gateway.store.tables import brakes
from gateway.store.tables.rows import from_text, to_text

# The last row of `invitation_waits`: everything above the other bounds.
ABOVE_S = 9_223_372_036_854_775_807


@dataclass(frozen=True, slots=True)
class PendingLetters:
    """Letters of one state that are still to be sent; the oldest is `oldest_s` seconds late."""

    letters: int
    oldest_s: float


@dataclass(frozen=True, slots=True)
class OldestCase:
    """The open case with the earliest opening time."""

    number: str
    state: str
    opened_at: datetime
    due_on: date


@dataclass(frozen=True, slots=True)
class Statistics:
    """The figures at one moment. Counters by label run from the first day; `*_day` cover the last 24 hours.

    `brakes` are those that are on. `waits` are (upper bound in seconds or None, invitations in that bucket
    alone). `running`, `disk_free_bytes` and `standbys` (synchronous ones) are None if unknown.
    """

    at: datetime
    cases: Mapping[str, int]
    overdue: int
    oldest: OldestCase | None
    outbox: Mapping[str, PendingLetters]
    mails: Mapping[str, int]
    mails_day: Mapping[str, int]
    refusals: Mapping[str, int]
    refusals_day: Mapping[str, int]
    unclear: Mapping[str, int]
    unclear_day: Mapping[str, int]
    letters: Mapping[str, int]
    letters_day: Mapping[str, int]
    waits: tuple[tuple[int | None, int], ...]
    waited_s: int
    last_digest_at: datetime | None
    last_backup_at: datetime | None
    database_bytes: int
    brakes: tuple[PulledBrake, ...] = ()
    sqlite: str = ""
    running: bool | None = None
    disk_free_bytes: int | None = None
    unread: int = 0
    unread_oldest_at: datetime | None = None
    last_probe_at: datetime | None = None
    behind: str = ""
    standbys: int | None = None


class StatisticsReader(Reader):
    """The reader of the figures."""

    def __init__(self, source: Source) -> None:
        self._head = HeadFile(source.path)
        self._head.load()  # before the moment of the connection's snapshot
        super().__init__(source)
        self._source = source

    def read_statistics(self, now: datetime, today: date) -> Statistics:
        """Return all figures as of `now`, which is `today` in Japan."""
        day = to_text(now - timedelta(days=1))[:13]
        unread = next(self._query(_UNREAD))
        measures = self._source.measure()
        waits = list(self._query("SELECT le, n, seconds FROM invitation_waits ORDER BY le"))
        return Statistics(
            at=now,
            cases={row["state"]: row["n"] for row in self._query("SELECT state, n FROM case_counts")},
            overdue=self._overdue(today),
            oldest=self._oldest(),
            outbox=self._outbox(now),
            mails=self._tally("mail"),
            mails_day=self._tally("mail", day),
            refusals=self._tally("refusal"),
            refusals_day=self._tally("refusal", day),
            unclear=self._tally("unclear"),
            unclear_day=self._tally("unclear", day),
            letters=self._tally("letter"),
            letters_day=self._tally("letter", day),
            waits=tuple((None if row["le"] == ABOVE_S else row["le"], row["n"]) for row in waits),
            waited_s=sum(row["seconds"] for row in waits),
            last_digest_at=self._last_time("digest ", "digest!"),
            last_backup_at=measures.last_backup_at,
            database_bytes=measures.size_bytes,
            brakes=self._brakes(now),
            sqlite=measures.sqlite,
            running=measures.running,
            disk_free_bytes=measures.disk_free_bytes,
            unread=unread["n"],
            unread_oldest_at=from_text(unread["at"]) if unread["at"] else None,
            last_probe_at=self._last_time(LAST_PROBE, LAST_PROBE + " "),
            behind=self._head.find_missing(self._db),
            standbys=measures.standbys,
        )

    def _tally(self, what: str, since: str = "") -> dict[str, int]:
        found = self._query(
            """
            SELECT label, sum(n) AS n FROM tallies WHERE what = :what AND hour >= :since
            GROUP BY label ORDER BY label
            """,
            {"what": what, "since": since},
        )
        return {row["label"]: row["n"] for row in found}

    def _brakes(self, now: datetime) -> tuple[PulledBrake, ...]:
        found = (brakes.to_brake(row) for row in self._query("SELECT * FROM brakes ORDER BY brake"))
        return tuple(one for one in found if brakes.is_on(one, now))

    def _overdue(self, today: date) -> int:
        counts: Counter[str] = Counter()
        for state in OPEN:
            row = next(
                self._query(
                    "SELECT count(*) AS n FROM cases WHERE state = :state AND due_on < :today",
                    {"state": state.value, "today": today.isoformat()},
                )
            )
            counts[state.value] = row["n"]
        return counts.total()

    def _oldest(self) -> OldestCase | None:
        marks = ", ".join(f"'{state.value}'" for state in sorted(OPEN))
        found = self._query(
            f"SELECT number, state, opened_at, due_on FROM cases WHERE state IN ({marks}) "  # noqa: S608 - our own constants
            "ORDER BY opened_at LIMIT 1"
        )
        row = next(iter(found), None)
        if row is None:
            return None
        opened_at, due_on = from_text(row["opened_at"]), date.fromisoformat(row["due_on"])
        return OldestCase(row["number"], row["state"], opened_at, due_on)

    def _outbox(self, now: datetime) -> dict[str, PendingLetters]:
        """Return the letters still to be sent, by state.

        A queued letter within its undo window is not late: its age counts from the time at which it may be
        sent.
        """
        found = {state: PendingLetters(0, 0.0) for state in ("queued", "deferred", "held")}
        for row in self._query(_OUTBOX):
            state, since = row["state"], row["not_before" if row["state"] == "queued" else "queued_at"]
            before = found[state]
            oldest_s = max(before.oldest_s, (now - from_text(since)).total_seconds())
            found[state] = PendingLetters(before.letters + row["n"], oldest_s)
        return found

    def _last_time(self, first: str, end: str) -> datetime | None:
        """Return the time of the latest housekeeping record with a name from `first` until before `end`."""
        found = self._query(
            "SELECT max(at) AS at FROM chores WHERE case_id = 0 AND name >= :first AND name < :end",
            {"first": first, "end": end},
        )
        at = next(found)["at"]
        return from_text(at) if at else None


def load_statistics(source: Source, now: datetime) -> Statistics:
    """Read the figures of a database. Raises NoDatabaseError, SchemaError."""
    reader = StatisticsReader(source)
    try:
        return reader.read_statistics(now, business_days.tokyo_date(now))
    finally:
        reader.close()


# Mails that nobody was notified of, by their own index, the oldest first; at most 10,000 are counted.
_UNREAD = """
SELECT count(*) AS n, min(at) AS at FROM (
  SELECT received_at AS at FROM mails INDEXED BY mails_unheard WHERE unheard <> '' ORDER BY id LIMIT 10000
) oldest
"""
# Each part has an index of its own; see the versions of the schema.
_OUTBOX = """
SELECT state, count(*) AS n, min(not_before) AS not_before, min(queued_at) AS queued_at FROM letters
WHERE state IN ('queued', 'deferred') AND leased_until IS NULL GROUP BY state
UNION ALL
SELECT state, count(*), min(not_before), min(queued_at) FROM letters
WHERE leased_until IS NOT NULL AND state IN ('queued', 'deferred') GROUP BY state
UNION ALL
SELECT state, count(*), min(not_before), min(queued_at) FROM letters WHERE state = 'held' GROUP BY state
"""
