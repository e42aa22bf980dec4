"""Health of the desk: figures compared with thresholds, in the format and levels of a Nagios plugin.

https://nagios-plugins.org/doc/guidelines.html: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN; a summary line first,
then the details.
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

# With less free disk space than this, mail is deferred (452) or a warning is shown; the doctor does the same.
FULL_BYTES, SCARCE_BYTES = 200_000_000, 1_000_000_000


class Level(IntEnum):
    """Exit codes of a Nagios plugin."""

    OK = 0
    WARNING = 1
    CRITICAL = 2
    UNKNOWN = 3

    @property
    def word(self) -> str:
        """The level in JSON, named as in `gateway doctor`: ok, warning, error, unknown."""
        return "error" if self is Level.CRITICAL else self.name.lower()


@dataclass(frozen=True, slots=True)
class HealthThresholds:
    """Thresholds for warning and critical; ages in minutes, None: never."""

    age_warning: float = 60
    age_critical: float = 360
    overdue_warning: int = 1
    overdue_critical: int = 10
    backup_hours: float | None = None


@dataclass(frozen=True, slots=True)
class HealthProblem:
    """A problem and its level."""

    level: Level
    text: str


def find_problems(
    figures: Statistics,
    limits: HealthThresholds,
    *,
    hold: bool = False,
    answers: bool | None = None,
    unit: str = USER,
    copies: str = "one",
) -> list[HealthProblem]:
    """Return the problems, the worst first.

    `hold` and `copies` are settings; `answers` is whether the running gateway answered (None: unknown);
    `unit` is its systemd unit.
    """
    found = [
        *_check_service(figures, unit, answers=answers),
        *_check_behind(figures),
        *_check_standbys(figures, copies),
        *_check_disk(figures),
        *_check_hold(unit, hold=hold),
        *_check_brakes(figures),
        *_check_outbox(figures, limits),
        *_check_cases(figures, limits),
        *_check_backup(figures, limits),
    ]
    return sorted(found, key=lambda remark: -remark.level)


def worst_level(found: list[HealthProblem]) -> Level:
    """Return the worst level of these problems."""
    return max((remark.level for remark in found), default=Level.OK)


def _check_service(figures: Statistics, unit: str, *, answers: bool | None) -> Iterator[HealthProblem]:
    if figures.running is False:
        yield HealthProblem(Level.CRITICAL, _describe_standstill(figures, unit))
    if answers is False:
        text = (
            f"the gateway is running but does not respond: journalctl -u {unit}, then systemctl restart "
            f"{unit}"
        )
        yield HealthProblem(Level.CRITICAL, text)


def _describe_standstill(figures: Statistics, unit: str) -> str:
    if figures.sqlite:
        return f"the gateway is not running (the database is not locked): systemctl status {unit}"
    # A node that cannot write, because the server or its standby is lost, is running but no longer active.
    return f"no node is active, so no mail is accepted: gateway node list, then systemctl status {unit}"


def _check_behind(figures: Statistics) -> Iterator[HealthProblem]:
    if figures.behind:
        yield HealthProblem(Level.CRITICAL, f"mail is deferred: {figures.behind}")


def _check_standbys(figures: Statistics, copies: str) -> Iterator[HealthProblem]:
    if copies == "standby" and figures.standbys == 0:
        text = "no synchronous standby: mail is deferred or unprotected; gateway doctor --only copies"
        yield HealthProblem(Level.CRITICAL, text)


def _check_disk(figures: Statistics) -> Iterator[HealthProblem]:
    free = figures.disk_free_bytes
    if free is None or free >= SCARCE_BYTES:
        return
    worst = Level.CRITICAL if free < FULL_BYTES else Level.WARNING
    yield HealthProblem(worst, f"{free / 1e6:.0f} MB free on the database disk: free up disk space (df)")


def _check_hold(unit: str, *, hold: bool) -> Iterator[HealthProblem]:
    if hold:
        text = f"no mail is sent: delivery.hold is true; set it to false, then systemctl reload {unit}"
        yield HealthProblem(Level.WARNING, text)


_STANDS_STILL = {
    Brake.STOP: "no mail is sent except to the staff",
    Brake.DECISIONS: "no staff decisions are executed",
    Brake.INVITATIONS: "no invitations are sent",
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
                worst, f"a message has been {state} for {since}: gateway outbox list --state {state}"
            )
    if held := figures.outbox["held"].letters:
        yield HealthProblem(
            Level.CRITICAL,
            f"{count(held, 'message')} held until an operator decides: gateway outbox list --state held",
        )
    if lost := figures.letters_day.get("refused", 0):
        text = f"{count(lost, 'message')} refused in the past day: gateway outbox list --state refused"
        yield HealthProblem(Level.WARNING, text)


def _check_cases(figures: Statistics, limits: HealthThresholds) -> Iterator[HealthProblem]:
    if figures.overdue >= limits.overdue_warning:
        worst = Level.CRITICAL if figures.overdue >= limits.overdue_critical else Level.WARNING
        yield HealthProblem(worst, f"{count(figures.overdue, 'open case')} overdue: gateway case list")


def _check_backup(figures: Statistics, limits: HealthThresholds) -> Iterator[HealthProblem]:
    if limits.backup_hours is None:
        return
    if figures.last_backup_at is None:
        yield HealthProblem(Level.WARNING, "there is no backup in the default directory: gateway backup")
        return
    age = figures.at - figures.last_backup_at
    if age > timedelta(hours=limits.backup_hours):
        yield HealthProblem(
            Level.WARNING, f"the latest backup is {format_duration(age.total_seconds())} old: gateway backup"
        )


def format_duration(seconds: float) -> str:
    """Return a duration in words: the two largest units."""
    minutes, hours, days = int(seconds // 60), int(seconds // 3600), int(seconds // 86400)
    if days:
        return f"{days} d {hours - 24 * days} h"
    if hours:
        return f"{hours} h {minutes - 60 * hours} min"
    return f"{minutes} min"
