"""Numbers about the desk for those who watch it: cheap to ask for, and without a single address.

Nothing here reads all mails or letters: what happened is counted as it happens, what waits has an index.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from gateway.admission import business_days
from gateway.admission.authority.brakes import PulledBrake
from gateway.admission.case.model import OPEN
from gateway.store.protocol import LAST_PROBE, Source
from gateway.store.queries.reader import Reader
from gateway.store.rows import from_text, to_text
from gateway.store.tables import brakes

# The last row of `invitation_waits`: everything above the other bounds.
ABOVE_S = 9_223_372_036_854_775_807


@dataclass(frozen=True, slots=True)
class PendingLetters:
    """Letters of one state that are still to be sent; the oldest should have left `oldest_s` ago."""

    letters: int
    oldest_s: float


@dataclass(frozen=True, slots=True)
class OldestCase:
    """The open case that was opened first."""

    number: str
    state: str
    opened_at: datetime
    due_on: date


@dataclass(frozen=True, slots=True)
class Statistics:
    """The numbers at one moment. Counters by label count from the first day; `*_day` the last 24 hours.

    `brakes` are on. `waits` are (upper bound in seconds or None, invitations in that bucket alone); `running`
    and `disk_free_bytes` are None where that cannot be known.
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


class StatisticsReader(Reader):
    """Asks the database for the figures."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self._source = source

    def read_statistics(self, now: datetime, today: date) -> Statistics:
        """All figures as of `now`, which is `today` in Japan."""
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
        """Letters still to be sent, by state. One within its undo window is queued and not late: it counts
        from the time at which it may leave."""
        found = {state: PendingLetters(0, 0.0) for state in ("queued", "deferred", "held")}
        for row in self._query(_OUTBOX):
            state, since = row["state"], row["not_before" if row["state"] == "queued" else "queued_at"]
            before = found[state]
            oldest_s = max(before.oldest_s, (now - from_text(since)).total_seconds())
            found[state] = PendingLetters(before.letters + row["n"], oldest_s)
        return found

    def _last_time(self, first: str, end: str) -> datetime | None:
        """When housekeeping of no case was last noted, of all whose names lie from `first` up to `end`."""
        found = self._query(
            "SELECT max(at) AS at FROM chores WHERE case_id = 0 AND name >= :first AND name < :end",
            {"first": first, "end": end},
        )
        at = next(found)["at"]
        return from_text(at) if at else None


def load_statistics(source: Source, now: datetime) -> Statistics:
    """The numbers of a database, read anew. Raises NoDatabaseError, SchemaError."""
    reader = StatisticsReader(source)
    try:
        return reader.read_statistics(now, business_days.tokyo_date(now))
    finally:
        reader.close()


# Mails that nobody was told of, by their own index, oldest first; more than 10,000 are counted as so many.
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
