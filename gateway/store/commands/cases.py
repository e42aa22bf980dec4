"""Commands that change a case without a new mail.

They revoke an approval, record a used invitation, send an invitation again, undo decisions, or open a case
for a mail that nobody was notified of. Requests come through `gateway.store.commands.requests`, so their
content is validated here as untrusted input.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

import msgspec

from gateway.admission.application.items.fields import Form
from gateway.admission.authority import tokens
from gateway.admission.case.decide import decide
from gateway.admission.case.digest import reply as digest_reply
from gateway.admission.case.events import Apply, CaseEvent, Joined, Resend, Revoke, TakeBack
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
from gateway.admission.case.transitions import invitation
from gateway.admission.case.transitions.office import undoing
from gateway.admission.eligibility import assess
from gateway.admission.eligibility.assess import Rules
from gateway.admission.intake.applicants.applicant import read_own_form
from gateway.admission.intake.extract import extract_facts
from gateway.auth.results import Verdict
from gateway.mail.message import MalformedMessageError, parse
from gateway.mail.smtp.mailboxes import Purpose
from gateway.mail.text import printable
from gateway.printing.fields import slug
from gateway.printing.outside import Outside
from gateway.store.commands.requests import Handler, RefusedError, Request
from gateway.store.protocol import KeptMail, Transaction
from gateway.store.repositories import case_repository

REVOKE, JOINED, INVITE, UNDO = "case.revoke", "case.joined", "case.invite", "case.undo"
MAX_NUMBERS = 200
TAKE = "mail.take"
MAX_REASON = 1_000
_NUMBER_BYTES = 8
_MAX_ID = 2**63
NOBODY_INVITED = "no invitation was sent"
NOT_APPROVED = "only an approved person can get a new invitation"
_NOT_JOINED = {State.JOINED: "already recorded; nothing to do"}
_NOT_AGAIN = {
    State.JOINED: "the person has joined and needs no invitation",
    State.APPROVED: "the invitation has not been sent yet; gateway outbox list shows when it will be",
}


def build_handlers(desk: Desk) -> Mapping[str, Handler]:
    """Return the handlers of the writing commands of `gateway case`, by name."""

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


def build_mail_handlers(desk: Desk, rules: Callable[[], Rules]) -> Mapping[str, Handler]:
    """Return the handler of the writing command of `gateway mail`, by name."""

    def take(tx: Transaction, request: Request, now: datetime) -> Mapping[str, object]:
        return _take(tx, request, now, desk, rules())

    return {TAKE: take}


def _take(tx: Transaction, request: Request, now: datetime, desk: Desk, rules: Rules) -> Mapping[str, object]:
    """Read a kept mail again and open its author's case, as if it had not been marked as automatic."""
    kept = _kept_mail(tx, request)
    form = _read_application(tx, kept)
    verdict = msgspec.json.decode(kept.verdict, type=Verdict)
    number = case_repository.free_number(tx, _make_number(), _make_number)
    event = Apply(kept.author, form, assess.build_background(verdict, rules), number)
    before = tx.latest_case(kept.author)
    transition = decide(before, event, now, desk)
    entry = JournalEntry("mail.taken", Outside(request.by), {"mail": kept.id})
    noted = replace(transition, journal=(entry, *transition.journal))
    after = case_repository.save(tx, before, noted)
    case_repository.enqueue(tx, after, noted, now, kept.id, desk.caps)
    tx.mark_unheard(kept.id, "")
    return {
        "mail": kept.id,
        "number": after.number if after else "",
        "is": after.state.value if after else "",
    }


def _kept_mail(tx: Transaction, request: Request) -> KeptMail:
    given = request.arguments.get("mail")
    kept = tx.unheard_mail(given) if isinstance(given, int) and 0 < given < _MAX_ID else None
    if kept is None:
        raise RefusedError(f"mail = {given!r}: gateway mail list shows the messages that can be processed")
    return kept


def _read_application(tx: Transaction, kept: KeptMail) -> Form:
    try:
        read = extract_facts(parse(kept.raw), kept.author, Purpose.REQUEST, null_reverse_path=False)
    except MalformedMessageError as error:
        raise RefusedError(f"message {kept.id} can no longer be parsed: {error}") from error
    form = read_own_form(read, case_repository.load_told_lines(tx, kept.author))
    if form.is_empty:
        raise RefusedError(
            f"message {kept.id} contains no form fields, or its text was not kept; ask {kept.author} "
            f"to send the form"
        )
    return form


def _make_number() -> str:
    return tokens.make_number(secrets.token_bytes(_NUMBER_BYTES))


def _case(tx: Transaction, request: Request) -> Case:
    number = str(request.arguments.get("number", "")).upper()
    case = tx.case_by_number(number)
    if case is None:
        raise RefusedError(f"there is no case {number!r}; see gateway case list")
    return case


def _undo_many(tx: Transaction, request: Request, now: datetime, desk: Desk) -> Mapping[str, object]:
    """Undo the last decision in each case; one letter to each staff member lists all of them."""
    given = request.arguments.get("numbers")
    if not isinstance(given, list) or not 0 < len(given) <= MAX_NUMBERS:
        raise RefusedError(f"numbers: expected 1 to {MAX_NUMBERS} case numbers")
    numbers = list(dict.fromkeys(str(number).upper() for number in given))
    done = [_undo_one(tx, number, request.by, now, desk) for number in numbers]
    if not any(one["is"] for one in done):
        raise RefusedError("nothing to undo in these cases; for their state, see gateway case show NUMBER")
    listed = ((str(one["number"]), bool(one["is"])) for one in done)
    told = digest_reply.list_undone(
        [(number, is_undone, tx.case_by_number(number)) for number, is_undone in listed], request.by, desk
    )
    undone = tuple(slug(str(one["number"])) for one in done if one["is"])
    entry = JournalEntry("case.undo", Outside(request.by), {"cases": undone})
    case_repository.enqueue(tx, None, Transition(None, told, (entry,)), now, None, desk.caps)
    return {"cases": done}


def _undo_one(tx: Transaction, number: str, by: str, now: datetime, desk: Desk) -> dict[str, str]:
    """Undo one case; return its states before and after (empty: nothing was done) and its letter's fate."""
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
        raise RefusedError(
            f"{number} is {case.state.value} ({STATE_WORDS[case.state]}): there is nothing to revoke"
        )
    if not reason:
        raise RefusedError("reason = '': expected a reason")
    event = Revoke(request.by, reason, recallable=tx.can_recall(case.id, RECALLABLE_LETTERS))
    transition = decide(case, event, now, desk)
    case_repository.enqueue(tx, case_repository.save(tx, case, transition), transition, now, None, desk.caps)
    return {"number": number, "was": case.state.value, "reason": reason}
