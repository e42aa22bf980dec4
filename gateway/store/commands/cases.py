"""The commands that change a case without a mail: an admission taken back, an invitation used or sent again.

It comes through `gateway.store.commands.queue`, so what it holds is checked here as text from outside.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from gateway.admission.case.decide import decide
from gateway.admission.case.events import CaseEvent, Joined, Resend, Revoke
from gateway.admission.case.model import ADMITTED, STATE_WORDS, Case, Desk, State
from gateway.admission.case.transitions import invitation
from gateway.mail.text import printable
from gateway.store import case_repository
from gateway.store.commands.queue import Handler, RefusedError, Request
from gateway.store.protocol import Transaction

REVOKE, JOINED, INVITE = "case.revoke", "case.joined", "case.invite"
MAX_REASON = 1_000
NOBODY_INVITED = "nobody was invited who could have joined"
NOT_APPROVED = "only somebody who was approved can get a new invitation"
_NOT_JOINED = {State.JOINED: "that is recorded already; nothing to do"}
_NOT_AGAIN = {
    State.JOINED: "who has joined needs no invitation",
    State.APPROVED: "its invitation has not left yet; gateway outbox list shows when it does",
}


def build_handlers(desk: Desk) -> Mapping[str, Handler]:
    """The commands of `gateway case` that write, by name."""

    def revoke(tx: Transaction, request: Request, now: datetime) -> Mapping[str, object]:
        return _revoke(tx, request, now, desk)

    def joined(tx: Transaction, request: Request, now: datetime) -> Mapping[str, object]:
        case = _case(tx, request)
        if invitation.joined_refusal(case):
            raise RefusedError(f"{_state(case)}: {_NOT_JOINED.get(case.state, NOBODY_INVITED)}")
        return _apply_event(tx, case, Joined(request.by), now, desk)

    def invite(tx: Transaction, request: Request, now: datetime) -> Mapping[str, object]:
        case = _case(tx, request)
        if invitation.resend_refusal(case):
            raise RefusedError(f"{_state(case)}: {_NOT_AGAIN.get(case.state, NOT_APPROVED)}")
        return _apply_event(tx, case, Resend(request.by), now, desk)

    return {REVOKE: revoke, JOINED: joined, INVITE: invite}


def _case(tx: Transaction, request: Request) -> Case:
    number = str(request.arguments.get("number", "")).upper()
    case = tx.case_by_number(number)
    if case is None:
        raise RefusedError(f"no case has the number {number!r}; gateway case list shows them")
    return case


def _state(case: Case) -> str:
    return f"{case.number} is {case.state.value} ({STATE_WORDS[case.state]})"


def _apply_event(
    tx: Transaction, case: Case, event: CaseEvent, now: datetime, desk: Desk
) -> Mapping[str, object]:
    transition = decide(case, event, now, desk)
    case_repository.enqueue(tx, case_repository.save(tx, case, transition), transition, now, None, desk.caps)
    return {
        "number": case.number,
        "was": case.state.value,
        "is": transition.case.state.value if transition.case else "",
    }


def _revoke(tx: Transaction, request: Request, now: datetime, desk: Desk) -> Mapping[str, object]:
    case, number = _case(tx, request), str(request.arguments.get("number", "")).upper()
    reason = printable(str(request.arguments.get("reason", "")), MAX_REASON)
    if case.state not in ADMITTED:
        raise RefusedError(f"{number} is {case.state.value} ({STATE_WORDS[case.state]}): nothing to revoke")
    if not reason:
        raise RefusedError("reason = '': allowed is a text that says why")
    transition = decide(case, Revoke(request.by, reason), now, desk)
    case_repository.enqueue(tx, case_repository.save(tx, case, transition), transition, now, None, desk.caps)
    return {"number": number, "was": case.state.value, "reason": reason}
