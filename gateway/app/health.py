"""How the desk is: the figures held against limits, in the words and levels of a Nagios plugin.

https://nagios-plugins.org/doc/guidelines.html: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN; one line first, then
what a person wants to know.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum

from gateway.admission.authority.brakes import Brake
from gateway.net.host.desk_units import USER
from gateway.printing.terminal import count
from gateway.store.queries.statistics import Statistics

# When the disk has less free, mail is refused for now (452); the doctor says the same.
FULL_BYTES, SCARCE_BYTES = 200_000_000, 1_000_000_000


class Level(IntEnum):
    """Exit codes of a Nagios plugin."""

    OK = 0
    WARNING = 1
    CRITICAL = 2
    UNKNOWN = 3

    @property
    def word(self) -> str:
        """The level in JSON, in the words of `gateway doctor`: ok, warning, error, unknown."""
        return "error" if self is Level.CRITICAL else self.name.lower()


@dataclass(frozen=True, slots=True)
class HealthThresholds:
    """From where on something is a warning or critical; times in minutes, None: never."""

    age_warning: float = 60
    age_critical: float = 360
    overdue_warning: int = 1
    overdue_critical: int = 10
    backup_hours: float | None = None


@dataclass(frozen=True, slots=True)
class HealthProblem:
    """Something that is not as it should be."""

    level: Level
    text: str


def find_problems(
    figures: Statistics,
    limits: HealthThresholds,
    *,
    hold: bool = False,
    answers: bool | None = None,
    unit: str = USER,
) -> list[HealthProblem]:
    """What is wrong, the worst first; `hold` is what the settings say of letters, `answers` whether the
    running gateway answered (None: not known), `unit` what systemd calls it."""
    found = [
        *_check_service(figures, unit, answers=answers),
        *_check_disk(figures),
        *_check_hold(unit, hold=hold),
        *_check_brakes(figures),
        *_check_outbox(figures, limits),
        *_check_cases(figures, limits),
        *_check_backup(figures, limits),
    ]
    return sorted(found, key=lambda remark: -remark.level)


def worst_level(found: list[HealthProblem]) -> Level:
    """The worst of them."""
    return max((remark.level for remark in found), default=Level.OK)


def _check_service(figures: Statistics, unit: str, *, answers: bool | None) -> Iterator[HealthProblem]:
    if figures.running is False:
        text = f"the gateway is not running: nothing holds the database's lock; systemctl status {unit}"
        yield HealthProblem(Level.CRITICAL, text)
    if answers is False:
        text = f"the gateway runs and does not answer: journalctl -u {unit}, then systemctl restart {unit}"
        yield HealthProblem(Level.CRITICAL, text)


def _check_disk(figures: Statistics) -> Iterator[HealthProblem]:
    free = figures.disk_free_bytes
    if free is None or free >= SCARCE_BYTES:
        return
    worst = Level.CRITICAL if free < FULL_BYTES else Level.WARNING
    yield HealthProblem(worst, f"{free / 1e6:.0f} MB are free on the database's disk: make room (df)")


def _check_hold(unit: str, *, hold: bool) -> Iterator[HealthProblem]:
    if hold:
        text = f"no letter leaves: delivery.hold is true; when it is false again, systemctl reload {unit}"
        yield HealthProblem(Level.WARNING, text)


_STANDS_STILL = {
    Brake.STOP: "no letter leaves but those to the staff",
    Brake.DECISIONS: "no decision of the staff is carried out",
    Brake.INVITATIONS: "no invitation leaves",
}


def _check_brakes(figures: Statistics) -> Iterator[HealthProblem]:
    for one in figures.brakes:
        until = f" until {one.until:%Y-%m-%d %H:%M} UTC" if one.until else ""
        text = f"{_STANDS_STILL[one.brake]}, by {one.by}{until}: gateway resume --{one.brake.value}"
        yield HealthProblem(Level.WARNING, text)


def _check_outbox(figures: Statistics, limits: HealthThresholds) -> Iterator[HealthProblem]:
    for state in ("queued", "deferred"):
        waiting = figures.outbox[state]
        minutes = waiting.oldest_s / 60
        if minutes >= limits.age_warning:
            worst = Level.CRITICAL if minutes >= limits.age_critical else Level.WARNING
            since = format_duration(waiting.oldest_s)
            yield HealthProblem(
                worst, f"a letter is {state} since {since}: gateway outbox list --state {state}"
            )
    if held := figures.outbox["held"].letters:
        yield HealthProblem(
            Level.CRITICAL, f"{count(held, 'letter')} held, waiting for you: gateway outbox list --state held"
        )
    if lost := figures.letters_day.get("refused", 0):
        text = f"{count(lost, 'letter')} refused within a day: gateway outbox list --state refused"
        yield HealthProblem(Level.WARNING, text)


def _check_cases(figures: Statistics, limits: HealthThresholds) -> Iterator[HealthProblem]:
    if figures.overdue >= limits.overdue_warning:
        worst = Level.CRITICAL if figures.overdue >= limits.overdue_critical else Level.WARNING
        yield HealthProblem(
            worst, f"{count(figures.overdue, 'open case')} after the due day: gateway case list"
        )


def _check_backup(figures: Statistics, limits: HealthThresholds) -> Iterator[HealthProblem]:
    if limits.backup_hours is None:
        return
    if figures.last_backup_at is None:
        yield HealthProblem(Level.WARNING, "there is no backup in the usual folder: gateway backup")
        return
    age = figures.at - figures.last_backup_at
    if age > timedelta(hours=limits.backup_hours):
        yield HealthProblem(
            Level.WARNING, f"the newest backup is {format_duration(age.total_seconds())} old: gateway backup"
        )


def format_duration(seconds: float) -> str:
    """A length of time in words: the two largest units."""
    minutes, hours, days = int(seconds // 60), int(seconds // 3600), int(seconds // 86400)
    if days:
        return f"{days} d {hours - 24 * days} h"
    if hours:
        return f"{hours} h {minutes - 60 * hours} min"
    return f"{minutes} min"
