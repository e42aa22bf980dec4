"""The brakes of the desk: what stands still, by whose word, and until when.

A brake stops what leaves or what is decided, never what comes in: mail is answered 250 as on any other day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from gateway.admission import business_days

_DAY = timedelta(days=1)


class Brake(StrEnum):
    """`stop` by a member: no letter leaves but those to the staff. By an operator: `decisions` of the staff
    are not carried out, `invitations` do not leave."""

    STOP = "stop"
    DECISIONS = "decisions"
    INVITATIONS = "invitations"


@dataclass(frozen=True, slots=True)
class PulledBrake:
    """A brake that is on. `by` is a member's address or an operator's name, `until` when it ends by itself
    (None: never)."""

    brake: Brake
    by: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class BrakeChange:
    """What an event does to the brakes: it pulls one (anew), or lets some go."""

    pulled: PulledBrake | None = None
    released: frozenset[Brake] = frozenset()


def find_end(now: datetime, closings: frozenset[date]) -> datetime:
    """When a stop of `now` ends that nobody repeats: with the next open day, at midnight in Japan.

    Raises ValueError for a naive time.
    """
    last = business_days.due_date(now, 1, closings)
    return datetime.combine(last + _DAY, time(), business_days.TOKYO)
