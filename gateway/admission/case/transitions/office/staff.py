"""Carries out a staff reply: decide, ask, hold, undo, take, look; any other reply changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gateway.admission import business_days
from gateway.admission.authority.brakes import Brake
from gateway.admission.case import letters
from gateway.admission.case.events import Decide, Joined, Resend, Revoke
from gateway.admission.case.model import (
    ADMITTED,
    DECIDABLE,
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
from gateway.admission.case.own_person import find_tie
from gateway.admission.case.transitions import inquiry, telephone
from gateway.admission.case.transitions import invitation as invitations
from gateway.admission.case.transitions.office import (
    deciding,
    handling,
    undoing,
    watching,
)
from gateway.admission.case.transitions.office.undoing import receipts
from gateway.admission.replies.notes import snippets
from gateway.admission.replies.notes.hold_date import can_hold_until
from gateway.admission.replies.reading import Decision
from gateway.mail.address import person_key
from gateway.printing.outside import Outside
from gateway.printing.statement import Statement

_INVITING = frozenset({Decision.JOINED, Decision.RESEND})
_QUESTIONS = frozenset({Decision.STATUS, Decision.HELP})
_EMERGENCIES = frozenset({Decision.STOP, Decision.RESUME})
# Decisions that the member who declined may not make in the second look at the case.
_OF_THE_OTHERS = frozenset({Decision.APPROVE, Decision.DECLINE, Decision.ASK, Decision.HOLD})
_ABOUT_NO_CASE = _EMERGENCIES | {Decision.NONE, Decision.LIST, Decision.HANDOVER}
# What each role may do besides asking for status and help.
_ALLOWED_DECISIONS = {
    Role.DECIDE: frozenset(Decision),
    Role.ASK: frozenset({Decision.ASK, Decision.TAKE, Decision.REPLY, Decision.MEMO}) | _QUESTIONS,
    Role.READ: _QUESTIONS,
}


def list_allowed(role: Role) -> frozenset[Decision]:
    """Return the words that a role may use."""
    return _ALLOWED_DECISIONS[role]


def decide(case: Case, event: Decide, now: datetime, desk: Desk) -> Transition:
    """Carry out a parsed reply. Author and token were checked before; here the case decides."""
    event = replace(event, reply=snippets.expand(event.reply, desk.snippets))
    done = watching.add_alarm(_decide(case, event, now, desk), case, event, desk)
    return watching.mark_web(done, event.by) if event.by_web else done


def _decide(  # noqa: PLR0911 - one line a kind of word
    case: Case, event: Decide, now: datetime, desk: Desk
) -> Transition:
    refusal = _refusal(case, event, now, desk)
    if refusal:
        return undoing.answer_unclear(case, event, refusal, desk)
    if undoing.is_second_word(case, event):
        return _replace_word(case, event, now, desk)
    if event.reply.decision in _QUESTIONS:
        return _send_status(case, event, desk)
    if event.reply.decision is Decision.UNDO:
        return undoing.undo(case, event, now, desk)
    if event.reply.decision in handling.WORDS:
        return handling.carry_out(case, event, now, desk)
    if event.reply.decision is Decision.TAKE:
        return _take(case, event, desk)
    if event.reply.decision in _INVITING:
        return _update_invitation(case, event, now, desk)
    if event.revision != case.revision:
        return _request_review_again(case, event, desk)
    return deciding.carry_out(case, event, now, desk)


def _replace_word(case: Case, event: Decide, now: datetime, desk: Desk) -> Transition:
    """Replace the same member's earlier decision, whose letter is still queued, by one with the code."""
    if event.reply.decision is Decision.APPROVE and case.state is State.APPROVED:
        leaves_at = max(now, (case.decided_at or now) + desk.undo_window)
        told = receipts(case, desk, "approve", event, leaves_at)
        return Transition(case, told, (JournalEntry("decision.confirmed", event.by),), postponed_to=leaves_at)
    reopened = awaiting_review(case, first_approval="", waits_since=now)
    transition = deciding.carry_out(reopened, event, now, desk)
    return replace(transition, recalled=transition.recalled | {undoing.RECALLED[case.state]})


