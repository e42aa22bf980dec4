"""The commands that change a case without a mail: an admission taken back, an invitation used or sent again.

It comes through `gateway.store.commands.queue`, so what it holds is checked here as text from outside.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from gateway.admission.case.decide import decide
from gateway.admission.case.digest import reply as digest_reply
from gateway.admission.case.events import CaseEvent, Joined, Resend, Revoke, TakeBack
from gateway.admission.case.model import (
    ADMITTED,
    RECALLABLE_LETTERS,
    STATE_WORDS,
    Case,
    Desk,
    JournalEntry,
    State,
    Transition,
)
from gateway.admission.case.transitions import invitation, undoing
from gateway.mail.text import printable
from gateway.store import case_repository
from gateway.store.commands.queue import Handler, RefusedError, Request
from gateway.store.protocol import Transaction

REVOKE, JOINED, INVITE, UNDO = "case.revoke", "case.joined", "case.invite", "case.undo"
MAX_NUMBERS = 200
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

    def undo(tx: Transaction, request: Request, now: datetime) -> Mapping[str, object]:
        return _undo_many(tx, request, now, desk)

    return {REVOKE: revoke, JOINED: joined, INVITE: invite, UNDO: undo}


def _case(tx: Transaction, request: Request) -> Case:
    number = str(request.arguments.get("number", "")).upper()
    case = tx.case_by_number(number)
    if case is None:
        raise RefusedError(f"no case has the number {number!r}; gateway case list shows them")
    return case


def _undo_many(tx: Transaction, request: Request, now: datetime, desk: Desk) -> Mapping[str, object]:
    """Take the last word back in each case; one letter to each of the staff lists all of them."""
    given = request.arguments.get("numbers")
    if not isinstance(given, list) or not 0 < len(given) <= MAX_NUMBERS:
        raise RefusedError(f"numbers: allowed are 1 to {MAX_NUMBERS} numbers of cases")
    numbers = list(dict.fromkeys(str(number).upper() for number in given))
    done = [_undo_one(tx, number, request.by, now, desk) for number in numbers]
    if not any(one["is"] for one in done):
        raise RefusedError("nothing to undo in any of them; gateway case show NUMBER tells how each stands")
    told = digest_reply.list_undone([(str(one["number"]), bool(one["is"])) for one in done], request.by, desk)
    entry = JournalEntry("case.undo", request.by, {"cases": [one["number"] for one in done if one["is"]]})
    case_repository.enqueue(tx, None, Transition(None, told, (entry,)), now, None, desk.caps)
    return {"cases": done}


def _undo_one(tx: Transaction, number: str, by: str, now: datetime, desk: Desk) -> dict[str, str]:
    """What became of one case: its states before and after (empty: nothing was done) and its letter."""
    case = tx.case_by_number(number)
    if case is None or not undoing.is_decided(case):
        return {"number": number, "was": case.state.value if case else "", "is": "", "letter": ""}
    recallable = tx.can_recall(case.id, RECALLABLE_LETTERS)
    applied = _apply_event(tx, case, TakeBack(by, recallable), now, desk)
    has_letter = case.state in {*undoing.RECALLED, State.INVITED}
    letter = ("recalled" if recallable else "had left") if has_letter else ""
    return {"number": number, "was": str(applied["was"]), "is": str(applied["is"]), "letter": letter}


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
