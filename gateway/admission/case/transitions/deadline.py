"""The effect of a passed deadline on a case: reminders, the end of a hold, closing."""

from __future__ import annotations

from datetime import date, datetime

from gateway.admission.case import deadlines, letters
from gateway.admission.case.deadlines import DeadlineKind
from gateway.admission.case.events import DeadlinePassed
from gateway.admission.case.model import (
    Case,
    Desk,
    JournalEntry,
    Letter,
    OutgoingLetter,
    Staff,
    State,
    Transition,
    awaiting_review,
    with_state,
)
from gateway.admission.case.transitions import affiliation, applicant, invitation
from gateway.printing.fields import Fact

_ALL = 100
_WAITING = frozenset({State.NEEDS_INFORMATION, State.AWAITING_AFFILIATION})


def handle_deadline(  # noqa: PLR0911 - one line a kind of deadline
    case: Case, event: DeadlinePassed, now: datetime, desk: Desk
) -> Transition:
    """Apply a deadline that the case still has; any other changes nothing."""
    deadline = event.deadline
    if deadline not in deadlines.all_deadlines(case, desk):
        return Transition(case)
    detail: dict[str, Fact] = {"day": deadline.day, "amount": deadline.amount}
    journal = (JournalEntry(f"agenda.{deadline.kind.value}", detail=detail),)
    if deadline.kind is DeadlineKind.HOLD_OVER:
        back = awaiting_review(case, waits_since=now, due_on=deadlines.renewed_due_date(case, now, desk))
        return Transition(back, letters.review_requests(back, desk, "hold_over"), journal)
    if deadline.kind is DeadlineKind.DUE:
        return Transition(case, _due_letters(case, deadline.amount, desk), journal)
    if deadline.kind is DeadlineKind.CHECK_REMIND:
        return affiliation.remind(case, deadline, desk, journal)
    if deadline.kind is DeadlineKind.REMIND:
        return Transition(case, (ask_applicant(case, deadlines.closing_date(case, desk), desk),), journal)
    if deadline.kind is DeadlineKind.INVITATION_REMIND:
        return invitation.remind_applicant(
            case, desk, deadlines.last_invitation_day(case, desk).isoformat(), journal
        )
    if deadline.kind is DeadlineKind.INVITATION_OVER:
        return invitation.expire_invitation(case, desk, journal)
    return _close_case(case, desk, journal)


def _due_letters(case: Case, percent: int, desk: Desk) -> tuple[OutgoingLetter, ...]:
    """Send the review request again; on the due date also notify the escalation address."""
    outgoing = letters.review_requests(case, desk, "due", percent=percent)
    if percent < _ALL or desk.escalation is None:
        return outgoing
    above = Staff(desk.escalation, "責任者")
    return (*outgoing, *letters.to_staff(case, Letter.CASE_NOTICE, [above], kind="overdue"))


def ask_applicant(case: Case, closes_on: date | None, desk: Desk) -> OutgoingLetter:
    """Build the unanswered letter again, with the date on which the case will be closed."""
    if case.state is State.AWAITING_AFFILIATION:
        return letters.to_applicant(case, Letter.AFFILIATION_REQUEST, closes_on=closes_on)
    if case.question:
        return letters.to_applicant(case, Letter.QUESTION, closes_on=closes_on)
    return letters.missing_fields(case, applicant.items_to_request(case), desk, closes_on)


def _close_case(case: Case, desk: Desk, journal: tuple[JournalEntry, ...]) -> Transition:
    """Close the case without a decision; an applicant who cannot be reached gets no letter."""
    expired = with_state(case, State.EXPIRED)
    told = letters.notices(expired, desk, "expired")
    if case.state in _WAITING:
        told = (letters.to_applicant(expired, Letter.EXPIRED), *told)
    recalled = frozenset(
        {Letter.QUESTION, Letter.AFFILIATION_REQUEST, Letter.AFFILIATION_CHECK, Letter.MISSING_FIELDS}
    )
    return Transition(expired, told, journal, recalled=recalled)
