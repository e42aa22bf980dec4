"""How the desk is: the figures held against limits, in the words and levels of a Nagios plugin.

https://nagios-plugins.org/doc/guidelines.html: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN; one line first, then
what a person wants to know.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum

from gateway.store.queries.statistics import Figures


class Level(IntEnum):
    """Exit codes of a Nagios plugin."""

    OK = 0
    WARNING = 1
    CRITICAL = 2
    UNKNOWN = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on something is a warning or critical; times in minutes, None: never."""

    age_warning: float = 60
    age_critical: float = 360
    overdue_warning: int = 1
    overdue_critical: int = 10
    backup_hours: float | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that is not as it should be."""

    level: Level
    text: str


def remarks(figures: Figures, limits: Limits, *, hold: bool = False) -> list[Remark]:
    """What is wrong, the worst first; `hold` is what the settings say of letters."""
    found = [
        *_service(figures),
        *_kept_back(hold=hold),
        *_outbox(figures, limits),
        *_cases(figures, limits),
        *_backup(figures, limits),
    ]
    return sorted(found, key=lambda remark: -remark.level)


def level(found: list[Remark]) -> Level:
    """The worst of them."""
    return max((remark.level for remark in found), default=Level.OK)


def _service(figures: Figures) -> Iterator[Remark]:
    if figures.running is False:
        yield Remark(Level.CRITICAL, "the gateway is not running: nothing holds the database's lock")


def _kept_back(*, hold: bool) -> Iterator[Remark]:
    if hold:
        text = "no letter leaves: delivery.hold is true; when it is false again, systemctl reload gateway"
        yield Remark(Level.WARNING, text)


def _outbox(figures: Figures, limits: Limits) -> Iterator[Remark]:
    for state in ("owed", "deferred"):
        waiting = figures.outbox[state]
        minutes = waiting.oldest_s / 60
        if minutes >= limits.age_warning:
            worst = Level.CRITICAL if minutes >= limits.age_critical else Level.WARNING
            yield Remark(
                worst,
                f"a letter is {state} since {span(waiting.oldest_s)}: gateway outbox list --state {state}",
            )
    if held := figures.outbox["held"].letters:
        yield Remark(
            Level.CRITICAL, f"{held} letters are held and wait for you: gateway outbox list --state held"
        )
    if lost := figures.letters_day.get("refused", 0):
        text = f"{lost} letters were refused within a day: gateway outbox list --state refused"
        yield Remark(Level.WARNING, text)


def _cases(figures: Figures, limits: Limits) -> Iterator[Remark]:
    if figures.overdue >= limits.overdue_warning:
        worst = Level.CRITICAL if figures.overdue >= limits.overdue_critical else Level.WARNING
        yield Remark(worst, f"{figures.overdue} open cases are after their due day: gateway case list")


def _backup(figures: Figures, limits: Limits) -> Iterator[Remark]:
    if limits.backup_hours is None:
        return
    if figures.last_backup_at is None:
        yield Remark(Level.WARNING, "there is no backup in the usual folder: gateway backup")
        return
    age = figures.at - figures.last_backup_at
    if age > timedelta(hours=limits.backup_hours):
        yield Remark(Level.WARNING, f"the newest backup is {span(age.total_seconds())} old: gateway backup")


def span(seconds: float) -> str:
    """A length of time in words: the two largest units."""
    minutes, hours, days = int(seconds // 60), int(seconds // 3600), int(seconds // 86400)
    if days:
        return f"{days} d {hours - 24 * days} h"
    if hours:
        return f"{hours} h {minutes - 60 * hours} min"
    return f"{minutes} min"
