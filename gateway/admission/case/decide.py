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
    Confirm,
    Decide,
    Elapsed,
    Handed,
    Intent,
    Joined,
    Misuse,
    Note,
    Overview,
    Resend,
    Revoke,
    Supplement,
    Unclear,
    Undelivered,
    Unknown,
    Withdraw,
)
from gateway.admission.case.model import (
    DECIDABLE,
    OPEN,
    STAFF_LETTERS,
    Case,
    Desk,
    Event,
    Letter,
    Owed,
    State,
    Step,
    waiting,
)
from gateway.admission.case.transitions import applicant, deadline, invitation, staff


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
        case Overview():
            return digest.asked(case, intent, now, desk)
        case Misuse():
            return _misuse(case, intent, desk)
        case Undelivered():
            return _undelivered(case, intent, now, desk)
    if case is None:
        return Step(None, journal=(Event("no_case", detail={"intent": type(intent).__name__.lower()}),))
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
            journal = (Event("decision.unclear", str(intent.by), {"why": intent.why}),)
            return Step(case, (letters.unclear(case, intent.by, intent.why, desk),), journal)
        case Revoke():
            return staff.revoke(case, intent, now, desk)
        case Elapsed():
            return deadline.elapsed(case, intent, now, desk)
        case Handed():
            return invitation.handed(case, now, desk)
        case Joined():
            return invitation.joined(case, intent)
        case Resend():
            return invitation.resend(case, intent, now)
        case _:
            assert_never(intent)


def _misuse(case: Case | None, intent: Misuse, desk: Desk) -> Step:
    """Tell the staff; whom the token was given to gets a new one, because the old one is worth nothing."""
    journal = (Event("token.misuse", str(intent.by), {"of": str(intent.of or "")}),)
    if case is None:
        return Step(None, letters.notices_about_none(desk, "misuse", by=str(intent.by)), journal)
    owed = letters.notices(case, desk, "misuse", by=str(intent.by))
    holder = desk.member(intent.of) if intent.of else None
    if holder and case.state in DECIDABLE and holder.address.key != case.applicant.key:
        owed += letters.to_staff(case, Letter.REVIEW_REQUEST, [holder], occasion="renewed")
    return Step(case, owed, journal)


def _undelivered(case: Case | None, intent: Undelivered, now: datetime, desk: Desk) -> Step:
    """A lost letter to the applicant stops an open case; a lost staff letter causes no other letter."""
    detail = {"letter": intent.letter.value, "to": str(intent.to), "cause": intent.cause}
    journal = (Event("letter.undelivered", detail=detail),)
    # Once told is enough: reports may come by the thousand, and about a state that is known.
    if case is None or intent.letter in STAFF_LETTERS or case.state is State.UNDELIVERABLE:
        return Step(case, journal=journal)
    owed = letters.notices(case, desk, "undelivered", about=intent.letter.value, cause=intent.cause)
    stopped = case.state in OPEN or intent.letter is Letter.INVITATION
    return Step(waiting(case, State.UNDELIVERABLE, now) if stopped else case, owed, journal)
