"""Undo of a staff decision: while its letter is queued, in doubt, and after the letter was sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from gateway.admission.case import letters
from gateway.admission.case.events import Decide, TakeBack, VoidCall
from gateway.admission.case.model import (
    DECIDABLE,
    OPEN,
    Case,
    Desk,
    JournalEntry,
    Letter,
    OutgoingLetter,
    Role,
    State,
    Transition,
    awaiting_review,
)
from gateway.admission.case.transitions import telephone
from gateway.admission.replies.reading import Decision
from gateway.mail.address import Address
from gateway.printing.fields import Fact, slug
from gateway.printing.outside import Outside
from gateway.printing.statement import Statement

RECALLED = {
    State.APPROVED: Letter.INVITATION,
    State.DECLINED: Letter.DECLINE,
    State.NEEDS_INFORMATION: Letter.QUESTION,
}
_WORDS = {
    State.APPROVED: Decision.APPROVE,
    State.DECLINED: Decision.DECLINE,
    State.NEEDS_INFORMATION: Decision.ASK,
}
# After the undo window. A doubt delays a promised answer by no more than this.
LONGEST_DOUBT = timedelta(hours=1)
_TAKEN_BACK = frozenset({State.APPROVED, State.DECLINED, State.INVITED})


def answer_unclear(case: Case, event: Decide, why: Statement, desk: Desk) -> Transition:
    """Decide nothing; keep the letter of the last decision if the reply may be a second thought.

    Without an answer it is sent at a fixed time after the last clear decision, so repeated unclear mails
    cannot hold it.
    """
    said: dict[str, Fact] = {"why": why}
    if event.reply.kind:
        said["kind"] = slug(event.reply.kind)
    journal = [JournalEntry("decision.unclear", event.by, said)]
    if event.code_void:
        journal.append(JournalEntry("decision.code_void", event.by))
    until = _held_until(case, desk) if _may_be_second_thought(case, event, desk) else None
    if until is not None:
        journal.append(JournalEntry("decision.letter_waits", event.by, {"until": until}))
    waits_until = until.isoformat() if until else ""
    answer = letters.unclear_decision(case, event.by, why, desk, event.reply.unread, waits_until=waits_until)
    asked = _ask_anew(case, event, desk) if event.code_void else ()
    return Transition(case, asked or (answer,), tuple(journal), postponed_to=until)


def _ask_anew(case: Case, event: Decide, desk: Desk) -> tuple[OutgoingLetter, ...]:
    """Build the request with a new token and code, if the case can still be decided."""
    member = desk.member(event.by)
    asked = [member] if member is not None and case.state in DECIDABLE else []
    return letters.to_staff(case, Letter.REVIEW_REQUEST, asked, occasion="code_void")


def _may_be_second_thought(case: Case, event: Decide, desk: Desk) -> bool:
    """Return whether the queued letter must wait because of an unclear reply.

    It waits for any reply of the decider, or of a colleague who may decide, that cannot be carried out,
    except for the same word again, thanks and courtesies.
    """
    member, reply = desk.member(event.by), event.reply
    if member is None or not event.recallable or event.by.person == case.applicant.person:
        return False
    if reply.takes_back and reply.decision is Decision.NONE:
        return member.role is not Role.READ
    same = _WORDS.get(case.state)
    is_same = same is not None and same in {reply.decision, reply.meant}
    return member.role is Role.DECIDE and not is_same and not reply.says_nothing


def _held_until(case: Case, desk: Desk) -> datetime | None:
    decided_at = case.decided_at or case.waits_since
    if case.state not in RECALLED or decided_at is None:
        return None
    return decided_at + desk.undo_window + LONGEST_DOUBT


def is_second_word(case: Case, event: Decide) -> bool:
    """Return whether the decider sends another word with the code while the first letter is queued."""
    return (
        event.reply.by_code
        and event.recallable
        and event.revision == case.revision
        and event.reply.decision in {Decision.APPROVE, Decision.DECLINE, Decision.ASK, Decision.HOLD}
        and case.decided_by == str(event.by)
        and case.state in {State.APPROVED, State.DECLINED}
    )


def find_refusal(case: Case, event: Decide) -> Statement | None:
    """Return why nothing can be undone; None if it can."""
    given = case.first_approval or case.affiliation.call
    if case.state is State.ON_HOLD or (case.state in DECIDABLE and given):
        return None
    asked = case.state is State.NEEDS_INFORMATION and case.question
    if case.state not in _TAKEN_BACK and not asked:
        return Statement("nothing_to_undo")
    return None if event.recallable or event.reply.by_code else Statement("leaving")


def is_decided(case: Case) -> bool:
    """Return whether there is a staff decision that can be undone."""
    if case.state in DECIDABLE and (case.first_approval or case.affiliation.call):
        return True
    asked = case.state is State.NEEDS_INFORMATION and bool(case.question)
    return asked or case.state in _TAKEN_BACK | {State.ON_HOLD}


def take_back(case: Case, event: TakeBack, now: datetime, desk: Desk) -> Transition:
    """Undo by an operator: return to review as by a member, with new requests to all staff."""
    if not is_decided(case):
        return Transition(case)
    reopened, recalled, sent = _reopen(case, now, desk, recallable=event.recallable)
    entry = JournalEntry("decision.undo", Outside(event.by), {"was": case.state, "left": bool(sent)})
    told = (letters.to_applicant(reopened, Letter.REOPENED),) if sent else ()
    asked = letters.review_requests(reopened, desk, "undone", by=event.by, left=sent)
    return Transition(reopened, (*told, *asked), (entry,), recalled=recalled)


def void_call(case: Case, event: VoidCall, now: datetime, desk: Desk) -> Transition:
    """Remove a telephone call that nobody vouches for any more.

    What was shown with it is outdated, and a first approval that rests on it is requested again. An admission
    made by then remains.
    """
    if case.affiliation.call is None or case.state not in OPEN:
        return Transition(case)
    voided = telephone.doubt(telephone.without_call(case, desk), now)
    entry = JournalEntry("affiliation.call_void", Outside(event.by))
    asked = letters.review_requests(voided, desk, "call_void") if voided.state in DECIDABLE else ()
    return Transition(voided, asked, (entry,))


def _reopen(
    case: Case, now: datetime, desk: Desk, *, recallable: bool
) -> tuple[Case, frozenset[Letter], str]:
    """Return the case before the last decision, the letters to recall, and the state whose letter left."""
    if case.state in DECIDABLE - {State.ON_HOLD} and not case.first_approval and case.affiliation.call:
        return telephone.doubt(telephone.without_call(case, desk), now), frozenset(), ""
    reopened = awaiting_review(case, first_approval="", waits_since=now, invited_at=None)
    recalled = RECALLED.get(case.state)
    if recalled is None and case.state is not State.INVITED:
        return reopened, frozenset(), ""
    sent = "" if recallable else case.state.value
    used_up = replace(reopened, revision=case.revision + 1)
    return used_up, frozenset({recalled} if recalled else ()), sent


def undo(case: Case, event: Decide, now: datetime, desk: Desk) -> Transition:
    """Return the case to review and recall its queued letter; an applicant who got the letter is notified.

    The decision used up the requests that it answered, so everybody is asked again.
    """
    reopened, recalled, sent = _reopen(case, now, desk, recallable=event.recallable)
    entry = JournalEntry("decision.undo", event.by, {"was": case.state, "left": bool(sent)})
    told = (letters.to_applicant(reopened, Letter.REOPENED),) if sent else ()
    outgoing = (
        (
            *receipts(reopened, desk, "undo", event, to=event.by, left=sent),
            *letters.review_requests(reopened, desk, "undone", by=str(event.by), left=sent),
        )
        if reopened.revision != case.revision
        else receipts(reopened, desk, "undo", event)
    )
    return Transition(reopened, (*told, *outgoing), (entry,), recalled=recalled)


def receipts(
    case: Case,
    desk: Desk,
    what: str,
    event: Decide,
    leaves_at: datetime | None = None,
    to: Address | None = None,
    **more: object,
) -> tuple[OutgoingLetter, ...]:
    """Build the receipts for the decider and interested colleagues: what was done, and until when to undo."""
    until = leaves_at.isoformat() if leaves_at is not None and desk.undo_window else ""
    own = to or event.by
    others = [person for person in desk.staff if to is None and person.wants(case)]
    readers = [person for person in desk.staff if person.address.key == own.key or person in others]
    facts = {"what": what, "by": str(event.by), "leaves_at": until, "note": event.reply.note, **more}
    return letters.to_staff(case, Letter.DECISION_RECEIPT, readers, **facts)
