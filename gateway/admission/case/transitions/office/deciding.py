"""What a decision of the staff does to a case: approve, decline, ask, hold, confirm by telephone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gateway.admission import business_days
from gateway.admission.case import deadlines, letters
from gateway.admission.case.events import Decide
from gateway.admission.case.model import (
    Case,
    Desk,
    JournalEntry,
    Letter,
    Level,
    State,
    Transition,
    awaiting_applicant,
    find_attention,
)
from gateway.admission.case.model.affiliation import TelephoneCall
from gateway.admission.case.transitions import inquiry, telephone
from gateway.admission.case.transitions.office.undoing import receipts
from gateway.admission.organisations.domains import Standing
from gateway.admission.replies.reading import Decision
from gateway.mail.address import person_key
from gateway.printing.outside import Outside


def carry_out(case: Case, event: Decide, now: datetime, desk: Desk) -> Transition:
    """Carry out a decision that is allowed."""
    if event.reply.decision is Decision.ASK:
        return _ask(case, event, now, desk)
    if event.reply.decision is Decision.HOLD:
        return _hold(case, event, now, desk)
    if event.reply.decision is Decision.DECLINE:
        return _decline(case, event, now, desk)
    if event.reply.decision is Decision.AFFILIATED:
        return _confirm_by_telephone(case, event, now, desk)
    if event.reply.decision is not Decision.APPROVE:
        raise ValueError(f"decision not allowed in this state: {event.reply.decision}")
    if _should_await_second_approval(case, event, desk):
        return _approve_first(case, event, desk)
    return _approve(case, event, now, desk)


def _should_await_second_approval(case: Case, event: Decide, desk: Desk) -> bool:
    """Return whether this approval is the first of two.

    Two are needed if the address shows no organisation, if there are points to check and the authentication
    of the reply is weak, or if the member approved too many cases within an hour.
    """
    unshown = desk.second_approval and case.background.standing is not Standing.OWN
    hasty = event.conduct.approvals >= desk.approvals_per_hour
    second = unshown or hasty or (event.weak and find_attention(case).level is Level.ATTENTION)
    return second and person_key(case.first_approval) in {"", event.by.person}


def _approve_first(case: Case, event: Decide, desk: Desk) -> Transition:
    once = replace(case, first_approval=event.by.key)
    involved = {case.applicant.person, event.by.person}
    others = [person for person in desk.staff if person.address.person not in involved]
    outgoing = (
        *letters.to_staff(once, Letter.REVIEW_REQUEST, others, occasion="second"),
        *receipts(once, desk, "first", event, to=event.by),
    )
    return Transition(once, outgoing, (JournalEntry("decision.first_approval", event.by),))


def _approve(case: Case, event: Decide, now: datetime, desk: Desk) -> Transition:
    approved = replace(
        case, state=State.APPROVED, decided_by=str(event.by), decided_at=now, reason="", held_until=None
    )
    leaves_at = now + desk.undo_window
    invitation = letters.to_applicant(approved, Letter.INVITATION, not_before=leaves_at)
    entry = JournalEntry("decision.approve", event.by, {"revision": event.revision})
    return Transition(
        approved, (invitation, *receipts(approved, desk, "approve", event, leaves_at)), (entry,)
    )


def _decline(case: Case, event: Decide, now: datetime, desk: Desk) -> Transition:
    note = event.reply.note
    declined = replace(
        case, state=State.DECLINED, decided_by=str(event.by), decided_at=now, reason=note, held_until=None
    )
    leaves_at = now + desk.undo_window
    until = inquiry.last_day_of_look(declined, desk)
    letter = letters.to_applicant(declined, Letter.DECLINE, not_before=leaves_at, look_until=until)
    entry = JournalEntry("decision.decline", event.by, {"reason": Outside(note)})
    return Transition(declined, (letter, *receipts(declined, desk, "decline", event, leaves_at)), (entry,))


def _ask(case: Case, event: Decide, now: datetime, desk: Desk) -> Transition:
    """Send a question; the case waits for the applicant until the answer returns it."""
    asked = replace(awaiting_applicant(case, State.NEEDS_INFORMATION, now), question=event.reply.note)
    leaves_at = now + desk.undo_window
    letter = letters.to_applicant(
        asked,
        Letter.QUESTION,
        not_before=leaves_at,
        answer_by=deadlines.closing_date(asked, desk).isoformat(),
    )
    entry = JournalEntry("decision.ask", event.by, {"question": Outside(asked.question)})
    return Transition(asked, (letter, *receipts(asked, desk, "ask", event, leaves_at)), (entry,))


def _hold(case: Case, event: Decide, now: datetime, desk: Desk) -> Transition:
    """Hold the case until the given day, or for the promised business days: every hold ends.

    A hold expresses doubt, so a first approval is requested again.
    """
    today = business_days.tokyo_date(now)
    day = event.reply.until
    if day is None:
        day = business_days.add_business_days(today, desk.open_days, desk.closings)
    elif not business_days.is_business_day(day, desk.closings):
        day = business_days.add_business_days(day, 1, desk.closings)
    held = replace(case, state=State.ON_HOLD, held_until=day, first_approval="")
    entry = JournalEntry("decision.hold", event.by, {"until": day, "note": Outside(event.reply.note)})
    return Transition(held, receipts(held, desk, "hold", event), (entry,))


def _confirm_by_telephone(case: Case, event: Decide, now: datetime, desk: Desk) -> Transition:
    """Continue the case as confirmed by telephone; later letters to the staff show the call."""
    confirmed = telephone.record_call(case, TelephoneCall(str(event.by), event.reply.note, now))
    entry = JournalEntry("affiliation.telephone", event.by, {"note": Outside(event.reply.note)})
    return Transition(confirmed, receipts(confirmed, desk, "affiliated", event), (entry,))
