"""Statistics of the desk: applications, progress, times, and reasons for declining.

Pure functions of values. The result contains nothing personal: reasons are given as classes, organisations as
kinds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from math import ceil
from typing import TypeVar

from gateway.admission import business_days
from gateway.admission.case.model import State
from gateway.admission.organisations import codes
from gateway.reports.labels import KINDS, REASON_CLASSES, KindLookup, Labels, Outcome, parse_outcome
from gateway.store.queries.history import CaseHistory
from gateway.store.tables.days.totals import UNKNOWN_DAY, Placed, Totals

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Times:
    """Times in business days after the first day; `within` of `count` met the promised time."""

    count: int
    within: int
    median: float | None
    p90: int | None
    by_days: tuple[tuple[int, int], ...]

    @property
    def share(self) -> float | None:
        """The share that met the promised time."""
        return self.within / self.count if self.count else None


@dataclass(frozen=True, slots=True)
class Week:
    """A week by its Monday: cases opened, and the invitations sent for all cases."""

    monday: date
    applied: int
    invited: int


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of organisation: cases, invitations, declined cases."""

    name: str
    applied: int
    invited: int
    declined: int


@dataclass(frozen=True, slots=True)
class Report:
    """All statistics; days are days in Japan, `until` is the last one."""

    since: date
    until: date
    open_days: int
    funnel: tuple[tuple[str, int], ...]
    ends: tuple[tuple[str, int], ...]
    from_application: Times
    from_complete: Times
    weeks: tuple[Week, ...]
    reasons: tuple[tuple[str, int], ...]
    confirmations: tuple[tuple[str, int], ...]
    kinds: tuple[Kind, ...]


# How an affiliation was confirmed: by a colleague's reply, or by a telephone call of the staff.
CONFIRMATIONS = ("letter", "telephone")


def build_report(
    past: Iterable[CaseHistory] | Totals,
    since: date,
    until: date,
    *,
    open_days: int,
    closings: frozenset[date] = frozenset(),
    kind_of: KindLookup = lambda code: codes.parse(code).kind.value,
) -> Report:
    """Build the report of the cases opened from `since` to `until`.

    `kind_of` returns the kind for a code; totals are labelled already (`Labels`).
    """
    totals = past if isinstance(past, Totals) else count_cases(past, kind_of)
    outcomes = [(parse_outcome(text), n) for text, n in totals.outcomes.items() if n]
    states = _count((one.state, n) for one, n in outcomes)
    complete = {wait: n for wait, n in totals.waits.items() if not wait.startswith(UNKNOWN_DAY)}
    return Report(
        since=since,
        until=until,
        open_days=open_days,
        funnel=_funnel(outcomes),
        ends=tuple((state.value, states[state.value]) for state in State if states[state.value]),
        from_application=_times(_parse_days(totals.invited), open_days, closings),
        from_complete=_times(
            _parse_days({(wait[:10], wait[11:]): n for wait, n in complete.items()}), open_days, closings
        ),
        weeks=_weeks(totals, since, until),
        reasons=_count_by_name(REASON_CLASSES, ((one.reason, n) for one, n in outcomes)),
        confirmations=_count_by_name(CONFIRMATIONS, ((one.confirmed, n) for one, n in outcomes)),
        kinds=_kinds(outcomes),
    )


def count_cases(past: Iterable[CaseHistory], kind_of: KindLookup) -> Totals:
    """Count cases one by one."""
    found, labels = Totals(), Labels(kind_of)
    for one in past:
        found.add(Placed(business_days.tokyo_date(one.opened_at).isoformat(), labels(one)), 1)
    return found


def _parse_days(waits: Mapping[tuple[str, str], int]) -> dict[tuple[date, date], int]:
    return {(date.fromisoformat(begin), date.fromisoformat(end)): n for (begin, end), n in waits.items() if n}


def _funnel(outcomes: Iterable[tuple[Outcome, int]]) -> tuple[tuple[str, int], ...]:
    """Count cases by step reached; an invited case was also approved, decided and complete."""
    steps: dict[str, Callable[[Outcome], object]] = {
        "applied": lambda one: True,
        "complete": lambda one: one.complete or one.decided,
        "decided": lambda one: one.decided,
        "approved": lambda one: one.invited or (one.decided and one.state != State.DECLINED),
        "invited": lambda one: one.invited,
        "joined": lambda one: one.state == State.JOINED,
    }
    done = list(outcomes)
    return tuple((name, sum(n for one, n in done if came(one))) for name, came in steps.items())


