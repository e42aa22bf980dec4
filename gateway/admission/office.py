"""What a staff member's reply does: approve, decline with a reason, take back; all else changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gateway.admission import letters
from gateway.admission.decision import Decision
from gateway.admission.intent import Decide
from gateway.admission.model import (
    DECIDABLE,
    Case,
    Desk,
    Event,
    Letter,
    Owed,
    State,
    Step,
    moved,
)


def decide(case: Case, intent: Decide, now: datetime, desk: Desk) -> Step:
    """Carry out a reading. Who wrote and with whose token is settled before; here the case decides."""
    refusal = _refusal(case, intent)
    if refusal:
        event = Event("decision.unclear", str(intent.by), {"why": refusal})
        return Step(case, (letters.unclear(case, intent.by, refusal),), (event,))
    if intent.reading.decision is not Decision.UNDO and intent.revision != case.revision:
        return _shown_again(case, intent, desk)
    if intent.reading.decision is Decision.UNDO:
        return _undo(case, intent, desk)
    if intent.reading.decision is Decision.APPROVE:
        return _approve(case, intent, now, desk)
    return _decline(case, intent, now, desk)


def _refusal(case: Case, intent: Decide) -> str:
    """Why the reply cannot be carried out, for the person who sent it; empty when it can."""
    reading = intent.reading
    if reading.decision not in {Decision.APPROVE, Decision.DECLINE, Decision.UNDO}:
        return reading.why
    if intent.by.key == case.applicant.key:
        return "ご自身の申請についての判断は受け付けません"
    if reading.decision is Decision.UNDO:
        return _undo_refusal(case, intent)
    if case.state not in DECIDABLE:
        return _too_late(case)
    if reading.decision is Decision.DECLINE and not reading.note:
        return "却下には理由が必要です。「却下」の次の行に、申請者に伝える理由を書いてください"
    return ""


def _shown_again(case: Case, intent: Decide, desk: Desk) -> Step:
    """The content changed after it was shown: nobody approves what they have not seen."""
    member = desk.member(intent.by)
    shown = letters.to_staff(case, Letter.REVIEW_REQUEST, [member] if member else [], occasion="changed")
    event = Event("decision.outdated", str(intent.by), {"shown": intent.revision, "now": case.revision})
    return Step(case, shown, (event,))


def _undo_refusal(case: Case, intent: Decide) -> str:
    if case.state not in {State.APPROVED, State.DECLINED, State.INVITED}:
        return "取り消せる判断がありません"
    return "" if intent.recallable else "申請者への手紙の送信が始まっているため、取り消せません"


def _too_late(case: Case) -> str:
    if case.decided_by:
        return f"この件は、すでに {case.decided_by} が判断しています"
    return "この件は、いま判断できる状態にありません"


def _approve(case: Case, intent: Decide, now: datetime, desk: Desk) -> Step:
    approved = replace(case, state=State.APPROVED, decided_by=str(intent.by), decided_at=now, reason="")
    leaves_at = now + desk.undo_window
    invitation = letters.to_applicant(approved, Letter.INVITATION, not_before=leaves_at)
    event = Event("decision.approve", str(intent.by), {"revision": intent.revision})
    return Step(approved, (invitation, *_receipts(approved, desk, leaves_at)), (event,))


def _decline(case: Case, intent: Decide, now: datetime, desk: Desk) -> Step:
    declined = replace(
        case, state=State.DECLINED, decided_by=str(intent.by), decided_at=now, reason=intent.reading.note
    )
    leaves_at = now + desk.undo_window
    letter = letters.to_applicant(declined, Letter.DECLINE, not_before=leaves_at)
    event = Event("decision.decline", str(intent.by), {"reason": intent.reading.note})
    return Step(declined, (letter, *_receipts(declined, desk, leaves_at)), (event,))


def _undo(case: Case, intent: Decide, desk: Desk) -> Step:
    """Back to review; the letter that has not left yet never will."""
    reopened = replace(moved(case, State.UNDER_REVIEW), decided_by="", decided_at=None, reason="")
    owed = letters.to_staff(reopened, Letter.DECISION_RECEIPT, desk.staff, by=str(intent.by), leaves_at="")
    recalled = Letter.INVITATION if case.state is State.APPROVED else Letter.DECLINE
    event = Event("decision.undo", str(intent.by), {"was": case.state.value})
    return Step(reopened, owed, (event,), recalled=frozenset({recalled}))


def _receipts(case: Case, desk: Desk, leaves_at: datetime) -> tuple[Owed, ...]:
    """To the decider and all colleagues: what was done, and until when it can be taken back."""
    until = leaves_at.isoformat() if desk.undo_window else ""
    return letters.to_staff(case, Letter.DECISION_RECEIPT, desk.staff, by=case.decided_by, leaves_at=until)
