"""The brakes of the desk: what is stopped, by whom, and until when.

A brake stops outgoing mail or decisions, never incoming mail, which is always answered with 250.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from gateway.admission import business_days

_DAY = timedelta(days=1)


class Brake(StrEnum):
    """Kinds of brakes.

    `stop`, set by a member of staff: no letters are sent except to the staff. Set by an operator: `decisions`
    of the staff are not carried out, `invitations` are not sent.
    """

    STOP = "stop"
    DECISIONS = "decisions"
    INVITATIONS = "invitations"


@dataclass(frozen=True, slots=True)
class PulledBrake:
    """An active brake.

    `by` is a member's address or an operator's name, `until` is when it ends automatically (None: never).
    """

    brake: Brake
    by: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class BrakeChange:
    """The effect of an event on the brakes: it sets or renews one, or releases some."""

    pulled: PulledBrake | None = None
    released: frozenset[Brake] = frozenset()


def find_end(now: datetime, closings: frozenset[date]) -> datetime:
    """Return when a stop set at `now` ends unless repeated: at the end of the next business day in Japan.

    Raises ValueError for a naive time.
    """
    last = business_days.due_date(now, 1, closings)
    return datetime.combine(last + _DAY, time(), business_days.TOKYO)