def count_open_days(begin: date, end: date, closings: frozenset[date]) -> int:
    """Return the number of business days after the day `begin`, up to and including `end`."""
    day, count = begin, 0
    while day < end:
        day += _DAY
        count += business_days.is_business_day(day, closings)
    return count


def number_open_days(begin: date, end: date, closings: frozenset[date]) -> dict[date, int]:
    """Number the days from `begin` to `end`: the difference of two numbers is their `count_open_days`."""
    days = [begin + place * _DAY for place in range((end - begin).days + 1)]
    return dict(
        zip(days, accumulate(business_days.is_business_day(day, closings) for day in days), strict=True)
    )


def _times(waits: Mapping[tuple[date, date], int], promised: int, closings: frozenset[date]) -> Times:
    if not waits:
        return Times(0, 0, None, None, ())
    every = [day for pair in waits for day in pair]
    numbers = number_open_days(min(every), max(every), closings)
    counts = _count((max(0, numbers[end] - numbers[begin]), n) for (begin, end), n in waits.items())
    total, days = counts.total(), sorted(counts.items())
    within = sum(n for day, n in days if day <= promised)
    middle = (_pick(days, (total - 1) // 2) + _pick(days, total // 2)) / 2
    by_days = tuple((day, counts[day]) for day in range(days[-1][0] + 1))
    return Times(total, within, middle, _pick(days, ceil(0.9 * total) - 1), by_days)


def _pick(counts: Iterable[tuple[int, int]], place: int) -> int:
    """Return the value at a place among sorted values, which are given with how often each occurs."""
    for value, n in counts:
        place -= n
        if place < 0:
            return value
    raise IndexError(place)


def _count(pairs: Iterable[tuple[K, int]]) -> Counter[K]:
    """Sum the numbers by key."""
    counts: Counter[K] = Counter()
    for key, n in pairs:
        counts[key] += n
    return counts


def _weeks(totals: Totals, since: date, until: date) -> tuple[Week, ...]:
    applied = _count((_monday(day), n) for day, n in totals.opened.items())
    invited = _count((_monday(day), n) for (_, day), n in totals.invited.items())
    first = _monday(since.isoformat())
    count = (_monday(until.isoformat()) - first) // _WEEK + 1
    mondays = [first + place * _WEEK for place in range(count)]
    while mondays and not applied[mondays[0]]:  # the desk was not open yet
        del mondays[0]
    return tuple(Week(monday, applied[monday], invited[monday]) for monday in mondays)


def _monday(text: str) -> date:
    day = date.fromisoformat(text)
    return day - timedelta(days=day.weekday())


def _count_by_name(names: Sequence[str], found: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    counts = _count(found)
    return tuple((name, counts[name]) for name in names if counts[name])


def _kinds(outcomes: Sequence[tuple[Outcome, int]]) -> tuple[Kind, ...]:
    applied = _count((one.kind, n) for one, n in outcomes)
    invited = _count((one.kind, n) for one, n in outcomes if one.invited)
    declined = _count((one.kind, n) for one, n in outcomes if one.state == State.DECLINED)
    return tuple(Kind(name, applied[name], invited[name], declined[name]) for name in KINDS if applied[name])


def list_rows(made: Report) -> Iterator[tuple[str, str, str, object]]:
    """Yield all numbers as rows of one long table, with the names of --json."""
    yield "span", "since", "day", made.since
    yield "span", "until", "day", made.until
    yield "span", "promise", "open_days", made.open_days
    for section, pairs in (
        ("funnel", made.funnel),
        ("states", made.ends),
        ("declined", made.reasons),
        ("confirmed", made.confirmations),
    ):
        yield from ((section, name, "cases", n) for name, n in pairs)
    for label, times in (("from_application", made.from_application), ("from_complete", made.from_complete)):
        yield "times", label, "invited", times.count
        yield "times", label, "within", times.within
        yield "times", label, "median_open_days", "" if times.median is None else times.median
        yield "times", label, "p90_open_days", "" if times.p90 is None else times.p90
        yield from (("times", label, f"open_days_{day}", n) for day, n in times.by_days)
    for week in made.weeks:
        yield "weeks", str(week.monday), "applied", week.applied
        yield "weeks", str(week.monday), "invited", week.invited
    for kind in made.kinds:
        yield "kinds", kind.name, "applied", kind.applied
        yield "kinds", kind.name, "invited", kind.invited
        yield "kinds", kind.name, "declined", kind.declined
