"""Statistics of the desk: applications, progress, times, and reasons for declining.

Pure functions of values. The result contains nothing personal: reasons are given as classes, organisations as
kinds.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from statistics import median
from typing import TypeVar

from gateway.admission import business_days
from gateway.admission.case.model import State
from gateway.admission.organisations import codes
from gateway.admission.organisations.domains import DomainKind
from gateway.mail.text import fold
from gateway.store.queries.history import CaseHistory, Figures

_WEEK = timedelta(days=7)
K = TypeVar("K")
KindLookup = Callable[[str], str]

# The first class with a word in the reason counts.
_REASONS = (
    ("mistake", re.compile("誤って|誤り|間違|誤送信|テスト|試験送信|mistake|test")),
    ("duplicate", re.compile("重複|二重|すでに|既に|duplicate|already")),
    ("affiliation", re.compile("所属|在籍|確認(?:が)?(?:でき|とれ|取れ)|affiliation|confirm")),
    (
        "not_eligible",
        re.compile("対象|資格|民間|企業|会社|委託|派遣|法人|大学|議員|eligib|company|requirement"),
    ),
    ("incomplete", re.compile("不備|記入|未記入|不足|回答|incomplete|missing")),
    ("address", re.compile("アドレス|ドメイン|address|domain")),
)
REASON_CLASSES = (*(name for name, _ in _REASONS), "other", "revoked")
KINDS = ("municipality", "ward", "prefecture", "association", "local", "national", "other")


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
    past: Sequence[CaseHistory] | Figures,
    since: date,
    until: date,
    *,
    open_days: int,
    closings: frozenset[date] = frozenset(),
    kind_of: KindLookup = lambda code: codes.parse(code).kind.value,
) -> Report:
    """Build the report of the cases opened from `since` to `until`; `kind_of` returns the kind for a code."""
    if not isinstance(past, Figures):
        past = Figures(list(past), list(past), [one for one in past if one.state == State.DECLINED])
    days = past.days
    waits = [(one.opened_at, one.invited_at, one.n) for one in days if one.invited_at]
    complete = [
        (one.complete_at, one.invited_at, one.n) for one in days if one.invited_at and one.complete_at
    ]
    states = _count((one.state, one.n) for one in days)
    return Report(
        since=since,
        until=until,
        open_days=open_days,
        funnel=_funnel(days),
        ends=tuple((state.value, states[state.value]) for state in State if states[state.value]),
        from_application=_times(waits, open_days, closings),
        from_complete=_times(complete, open_days, closings),
        weeks=_weeks(days, since, until),
        reasons=_count_by_name(REASON_CLASSES, ((classify_reason(one), one.n) for one in past.declined)),
        confirmations=_count_by_name(CONFIRMATIONS, ((one.confirmed, one.n) for one in days)),
        kinds=_kinds(past.kinds, kind_of),
    )


def _funnel(past: Iterable[CaseHistory]) -> tuple[tuple[str, int], ...]:
    """Count cases by step reached; an invited case was also approved, decided and complete."""
    steps: dict[str, Callable[[CaseHistory], object]] = {
        "applied": lambda one: True,
        "complete": lambda one: one.complete_at or one.decided,
        "decided": lambda one: one.decided,
        "approved": lambda one: one.invited_at or (one.decided and one.state != State.DECLINED),
        "invited": lambda one: one.invited_at,
        "joined": lambda one: one.state == State.JOINED,
    }
    done = list(past)
    return tuple((name, sum(one.n for one in done if came(one))) for name, came in steps.items())


def count_open_days(begin: datetime, end: datetime, closings: frozenset[date]) -> int:
    """Return the number of business days after the day of `begin`, up to and including that of `end`."""
    day, last, count = business_days.tokyo_date(begin), business_days.tokyo_date(end), 0
    while day < last:
        day += timedelta(days=1)
        count += business_days.is_business_day(day, closings)
    return count


def _times(
    waits: Iterable[tuple[datetime, datetime, int]], promised: int, closings: frozenset[date]
) -> Times:
    pairs = _count(((begin, end), n) for begin, end, n in waits)
    counts = _count((count_open_days(begin, end, closings), n) for (begin, end), n in pairs.items())
    days = sorted(counts.elements())
    if not days:
        return Times(0, 0, None, None, ())
    within = sum(n for day, n in counts.items() if day <= promised)
    by_days = tuple((day, counts[day]) for day in range(days[-1] + 1))
    return Times(len(days), within, median(days), days[ceil(0.9 * len(days)) - 1], by_days)


def _count(pairs: Iterable[tuple[K, int]]) -> Counter[K]:
    """Sum the numbers by key."""
    counts: Counter[K] = Counter()
    for key, n in pairs:
        counts[key] += n
    return counts


def _weeks(past: Iterable[CaseHistory], since: date, until: date) -> tuple[Week, ...]:
    applied: Counter[date] = Counter()
    invited: Counter[date] = Counter()
    for one in past:
        applied[_monday(business_days.tokyo_date(one.opened_at))] += one.n
        if one.invited_at:
            invited[_monday(business_days.tokyo_date(one.invited_at))] += one.n
    first = _monday(since)
    count = (_monday(until) - first) // _WEEK + 1
    mondays = [first + place * _WEEK for place in range(count)]
    while mondays and not applied[mondays[0]]:  # the desk was not open yet
        del mondays[0]
    return tuple(Week(monday, applied[monday], invited[monday]) for monday in mondays)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def classify_reason(one: CaseHistory) -> str:
    """Return the class of a refusal, by words in its reason."""
    if one.revoked:
        return "revoked"
    said = fold(one.reason)
    return next((name for name, words in _REASONS if words.search(said)), "other")


def _count_by_name(names: Sequence[str], found: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    counts = _count(found)
    return tuple((name, counts[name]) for name in names if counts[name])


def _kinds(past: Iterable[CaseHistory], kind_of: KindLookup) -> tuple[Kind, ...]:
    groups: dict[str, list[CaseHistory]] = {name: [] for name in KINDS}
    for one in past:
        groups[organisation_kind(one, kind_of)].append(one)
    return tuple(
        Kind(
            name,
            sum(one.n for one in group),
            sum(one.n for one in group if one.invited_at),
            sum(one.n for one in group if one.state == State.DECLINED),
        )
        for name, group in groups.items()
        if group
    )


# Kinds that the register and the codes distinguish, but a report does not.
_MERGED_KINDS: Mapping[str, str] = {
    "administrative_ward": "municipality",
    "northern_territories": "municipality",
}


def organisation_kind(one: CaseHistory, kind_of: KindLookup) -> str:
    """Return the kind of the organisation: by its code, else by the form and the domain."""
    found = kind_of(one.code) if one.code else ""
    found = _MERGED_KINDS.get(found, found)
    if found in KINDS:
        return found
    # Registration is restricted, so the sender belongs to a local government, whatever the code says.
    if one.domain_kind in {DomainKind.LOCAL_GOV_LG, DomainKind.LG_SERVICE, DomainKind.LOCAL_GOV_REGIONAL}:
        return "local"
    return "national" if "national" in {one.category, one.domain_kind.partition("_")[0]} else "other"


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
