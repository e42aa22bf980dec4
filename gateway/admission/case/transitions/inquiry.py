"""Applicants' requests about their own case: status, data held, a second look, another address."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, assert_never

from gateway.admission import business_days
from gateway.admission.case import deadlines, letters
from gateway.admission.case.events import Inquire
from gateway.admission.case.model import (
    ADMITTED,
    OPEN,
    Case,
    Desk,
    JournalEntry,
    Letter,
    Role,
    State,
    Transition,
    awaiting_review,
)
from gateway.mail.address import person_key

MAX_TEXT = 4_000


def answer(case: Case, event: Inquire, now: datetime, desk: Desk) -> Transition:
    """Answer to the applicant's authenticated address only."""
    match event.kind:
        case "status":
            return _tell_status(case, now, desk, "status")
        case "held":
            return _tell_held(case, now, desk)
        case "look":
            return _look_again(case, event, now, desk)
        case "move":
            return _note_move(case, event, now, desk)
        case _:
            assert_never(event.kind)


def shown_state(case: Case, now: datetime, desk: Desk) -> State:
    """Return the state as the applicant knows it.

    A staff decision counts from when its letter is sent, and an invitation that is not sent yet does not
    count.
    """
    told = case.decided_at or case.waits_since
    waits = told is not None and now < told + desk.undo_window
    own_letter = case.state is State.DECLINED or (
        case.state is State.NEEDS_INFORMATION and bool(case.question)
    )
    hidden = case.state is State.APPROVED or (own_letter and waits)
    return State.UNDER_REVIEW if hidden else case.state


def last_day_of_look(case: Case, desk: Desk) -> str:
    """Return the last day for requesting a second look, in ISO format; empty if none is possible."""
    if case.second_look or case.decided_at is None or not desk.second_look_days:
        return ""
    if not _find_others(desk, case.decided_by):
        return ""
    told = business_days.tokyo_date(case.decided_at + desk.undo_window)
    return (told + timedelta(days=desk.second_look_days)).isoformat()


def is_excluded(case: Case, by: str) -> bool:
    """Return whether this is the member whose refusal is being reviewed by others."""
    return bool(case.second_look) and person_key(case.second_look) == person_key(by)


def _find_others(desk: Desk, by: str) -> bool:
    """Return whether a member other than the first can decide."""
    deciders = (one for one in desk.staff if one.role is Role.DECIDE)
    return any(one.address.person != person_key(by) for one in deciders)


def _facts(case: Case, now: datetime, desk: Desk) -> dict[str, Any]:
    state = shown_state(case, now, desk)
    waits = state in {State.NEEDS_INFORMATION, State.AWAITING_AFFILIATION}
    by = deadlines.closing_date(case, desk).isoformat() if waits else ""
    return {"state": state.value, "answer_by": by}


def _tell_status(case: Case, now: datetime, desk: Desk, occasion: str) -> Transition:
    told = letters.to_applicant(case, Letter.OWN_STATUS, occasion=occasion, **_facts(case, now, desk))
    return Transition(case, (told,), (JournalEntry("status.told", case.applicant),))


def _tell_held(case: Case, now: datetime, desk: Desk) -> Transition:
    told = letters.to_applicant(
        case, Letter.HELD_DATA, asked_count=len(case.affiliation.checks), **_facts(case, now, desk)
    )
    return Transition(case, (told,), (JournalEntry("data.told", case.applicant),))


def _look_again(case: Case, event: Inquire, now: datetime, desk: Desk) -> Transition:
    """Return a declined case to review, once: everybody except the member who declined is asked."""
    last_day = last_day_of_look(case, desk)
    if shown_state(case, now, desk) is not State.DECLINED or not last_day or not _is_in_time(now, last_day):
        refused = _tell_status(case, now, desk, "no_look")
        told = letters.notices(case, desk, "wrote", text=event.text[:MAX_TEXT])
        return Transition(case, (*refused.letters, *told), (JournalEntry("look.refused", case.applicant),))
    again = awaiting_review(
        case,
        second_look=case.decided_by,
        first_approval="",
        waits_since=now,
        revision=case.revision + 1,
        due_on=deadlines.renewed_due_date(case, now, desk),
    )
    answered = letters.to_applicant(again, Letter.OWN_STATUS, occasion="look", **_facts(again, now, desk))
    asked = letters.review_requests(again, desk, "second_look", text=event.text[:MAX_TEXT])
    return Transition(again, (answered, *asked), (JournalEntry("look.asked", case.applicant),))


def _note_move(case: Case, event: Inquire, now: datetime, desk: Desk) -> Transition:
    """Record the old address's consent to the new one, which must apply itself: no letter goes there.

    The staff are notified only if the applicant is already admitted.
    """
    goes_on = case.state in OPEN or case.state in ADMITTED
    if event.new is None or not goes_on or event.new.person == case.applicant.person:
        return _tell_status(case, now, desk, "move_how")
    noted = replace(case, moves_to=str(event.new))
    facts = _facts(case, now, desk)
    told = letters.to_applicant(
        noted, Letter.OWN_STATUS, occasion="move", new_address=noted.moves_to, **facts
    )
    admitted = case.state in ADMITTED
    notices = letters.notices(noted, desk, "wrote", text=event.text[:MAX_TEXT]) if admitted else ()
    journal = (JournalEntry("move.asked", case.applicant, {"to": event.new}),)
    return Transition(noted, (told, *notices), journal)


def _is_in_time(now: datetime, last_day: str) -> bool:
    return business_days.tokyo_date(now).isoformat() <= last_day
