"""The only place where a case changes: `decide(case, event, now, desk)` returns the transition.

Pure: the same arguments give the same transition. `transitions` implements each kind of event; the settings
of the desk are arguments.
"""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from gateway.admission.case import letters
from gateway.admission.case.digest import overview as digest
from gateway.admission.case.events import (
    Apply,
    CaseEvent,
    Confirm,
    CrossedCases,
    DeadlinePassed,
    Decide,
    DigestRequest,
    Emergency,
    FormerLetter,
    HandOver,
    Inquire,
    InvitationSent,
    Joined,
    LetGo,
    Misuse,
    NameColleague,
    Note,
    Practise,
    Renew,
    Repeat,
    Resend,
    Revoke,
    SendMe,
    SeveralPeople,
    StaffQuery,
    Supplement,
    TakeBack,
    Unclear,
    Undelivered,
    Unknown,
    UnreadReport,
    VoidCall,
    Withdraw,
    event_name,
)
from gateway.admission.case.model import (
    DECIDABLE,
    OPEN,
    STAFF_LETTERS,
    Case,
    Desk,
    JournalEntry,
    Letter,
    State,
    Transition,
    awaiting_applicant,
)
from gateway.admission.case.transitions import affiliation, applicant, deadline, inquiry, invitation, repeats
from gateway.admission.case.transitions.office import brakes, by_web, practice, staff, undoing
from gateway.printing.fields import Fact, ours, slug
from gateway.printing.outside import Outside


def decide(  # noqa: C901, PLR0911, PLR0912 - one line an event
    case: Case | None, event: CaseEvent, now: datetime, desk: Desk
) -> Transition:
    """Return what `event` does to `case` (None: the mail belongs to no case).

    An event about a case that does not exist returns a transition without a case and without letters.
    """
    match event:
        case Apply():
            return applicant.apply(case, event, now, desk)
        case Unknown():
            return applicant.answer_unknown(event, desk)
        case SeveralPeople():
            return applicant.ask_each(case, event, desk)
        case Note():
            return Transition(
                case, journal=(JournalEntry(f"note.{event.kind}", detail={"why": Outside(event.why)}),)
            )
        case Repeat():
            return repeats.answer_repeat(case, event, desk)
        case Practise():
            return practice.answer(event, now, desk)
        case DigestRequest():
            return digest.answer_request(case, event, now, desk)
        case Emergency():
            return brakes.answer_emergency(case, event, now, desk)
        case StaffQuery() | HandOver():
            # About many cases or none: see `transitions.office.looking`.
            return Transition(case)
        case Misuse():
            return _handle_token_misuse(case, event, desk)
        case Undelivered():
            return _handle_undelivered(case, event, now, desk)
        case UnreadReport():
            return _handle_unread_report(case, event, desk)
    if case is None:
        return Transition(
            None, journal=(JournalEntry("no_case", detail={"intent": slug(event_name(event))}),)
        )
    match event:
        case Supplement():
            return applicant.supplement(case, event, now, desk)
        case Withdraw():
            return applicant.withdraw(case, desk)
        case Inquire():
            return inquiry.answer(case, event, now, desk)
        case Confirm():
            return affiliation.take_answer(case, event, now, desk)
        case NameColleague():
            return applicant.name_colleague(case, event, now, desk)
        case Decide():
            return staff.decide(case, event, now, desk)
        case Renew():
            return repeats.ask_again(case, event, desk)
        case FormerLetter():
            return repeats.answer_former_letter(case, event, desk)
        case CrossedCases():
            return repeats.show_again(case, event, desk)
        case Unclear():
            journal = (JournalEntry("decision.unclear", event.by, {"why": event.why}),)
            return Transition(case, (letters.unclear_decision(case, event.by, event.why, desk),), journal)
        case TakeBack():
            return undoing.take_back(case, event, now, desk)
        case VoidCall():
            return undoing.void_call(case, event, now, desk)
        case Revoke():
            return staff.revoke(case, event, now, desk)
        case SendMe():
            return by_web.send_me(case, event, desk)
        case LetGo():
            return by_web.let_go(case, event)
        case DeadlinePassed():
            return deadline.handle_deadline(case, event, now, desk)
        case InvitationSent():
            return invitation.record_sent(case, now, desk)
        case Joined():
            return invitation.record_joined(case, event)
        case Resend():
            return invitation.resend(case, event, now)
        case _:
            assert_never(event)


def _handle_token_misuse(case: Case | None, event: Misuse, desk: Desk) -> Transition:
    """Notify the staff; issue a new token to the rightful holder, because the old one is revoked."""
    journal = (JournalEntry("token.misuse", event.by, {"of": event.of or ours("")}),)
    if case is None:
        return Transition(None, letters.general_notices(desk, "misuse", by=str(event.by)), journal)
    outgoing = letters.notices(case, desk, "misuse", by=str(event.by))
    holder = desk.member(event.of) if event.of else None
    if holder and case.state in DECIDABLE and holder.address.person != case.applicant.person:
        outgoing += letters.to_staff(case, Letter.REVIEW_REQUEST, [holder], occasion="renewed")
    return Transition(case, outgoing, journal)


def _handle_undelivered(case: Case | None, event: Undelivered, now: datetime, desk: Desk) -> Transition:
    """Handle a letter that was not delivered.

    A lost letter to the applicant stops an open case. A lost staff letter causes no further letter, and one
    to a colleague leaves the case unchanged.
    """
    detail: dict[str, Fact] = {"letter": event.letter, "to": event.to, "cause": Outside(event.cause)}
    journal = (JournalEntry("letter.undelivered", detail=detail),)
    # One notice is enough: reports may arrive by the thousand, and this state is known.
    if case is None or event.letter in STAFF_LETTERS or case.state is State.UNDELIVERABLE:
        return Transition(case, journal=journal)
    about = {"about": event.letter.value, "cause": event.cause, "by": str(event.to)}
    outgoing = letters.notices(case, desk, "undelivered", **about)
    stopped = (case.state in OPEN or event.letter is Letter.INVITATION) and event.to.key == case.applicant.key
    return Transition(
        awaiting_applicant(case, State.UNDELIVERABLE, now) if stopped else case, outgoing, journal
    )


def _handle_unread_report(case: Case | None, event: UnreadReport, desk: Desk) -> Transition:
    """Show the report to the staff, unless it is about a staff letter (see `_handle_undelivered`)."""
    detail: dict[str, Fact] = {"letter": event.letter, "to": event.to, "words": Outside(event.words)}
    journal = (JournalEntry("letter.unread_report", detail=detail),)
    if case is None or event.letter in STAFF_LETTERS:
        return Transition(case, journal=journal)
    told = letters.notices(case, desk, "unread_report", about=event.letter.value, text=event.words)
    return Transition(case, told, journal)
