"""Practice: a member answers a request about a sample case and is shown how the answer was understood.

The same functions parse the reply and carry it out on the sample case, which is then discarded: no real case
changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, date, datetime

from gateway.admission import business_days
from gateway.admission.application.items.fields import Category, Consent, Form
from gateway.admission.case import letters
from gateway.admission.case.events import Decide, Practise
from gateway.admission.case.model import (
    Background,
    Case,
    Desk,
    JournalEntry,
    Letter,
    OutgoingLetter,
    Staff,
    State,
    Transition,
)
from gateway.admission.case.transitions.office import staff
from gateway.admission.organisations.domains import DomainKind, Standing
from gateway.admission.replies.reading import Decision
from gateway.mail.address import parse
from gateway.printing.fields import Fact

CASE = Case(
    number="PRAC-T0",
    applicant=parse("renshu@example.jp"),  # reserved by RFC 6761 section 6.5
    form=Form(
        category=Category.LOCAL,
        organisation="見本市",
        department="総務課",
        name="見本 花子",
        consent=Consent.YES,
    ),
    background=Background(DomainKind.LOCAL_GOV_LG, Standing.OWN, "", (), "dmarc", ""),
    opened_at=datetime(2026, 1, 1, tzinfo=UTC),
    due_on=date(2026, 1, 1),
    state=State.UNDER_REVIEW,
)
# Decisions that pass the practice: a word about the case that was carried out.
_PASSING = frozenset({Decision.APPROVE, Decision.DECLINE, Decision.ASK, Decision.HOLD, Decision.TAKE})

_SHOWN = ("state", "state_words", "held_until")


def build_request(member: Staff, now: datetime, desk: Desk, *, welcome: bool = False) -> OutgoingLetter:
    """Build the practice request to one member.

    `welcome`: it is the first letter to a new member, and explains which letters will follow.
    """
    facts = {**_facts(member, now, desk), "welcome": welcome, "mail": member.mail.value}
    return OutgoingLetter(Letter.PRACTICE_REQUEST, member.address, facts)


def welcome(member: Staff, now: datetime, desk: Desk) -> Transition:
    """Build the one letter to a new member of the office."""
    entry = JournalEntry("staff.welcomed", detail={"to": member.address})
    return Transition(None, (build_request(member, now, desk, welcome=True),), (entry,))


def answer(event: Practise, now: datetime, desk: Desk) -> Transition:
    """Report how the reply was understood and authenticated, and what a real one would do."""
    member = desk.member(event.by)
    if member is None:
        return Transition(None)
    facts = {
        **_facts(member, now, desk),
        **_carry_out(event, now, desk),
        "passed": has_passed(event),
        "grade": event.grade,
        "word": event.reply.decision.value,
        "sentences": [asdict(sentence) for sentence in event.sentences],
    }
    detail: dict[str, Fact] = {"word": event.reply.decision, "passed": has_passed(event)}
    return Transition(
        None,
        (OutgoingLetter(Letter.PRACTICE_RESULT, event.by, facts),),
        (JournalEntry("practice.read", event.by, detail),),
    )


def has_passed(event: Practise) -> bool:
    """Return whether the reply was understood as a decision about the case."""
    return event.reply.decision in _PASSING


def _carry_out(event: Practise, now: datetime, desk: Desk) -> Mapping[str, object]:
    """Return what the same reply to a real request would have done, from the transition itself."""
    real = staff.decide(_case(now, desk), Decide(event.by, event.reply, CASE.revision, True), now, desk)
    asked_again = next((one for one in real.letters if one.letter is Letter.UNCLEAR_DECISION), None)
    why = asked_again.facts["why"] if asked_again else ""
    sent = [] if asked_again else [{"letter": one.letter.value, "to": str(one.to)} for one in real.letters]
    after = letters.case_facts(real.case) if real.case is not None else {}
    shown: dict[str, object] = {name: after[name] for name in _SHOWN if name in after}
    return {"why": why, "sent": sent, "note": event.reply.note, **shown}


def _case(now: datetime, desk: Desk) -> Case:
    today = business_days.tokyo_date(now)
    return replace(
        CASE, opened_at=now, due_on=business_days.add_business_days(today, desk.open_days, desk.closings)
    )


def _facts(member: Staff, now: datetime, desk: Desk) -> dict[str, object]:
    return {
        **letters.case_facts(_case(now, desk)),
        "to_name": member.name,
        "role": member.role.value,
    }
