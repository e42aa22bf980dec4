"""The only place where a case changes: `decide(case, intent, now, desk)` gives the step that follows.

Pure: the same arguments give the same step. What applicants can cause stands in `applicant`, what
staff can cause in `office`; the desk's settings come in as values.
"""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from gateway.admission.case import digest, letters
from gateway.admission.case.events import (
    Apply,
    CaseEvent,
    Confirm,
    DeadlinePassed,
    Decide,
    DigestRequest,
    InvitationSent,
    Joined,
    Misuse,
    Note,
    Resend,
    Revoke,
    Supplement,
    Unclear,
    Undelivered,
    Unknown,
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
    OutgoingLetter,
    State,
    Transition,
    awaiting_applicant,
)
from gateway.admission.case.transitions import applicant, deadline, invitation, staff


def decide(  # noqa: C901, PLR0911, PLR0912 - one line an event
    case: Case | None, intent: CaseEvent, now: datetime, desk: Desk
) -> Transition:
    """What `intent` does to `case` (None: the mail belongs to no case).

    An intent about a case that does not exist gives a step without a case and without letters.
    """
    match intent:
        case Apply():
            return applicant.apply(case, intent, now, desk)
        case Unknown():
            return Transition(
                None,
                (OutgoingLetter(Letter.HOW_TO_APPLY, intent.by, {}),),
                (JournalEntry("unknown", str(intent.by)),),
            )
        case Note():
            return Transition(
                case, journal=(JournalEntry(f"note.{intent.kind}", detail={"why": intent.why}),)
            )
        case DigestRequest():
            return digest.answer_request(case, intent, now, desk)
        case Misuse():
            return _handle_token_misuse(case, intent, desk)
        case Undelivered():
            return _handle_undelivered(case, intent, now, desk)
    if case is None:
        return Transition(None, journal=(JournalEntry("no_case", detail={"intent": event_name(intent)}),))
    match intent:
        case Supplement():
            return applicant.supplement(case, intent, now, desk)
        case Withdraw():
            return applicant.withdraw(case, desk)
        case Confirm():
            return applicant.confirm(case, intent, now, desk)
        case Decide():
            return staff.decide(case, intent, now, desk)
        case Unclear():
            journal = (JournalEntry("decision.unclear", str(intent.by), {"why": intent.why}),)
            return Transition(case, (letters.unclear_decision(case, intent.by, intent.why, desk),), journal)
        case Revoke():
            return staff.revoke(case, intent, now, desk)
        case DeadlinePassed():
            return deadline.handle_deadline(case, intent, now, desk)
        case InvitationSent():
            return invitation.record_sent(case, now, desk)
        case Joined():
            return invitation.record_joined(case, intent)
        case Resend():
            return invitation.resend(case, intent, now)
        case _:
            assert_never(intent)


def _handle_token_misuse(case: Case | None, intent: Misuse, desk: Desk) -> Transition:
    """Tell the staff; whom the token was given to gets a new one, because the old one is worth nothing."""
    journal = (JournalEntry("token.misuse", str(intent.by), {"of": str(intent.of or "")}),)
    if case is None:
        return Transition(None, letters.general_notices(desk, "misuse", by=str(intent.by)), journal)
    outgoing = letters.notices(case, desk, "misuse", by=str(intent.by))
    holder = desk.member(intent.of) if intent.of else None
    if holder and case.state in DECIDABLE and holder.address.key != case.applicant.key:
        outgoing += letters.to_staff(case, Letter.REVIEW_REQUEST, [holder], occasion="renewed")
    return Transition(case, outgoing, journal)


def _handle_undelivered(case: Case | None, intent: Undelivered, now: datetime, desk: Desk) -> Transition:
    """A lost letter to the applicant stops an open case; a lost staff letter causes no other letter."""
    detail = {"letter": intent.letter.value, "to": str(intent.to), "cause": intent.cause}
    journal = (JournalEntry("letter.undelivered", detail=detail),)
    # Once told is enough: reports may come by the thousand, and about a state that is known.
    if case is None or intent.letter in STAFF_LETTERS or case.state is State.UNDELIVERABLE:
        return Transition(case, journal=journal)
    outgoing = letters.notices(case, desk, "undelivered", about=intent.letter.value, cause=intent.cause)
    stopped = case.state in OPEN or intent.letter is Letter.INVITATION
    return Transition(
        awaiting_applicant(case, State.UNDELIVERABLE, now) if stopped else case, outgoing, journal
    )