def _refusal(  # noqa: PLR0911 - one line a kind of word
    case: Case, event: Decide, now: datetime, desk: Desk
) -> Statement | None:
    """Return the reason for the sender why the reply cannot be carried out; None if it can."""
    wanted = event.reply.decision
    if wanted in _ABOUT_NO_CASE:
        return Statement("stop_alone") if wanted in _EMERGENCIES else event.reply.why
    forbidden = _permission_refusal(case, event, desk)
    if forbidden or wanted in _QUESTIONS:
        return forbidden
    if wanted is Decision.UNDO:
        return undoing.find_refusal(case, event)
    if wanted in handling.WORDS:
        return handling.find_refusal(case, event)
    if wanted in _INVITING:
        refusal = invitations.joined_refusal if wanted is Decision.JOINED else invitations.resend_refusal
        return refusal(case)
    if case.state not in (OPEN if wanted is Decision.TAKE else DECIDABLE) and not undoing.is_second_word(
        case, event
    ):
        return _state_refusal(case)
    return (
        Statement("snippet_unknown") if snippets.is_number(event.reply) else _note_refusal(case, event, now)
    )


def _permission_refusal(case: Case, event: Decide, desk: Desk) -> Statement | None:
    """Return why this person may not use this word for this case now."""
    member = desk.member(event.by)
    if member is None or event.reply.decision not in _ALLOWED_DECISIONS[member.role]:
        return Statement("not_permitted")
    if (tie := find_tie(member, case)) is not None:
        return tie
    if event.reply.decision in _OF_THE_OTHERS and inquiry.is_excluded(case, str(event.by)):
        return Statement("second_look_other")
    if Brake.DECISIONS in desk.brakes and event.reply.decision not in _QUESTIONS | {Decision.UNDO}:
        return Statement("paused")
    return None


def _note_refusal(case: Case, event: Decide, now: datetime) -> Statement | None:
    """Return what is missing in a reply whose word needs a text or a date."""
    wanted, note = event.reply.decision, event.reply.note
    if wanted is Decision.DECLINE and not note:
        return Statement("reason_wanted")
    if wanted is Decision.ASK and not note:
        return Statement("question_wanted")
    if wanted is Decision.AFFILIATED:
        return telephone.call_refusal(case, note)
    if wanted is Decision.APPROVE and person_key(case.first_approval) == event.by.person:
        return Statement("second_wanted")
    today = business_days.tokyo_date(now)
    day = event.reply.until if wanted is Decision.HOLD else None
    if day is not None and not can_hold_until(day, today):
        return Statement("day_out_of_range")
    return None


def _request_review_again(case: Case, event: Decide, desk: Desk) -> Transition:
    """Ask again because the content has changed: nobody approves what they have not seen."""
    member = desk.member(event.by)
    shown = letters.to_staff(case, Letter.REVIEW_REQUEST, [member] if member else [], occasion="changed")
    entry = JournalEntry("decision.outdated", event.by, {"shown": event.revision, "now": case.revision})
    return Transition(case, shown, (entry,))


def _state_refusal(case: Case) -> Statement:
    if case.decided_by and case.decided_at is not None:
        return Statement("decided", by=case.decided_by, at=case.decided_at.isoformat())
    if case.question:
        return Statement("asked")
    return Statement("not_decidable")


def _take(case: Case, event: Decide, desk: Desk) -> Transition:
    """Set the handler of the case; anybody may still decide it."""
    taken = replace(case, handler=str(event.by))
    return Transition(taken, receipts(taken, desk, "take", event), (JournalEntry("case.taken", event.by),))


def _update_invitation(case: Case, event: Decide, now: datetime, desk: Desk) -> Transition:
    """Record that an invitation was used, or send it again."""
    by, what = str(event.by), event.reply.decision
    again = what is Decision.RESEND
    transition = (
        invitations.resend(case, Resend(by), now) if again else invitations.record_joined(case, Joined(by))
    )
    told = receipts(transition.case, desk, what.value, event) if transition.case is not None else ()
    return replace(transition, letters=(*transition.letters, *told))


def revoke(case: Case, event: Revoke, now: datetime, desk: Desk) -> Transition:
    """Revoke an admission after its letter was sent; tell the staff what to do manually."""
    if case.state not in ADMITTED:
        return Transition(case)
    taken = replace(case, state=State.DECLINED, decided_by=event.by, decided_at=now, reason=event.reason)
    entry = JournalEntry(
        "decision.revoke", Outside(event.by), {"was": case.state, "reason": Outside(event.reason)}
    )
    left = "" if event.recallable else case.state.value
    outgoing = letters.notices(taken, desk, "revoked", by=event.by, was=case.state.value, left=left)
    return Transition(taken, outgoing, (entry,), recalled=frozenset({Letter.INVITATION}))


def _send_status(case: Case, event: Decide, desk: Desk) -> Transition:
    member = desk.member(event.by)
    asked = event.reply.decision.value
    known = {"snippets": dict(desk.snippets)} if event.reply.decision is Decision.HELP else {}
    outgoing = letters.to_staff(case, Letter.CASE_STATUS, [member] if member else [], asked=asked, **known)
    return Transition(case, outgoing, (JournalEntry("case.shown", event.by),))
