"""Deadlines of an open case: reminders, the end of a hold, closing.

Pure: dates in Japan are arguments, and nothing here knows what was already done. A past date is still due.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from gateway.admission import business_days
from gateway.admission.case.model import OPEN, Case, Desk, State
from gateway.admission.case.model.affiliation import AffiliationCheck

_DAY = timedelta(days=1)
_PERCENT = (50, 80, 100)


class DeadlineKind(StrEnum):
    """Kinds of deadlines: of the decision, of a hold, of the applicant and of the invitation."""

    DUE = "due"
    HOLD_OVER = "hold_over"
    REMIND = "remind"
    CHECK_REMIND = "check_remind"
    CLOSE = "close"
    INVITATION_REMIND = "invitation_remind"
    INVITATION_OVER = "invitation_over"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A task on a date; `amount` is the percentage of the promised time, or the business days waited.

    `anchor` distinguishes this waiting period from an earlier one of the same case.
    """

    kind: DeadlineKind
    day: date
    amount: int
    anchor: date

    @property
    def name(self) -> str:
        """The key that is stored once the task is done."""
        return f"{self.kind.value} {self.amount} {self.anchor.isoformat()}"


def all_deadlines(case: Case, desk: Desk) -> tuple[Deadline, ...]:
    """Return all deadlines of the current state, in order of date."""
    if case.state is State.ON_HOLD:
        day = case.held_until or case.due_on
        return (Deadline(DeadlineKind.HOLD_OVER, day, 0, day),)
    if case.state in {State.UNDER_REVIEW, State.RECEIVED}:
        return _reminders(case, desk)
    if case.state is State.INVITED:
        return _invitation_deadlines(case, desk)
    return _applicant_deadlines(case, desk) if case.state in OPEN else ()


def last_invitation_day(case: Case, desk: Desk) -> date:
    """Return the last day on which the invitation can be used."""
    return business_days.tokyo_date(case.invited_at or case.opened_at) + timedelta(days=desk.valid_days)


def _invitation_deadlines(case: Case, desk: Desk) -> tuple[Deadline, ...]:
    """Return the deadlines in calendar days, like the link's validity; none without a date of invitation."""
    if case.invited_at is None:
        return ()
    sent, last = business_days.tokyo_date(case.invited_at), last_invitation_day(case, desk)
    over = Deadline(DeadlineKind.INVITATION_OVER, last + _DAY, desk.valid_days, sent)
    if not 0 < desk.remind_before < desk.valid_days:
        return (over,)
    reminder = last - timedelta(days=desk.remind_before)
    return (Deadline(DeadlineKind.INVITATION_REMIND, reminder, desk.remind_before, sent), over)


def due_deadlines(case: Case, today: date, desk: Desk) -> tuple[Deadline, ...]:
    """Return the deadlines that have passed, in order of date."""
    return tuple(deadline for deadline in all_deadlines(case, desk) if deadline.day <= today)


def next_action_date(case: Case, today: date, desk: Desk) -> date | None:
    """Return the date of the next deadline or, if all have passed, of the next digest; None if closed."""
    if case.state not in OPEN:
        return None
    coming = [deadline.day for deadline in all_deadlines(case, desk) if deadline.day > today]
    return min(coming) if coming else business_days.add_business_days(today, 1, desk.closings)


def renewed_due_date(case: Case, now: datetime, desk: Desk) -> date:
    """Return the due date, recomputed if the staff could not act earlier; never an earlier date."""
    return max(case.due_on, business_days.due_date(now, desk.open_days, desk.closings))


def _reminders(case: Case, desk: Desk) -> tuple[Deadline, ...]:
    """Return reminders at 50, 80 and 100 % of the promised business days, counted back from the due date."""
    return tuple(
        Deadline(
            DeadlineKind.DUE,
            _days_before(case.due_on, _days_left(percent, desk.open_days), desk),
            percent,
            case.due_on,
        )
        for percent in _PERCENT
    )


def _days_left(percent: int, open_days: int) -> int:
    """Return the business days between the reminder and the due date; none on the day of receipt."""
    return open_days - max(1, open_days * percent // 100)


def _applicant_deadlines(case: Case, desk: Desk) -> tuple[Deadline, ...]:
    """Return the deadlines for the applicant's answer. An undeliverable case gets no reminders."""
    since = business_days.tokyo_date(case.waits_since or case.opened_at)
    close = Deadline(DeadlineKind.CLOSE, closing_date(case, desk), desk.close_after, since)
    if case.state is State.UNDELIVERABLE:
        return (close,)
    reminders = tuple(
        Deadline(
            DeadlineKind.REMIND, business_days.add_business_days(since, days, desk.closings), days, since
        )
        for days in sorted(desk.remind_after)
    )
    if case.state is State.AWAITING_AFFILIATION:
        reminders += _check_reminders(case, desk)
    return tuple(sorted((*reminders, close), key=lambda deadline: deadline.day))


def unanswered_checks(case: Case, day: date) -> tuple[AffiliationCheck, ...]:
    """Return the checks sent on a day that were neither answered nor repeated."""
    waiting = (check for check in case.affiliation.checks if not (check.answer or check.reminded))
    return tuple(check for check in waiting if business_days.tokyo_date(check.asked_at) == day)


def _check_reminders(case: Case, desk: Desk) -> tuple[Deadline, ...]:
    """Return one reminder for each day on which an unanswered check was sent."""
    days = {business_days.tokyo_date(check.asked_at) for check in case.affiliation.checks}
    wait = desk.check_reminder_days
    return tuple(
        Deadline(
            DeadlineKind.CHECK_REMIND, business_days.add_business_days(day, wait, desk.closings), wait, day
        )
        for day in days
        if unanswered_checks(case, day)
    )


def closing_date(case: Case, desk: Desk) -> date:
    """Return the date on which a case that waits for its applicant is closed."""
    since = business_days.tokyo_date(case.waits_since or case.opened_at)
    return business_days.add_business_days(since, desk.close_after, desk.closings)


def _days_before(day: date, count: int, desk: Desk) -> date:
    """Return the `count`-th business day before `day`."""
    for _ in range(count):
        day -= _DAY
        while not business_days.is_business_day(day, desk.closings):
            day -= _DAY
    return day
