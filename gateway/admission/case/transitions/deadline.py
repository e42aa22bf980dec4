"""What a day of the agenda does to a case: reminders, the end of a hold, closing what nobody answers."""

from __future__ import annotations

from datetime import datetime

from gateway.admission.case import deadlines, letters
from gateway.admission.case.deadlines import Task
from gateway.admission.case.events import Elapsed
from gateway.admission.case.model import (
    Case,
    Desk,
    Event,
    Letter,
    Owed,
    Staff,
    State,
    Step,
    moved,
    reviewable,
)
from gateway.admission.case.transitions import applicant, invitation

_ALL = 100
_WAITING = frozenset({State.NEEDS_INFORMATION, State.AWAITING_AFFILIATION})


def elapsed(  # noqa: PLR0911 - one line a task
    case: Case, intent: Elapsed, now: datetime, desk: Desk
) -> Step:
    """Carry out a chore that is on the case's agenda; any other changes nothing."""
    chore = intent.chore
    if chore not in deadlines.agenda(case, desk):
        return Step(case)
    detail = {"day": chore.day.isoformat(), "amount": chore.amount}
    journal = (Event(f"agenda.{chore.task.value}", detail=detail),)
    if chore.task is Task.HOLD_OVER:
        back = reviewable(case, waits_since=now, due_on=deadlines.due_again(case, now, desk))
        return Step(back, letters.review_requests(back, desk, "hold_over"), journal)
    if chore.task is Task.DUE:
        return Step(case, _due(case, chore.amount, desk), journal)
    if chore.task is Task.REMIND:
        return Step(case, _reminder(case, desk), journal)
    if chore.task is Task.INVITATION_REMIND:
        return invitation.reminded(case, desk, deadlines.last_day(case, desk).isoformat(), journal)
    if chore.task is Task.INVITATION_OVER:
        return invitation.run_out(case, desk, journal)
    return _closed(case, desk, journal)


def _due(case: Case, percent: int, desk: Desk) -> tuple[Owed, ...]:
    """The review request again; on the due day another address hears of it too."""
    owed = letters.review_requests(case, desk, "due", percent=percent)
    if percent < _ALL or desk.escalation is None:
        return owed
    above = Staff(desk.escalation, "責任者")
    return (*owed, *letters.to_staff(case, Letter.CASE_NOTICE, [above], kind="overdue"))


def _reminder(case: Case, desk: Desk) -> tuple[Owed, ...]:
    """The letter that was not answered, again, with the day on which the case will be closed."""
    closes_on = deadlines.closes_on(case, desk)
    if case.state is State.AWAITING_AFFILIATION:
        return (letters.to_applicant(case, Letter.AFFILIATION_REQUEST, closes_on=closes_on),)
    if case.question:
        return (letters.to_applicant(case, Letter.QUESTION, closes_on=closes_on),)
    return (letters.missing_fields(case, applicant.asked_for(case), closes_on),)


def _closed(case: Case, desk: Desk, journal: tuple[Event, ...]) -> Step:
    """Closed without a decision; whom no letter reaches gets none."""
    expired = moved(case, State.EXPIRED)
    told = letters.notices(expired, desk, "expired")
    if case.state in _WAITING:
        told = (letters.to_applicant(expired, Letter.EXPIRED), *told)
    recalled = frozenset({Letter.QUESTION, Letter.AFFILIATION_REQUEST, Letter.MISSING_FIELDS})
    return Step(expired, told, journal, recalled=recalled)
