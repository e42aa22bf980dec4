"""The only place where a case changes: `decide(case, intent, now, desk)` gives the step that follows.

Pure: the same arguments give the same step. What applicants can cause stands in `applicant`, what
staff can cause in `office`; the desk's settings come in as values.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from gateway.admission import applicant, letters, office
from gateway.admission.intent import (
    Apply,
    Confirm,
    Decide,
    Handed,
    Intent,
    Misuse,
    Note,
    Supplement,
    Unclear,
    Undelivered,
    Unknown,
    Withdraw,
)
from gateway.admission.model import (
    OPEN,
    STAFF_LETTERS,
    Case,
    Desk,
    Event,
    Letter,
    Owed,
    State,
    Step,
    moved,
)


def decide(  # noqa: C901, PLR0911, PLR0912 - one line an intent
    case: Case | None, intent: Intent, now: datetime, desk: Desk
) -> Step:
    """What `intent` does to `case` (None: the mail belongs to no case).

    An intent about a case that does not exist gives a step without a case and without letters.
    """
    match intent:
        case Apply():
            return applicant.apply(case, intent, now, desk)
        case Unknown():
            return Step(
                None, (Owed(Letter.HOW_TO_APPLY, intent.by, {}),), (Event("unknown", str(intent.by)),)
            )
        case Note():
            return Step(case, journal=(Event(f"note.{intent.kind}", detail={"why": intent.why}),))
    if case is None:
        return Step(None, journal=(Event("no_case", detail={"intent": type(intent).__name__.lower()}),))
    match intent:
        case Supplement():
            return applicant.supplement(case, intent, desk)
        case Withdraw():
            return applicant.withdraw(case, desk)
        case Confirm():
            return applicant.confirm(case, intent, desk)
        case Decide():
            return office.decide(case, intent, now, desk)
        case Unclear():
            journal = (Event("decision.unclear", str(intent.by), {"why": intent.why}),)
            return Step(case, (letters.unclear(case, intent.by, intent.why),), journal)
        case Misuse():
            owed = letters.notices(case, desk, "misuse", by=str(intent.by))
            return Step(case, owed, (Event("token.misuse", str(intent.by)),))
        case Undelivered():
            return _undelivered(case, intent, desk)
        case Handed():
            return _handed(case)
        case _:
            assert_never(intent)


def _undelivered(case: Case, intent: Undelivered, desk: Desk) -> Step:
    """A lost letter to the applicant stops an open case; a lost staff letter causes no other letter."""
    detail = {"letter": intent.letter.value, "to": str(intent.to), "cause": intent.cause}
    journal = (Event("letter.undelivered", detail=detail),)
    if intent.letter in STAFF_LETTERS:
        return Step(case, journal=journal)
    owed = letters.notices(case, desk, "undelivered", about=intent.letter.value, cause=intent.cause)
    stopped = case.state in OPEN or intent.letter is Letter.INVITATION
    return Step(moved(case, State.UNDELIVERABLE) if stopped else case, owed, journal)


def _handed(case: Case) -> Step:
    """Only an approved case becomes an invited one; a repeat changes nothing."""
    if case.state is not State.APPROVED:
        return Step(case, journal=(Event("invitation.repeated"),))
    return Step(replace(case, state=State.INVITED), journal=(Event("invitation.handed"),))
