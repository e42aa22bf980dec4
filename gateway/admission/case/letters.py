"""Builds the letters, with the facts that their templates may use.

Facts are plain JSON values taken when the letter is queued, so that a letter says what was true then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from gateway.admission.application.items.fields import Form
from gateway.admission.application.items.labels import Item
from gateway.admission.case import deadlines
from gateway.admission.case.model import (
    STATE_WORDS,
    Background,
    Case,
    Desk,
    Letter,
    OutgoingLetter,
    Role,
    Staff,
    State,
    find_attention,
)
from gateway.mail.address import Address, person_key
from gateway.mail.text import is_english
from gateway.printing.statement import Statement

_STOP_ASKED = Statement("stop_asked")
_ALL = 100  # percent of the promised time


def case_facts(case: Case) -> dict[str, object]:
    """Return the facts about a case for every letter."""
    return {
        "number": case.number,
        "applicant": str(case.applicant),
        "state": case.state.value,
        "state_words": STATE_WORDS[case.state],
        "form": form_facts(case.form),
        "english_first": is_english(case.form.organisation, case.form.department, case.form.name),
        "due_on": case.due_on.isoformat(),
        "opened_at": case.opened_at.isoformat(),
        "background": {name: getattr(case.background, name) for name in Background.__slots__},
        "register_name": case.background.register_name,
        "attention": attention_facts(case),
        "confirmed_by": case.confirmed_by,
        "confirmed_formerly": case.confirmed_formerly,
        "affiliation": affiliation_facts(case),
        "decided_by": case.decided_by,
        "decided_at": case.decided_at.isoformat() if case.decided_at else "",
        "reason": case.reason,
        "handler": case.handler,
        "question": case.question,
        "held_until": case.held_until.isoformat() if case.held_until else "",
    }


def memo_facts(case: Case) -> dict[str, object]:
    """Return the notes of the staff, for the staff only, oldest first."""
    return {"memos": [{"by": one.by, "noted_at": one.at.isoformat(), "text": one.text} for one in case.memos]}


def attention_facts(case: Case) -> dict[str, object]:
    """Return the result of the automatic checks, for the staff: level, points to check, notes."""
    found = find_attention(case)
    return {"level": found.level.value, "points": list(found.points), "notes": list(found.notes)}


def affiliation_facts(case: Case) -> dict[str, object]:
    """Return who was asked about the affiliation, the answers, and who telephoned; for the staff."""
    known = case.affiliation
    shown = ("organisation", "answer", "grade", "words", "counts")
    return {
        "checks": [
            {
                "address": str(check.address),
                "flags": list(check.flags),
                **{name: getattr(check, name) for name in shown},
            }
            for check in known.checks
        ],
        "call": call_facts(case),
    }


def call_facts(case: Case) -> dict[str, object]:
    """Return who telephoned about the affiliation and what was noted; empty if nobody did."""
    call = case.affiliation.call
    return {"by": call.by, "note": call.note, "called_at": call.at.isoformat()} if call else {}


def affiliation_check(case: Case, to: Address, occasion: str) -> OutgoingLetter:
    """Build the question to a colleague, which discloses only name and organisation.

    `occasion` is first, reminder or unread.
    """
    asked = {"name": case.form.name, "organisation": case.form.organisation}
    return OutgoingLetter(
        Letter.AFFILIATION_CHECK, to, {"number": case.number, "occasion": occasion, "asked_about": asked}
    )


def form_facts(form: Form) -> dict[str, str]:
    """Return the form as it is quoted in letters."""
    return {name: str(getattr(form, name)) for name in Form.__slots__}


def handoff_facts(facts: Mapping[str, Any], key: str) -> dict[str, object]:
    """Return the data for the invitation sender, from the facts of an invitation.

    `key` distinguishes a repeated delivery from a new invitation.
    """
    form = facts["form"]
    return {
        "key": key,
        "case": facts["number"],
        "email": facts["applicant"],
        "name": form["name"],
        "organisation": form["organisation"],
        "department": form["department"],
        "approved_by": facts["decided_by"],
        "approved_at": facts["decided_at"],
    }


def to_applicant(
    case: Case,
    letter: Letter,
    *,
    not_before: datetime | None = None,
    closes_on: date | None = None,
    **facts: object,
) -> OutgoingLetter:
    """Build a letter to the applicant's authenticated address, never to one named in a text.

    `closes_on`: it is sent again, and says when the case will be closed.
    """
    again = {"closes_on": closes_on.isoformat()} if closes_on else {}
    return OutgoingLetter(letter, case.applicant, {**case_facts(case), **again, **facts}, not_before)


def to_staff(
    case: Case, letter: Letter, staff: Iterable[Staff], **facts: object
) -> tuple[OutgoingLetter, ...]:
    """Build one letter for each staff member, because each has a separate token."""
    return _to_each(staff, letter, {**case_facts(case), **memo_facts(case), **facts})


def _to_each(
    staff: Iterable[Staff], letter: Letter, facts: Mapping[str, object]
) -> tuple[OutgoingLetter, ...]:
    return tuple(
        OutgoingLetter(letter, person.address, {**facts, "to_name": person.name, "role": person.role.value})
        for person in staff
    )


def review_requests(
    case: Case, desk: Desk, occasion: str = "new", **facts: object
) -> tuple[OutgoingLetter, ...]:
    """Build the review requests to the staff who want them, except the applicant.

    Nobody decides their own application. `occasion` is why it is asked now: new, changed, confirmed, denied,
    unknown, answered, second, renewed, reissued, restored, due, hold_over or call_void.
    """
    overdue = occasion == "due" and facts.get("percent") == _ALL
    readers = _list_readers(case, desk, overdue=overdue)
    return to_staff(case, Letter.REVIEW_REQUEST, readers, occasion=occasion, **facts)


def _list_readers(case: Case, desk: Desk, *, overdue: bool = False) -> list[Staff]:
    """Return who is notified of a pending case, among those who may decide it; the digest goes to all."""
    barred = {case.applicant.person, person_key(case.second_look)}  # nobody decides in their own matter
    able = [person for person in desk.staff if person.address.person not in barred]
    present = [person for person in able if not person.is_away]
    if not any(person.role is Role.DECIDE for person in present):  # better a reminder too many than none
        present = [replace(person, is_away=False) for person in able]
    away = any(person.is_away and case.handler == str(person.address) for person in able)
    return [person for person in present if person.wants(case, overdue=overdue or away)]


def acknowledge_and_request_review(
    case: Case, letter: Letter, desk: Desk, occasion: str, **facts: object
) -> tuple[OutgoingLetter, ...]:
    """Build the letters about one change: `letter` to the applicant, and a review request to the staff.

    Only the review request contains `facts`.
    """
    told = {**case_facts(case), "occasion": occasion, "sender": desk.invites_by}
    if case.state is State.AWAITING_AFFILIATION:
        told["answer_by"] = deadlines.closing_date(case, desk).isoformat()
    shown = {**told, **memo_facts(case), **facts}
    asked = _to_each(_list_readers(case, desk), Letter.REVIEW_REQUEST, shown)
    return (OutgoingLetter(letter, case.applicant, told), *asked)


def notices(case: Case, desk: Desk, kind: str, **facts: object) -> tuple[OutgoingLetter, ...]:
    """Build a notice to all staff; `kind` selects the paragraph in templates/case_notice.txt.j2."""
    return to_staff(case, Letter.CASE_NOTICE, desk.staff, kind=kind, **facts)


def general_notices(desk: Desk, kind: str, **facts: object) -> tuple[OutgoingLetter, ...]:
    """Build a notice to all staff that belongs to no case."""
    return tuple(
        OutgoingLetter(
            Letter.CASE_NOTICE, person.address, {"number": "", "to_name": person.name, "kind": kind, **facts}
        )
        for person in desk.staff
    )


def missing_fields(
    case: Case, items: Iterable[Item], desk: Desk, closes_on: date | None = None
) -> OutgoingLetter:
    """Build the letter that asks for exactly these items, with the date by which to answer."""
    wanted = [item.value for item in items]
    by = deadlines.closing_date(case, desk).isoformat()
    return to_applicant(case, Letter.MISSING_FIELDS, closes_on=closes_on, missing=wanted, answer_by=by)


def unclear_decision(
    case: Case, to: Address, why: Statement, desk: Desk, unread: Sequence[str] = (), waits_until: str = ""
) -> OutgoingLetter:
    """Build the answer to an unclear reply: what was not understood, and the words that would be.

    Nothing was changed. `waits_until`: the letter of the last decision waits for an answer, at most until
    then.
    """
    member = desk.member(to)
    who = {"role": member.role.value if member else "", "to_name": member.name if member else ""}
    told = {"why": why, "unread": list(unread), "waits_until": waits_until}
    asks = {"stop_asked": why == _STOP_ASKED}
    return OutgoingLetter(Letter.UNCLEAR_DECISION, to, {**case_facts(case), **told, **asks, **who})
